//! How a word lies in memory: byte order, the order of its halves, and how often it is repeated.

/// The order of a word's bytes in memory.
///
/// It is the page table's own, which is not always that of the processor: ppc book3s64 keeps its page tables big-endian
/// in little-endian kernels too.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum MemoryOrder {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
    /// A word of 64 bits kept as two of 32, each with the most significant byte first, and the low one in front.
    BigLowWordFirst,
}

impl MemoryOrder {
    /// The name, as vector files have it: `big`, `little`, `big-low-word-first`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Big => "big",
            Self::Little => "little",
            Self::BigLowWordFirst => "big-low-word-first",
        }
    }

    /// The word in four bytes or eight, as they lie in memory; `None` for another number of bytes.
    #[must_use]
    pub const fn word(self, bytes: &[u8]) -> Option<u64> {
        match (bytes.len(), bytes.first_chunk::<8>(), bytes.first_chunk::<4>()) {
            (8, Some(&eight), _) => Some(match self {
                Self::Big => u64::from_be_bytes(eight),
                Self::Little => u64::from_le_bytes(eight),
                Self::BigLowWordFirst => u64::from_be_bytes(eight).rotate_left(u32::BITS),
            }),
            (4, _, Some(&four)) => Some(match self {
                Self::Big | Self::BigLowWordFirst => u32::from_be_bytes(four) as u64,
                Self::Little => u32::from_le_bytes(four) as u64,
            }),
            _ => None,
        }
    }
}

impl core::fmt::Display for MemoryOrder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// How an entry of a page table lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Memory {
    /// The order of a word's bytes; of a variant that has kernels of both byte orders, in the usual ones.
    pub order: MemoryOrder,
    /// Whether a word of 64 bits is two of 32, the low one in front, in kernels of either byte order.
    pub pairs: bool,
    /// Whether kernels with some page size keep an entry as several identical words.
    pub repeated: Option<Repeated>,
}

/// An entry that is several identical words, one behind the other: the hardware walks the table of a smaller page size.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Repeated {
    /// log2 of the page size of the kernels that do so.
    pub page_shift: u32,
    /// How many words an entry is.
    pub copies: u32,
}

impl Memory {
    /// One word an entry, in this order.
    #[must_use]
    pub const fn new(order: MemoryOrder) -> Self {
        Self { order, pairs: matches!(order, MemoryOrder::BigLowWordFirst), repeated: None }
    }

    /// The same, with a word of 64 bits kept as two of 32, the low one in front: little-endian that makes no difference.
    #[must_use]
    pub const fn in_pairs(self) -> Self {
        Self { pairs: true, ..self }
    }

    /// The orders that kernels of either byte order have: little-endian first.
    #[must_use]
    pub const fn orders(&self) -> [MemoryOrder; 2] {
        [MemoryOrder::Little, if self.pairs { MemoryOrder::BigLowWordFirst } else { MemoryOrder::Big }]
    }

    /// The same, with an entry kept as so many identical words in kernels with this page size.
    #[must_use]
    pub const fn repeated(self, page_shift: u32, copies: u32) -> Self {
        Self { repeated: Some(Repeated { page_shift, copies }), ..self }
    }

    /// How many identical words make an entry in a kernel with pages of `1 << page_shift` bytes; 1 but for
    /// [`Memory::repeated`].
    #[must_use]
    pub const fn copies(&self, page_shift: u32) -> u32 {
        match self.repeated {
            Some(repeated) if repeated.page_shift == page_shift => repeated.copies,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_order_reads_its_own_bytes() {
        let eight = [5, 6, 7, 8, 1, 2, 3, 4];
        for (order, wide, narrow) in [
            (MemoryOrder::Big, 0x0506_0708_0102_0304, 0x0506_0708),
            (MemoryOrder::Little, 0x0403_0201_0807_0605, 0x0807_0605),
            (MemoryOrder::BigLowWordFirst, 0x0102_0304_0506_0708, 0x0506_0708),
        ] {
            assert_eq!((order.word(&eight), order.word(&eight[..4])), (Some(wide), Some(narrow)), "{order}");
        }
        assert_eq!(MemoryOrder::Big.word(&eight[..5]), None);
    }

    #[test]
    fn an_entry_is_one_word_but_for_one_page_size() {
        let memory = Memory::new(MemoryOrder::Big).repeated(14, 4);
        assert_eq!([12, 14, 16].map(|page_shift| memory.copies(page_shift)), [1, 4, 1]);
        assert_eq!(Memory::new(MemoryOrder::Big).copies(14), 1);
    }

    #[test]
    fn halves_are_in_order_with_either_byte_order() {
        use MemoryOrder::{Big, BigLowWordFirst, Little};
        for (memory, orders) in [
            (Memory::new(Little), [Little, Big]),
            (Memory::new(Big), [Little, Big]),
            (Memory::new(BigLowWordFirst), [Little, BigLowWordFirst]),
            (Memory::new(Little).in_pairs(), [Little, BigLowWordFirst]),
        ] {
            assert_eq!(memory.orders(), orders, "{memory:?}");
        }
    }

    #[test]
    fn orders_are_named_as_in_vector_files() {
        extern crate std;
        let orders = [MemoryOrder::Big, MemoryOrder::Little, MemoryOrder::BigLowWordFirst];
        let names = orders.map(|order| std::string::ToString::to_string(&order));
        assert_eq!(names, ["big", "little", "big-low-word-first"]);
    }
}
