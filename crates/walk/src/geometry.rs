//! How page tables are made, as data.

use swp_pte::{MemoryOrder, Pattern};

/// The most levels that any architecture has.
pub(crate) const MOST_LEVELS: usize = 5;

/// The page tables of an architecture in one of its modes.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    /// The name: `x86_64`, `arm64-4k-48`, `sv39`.
    pub name: &'static str,
    /// Bytes of an entry: 4 or 8.
    pub word_bytes: u64,
    /// The order of its bytes. An arm64 kernel can also be big-endian: see [`Geometry::in_order`].
    pub order: MemoryOrder,
    /// The tables, lowest level first; the first `levels` count.
    tables: [Table; MOST_LEVELS],
    /// The number of levels.
    levels: usize,
    /// Bits of an address that the tables look at. Above them an address of user space has zeros.
    pub address_bits: u32,
    /// The last address that can be user space's.
    pub last_user: u64,
    /// What the kernel's addresses have above the bits that the tables look at.
    pub kernel_above: u64,
    /// Whether one tree has both halves of the addresses, as on x86_64 and riscv: the highest bit is that of those above.
    pub halves: bool,
}

/// A level of the tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table {
    /// log2 of the bytes of address space behind an entry.
    pub shift: u32,
    /// log2 of the number of entries.
    pub index_bits: u32,
    /// What entries say.
    pub format: Format,
}

/// What the entries of a level say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Format {
    /// The word of an entry that says nothing at all.
    pub empty: Pattern,
    /// How an entry points at the next table; `None` at the lowest level.
    pub link: Option<Link>,
    /// The words that map a page at this level: any of them.
    pub leaf: &'static [Pattern],
    /// Where such a word has the page's address; bits inside of the page do not count.
    pub page: &'static [Piece],
}

/// How an entry points at the next table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// The words that do.
    pub pattern: Pattern,
    /// Where the table's address is in them.
    pub address: &'static [Piece],
    /// Which part of the table is there, where the entry says so.
    pub quarters: Option<Quarters>,
}

/// Some bits of a word, and where they go in an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The lowest bit in the word.
    pub bit: u32,
    /// The number of bits.
    pub len: u32,
    /// The lowest bit in the address.
    pub to: u32,
}

/// s390's table offset and table length (TF, TL): the first and the last quarter of a table that exist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quarters {
    /// The lowest bit of the two that give the first quarter; `None` if it is always the first of all.
    pub first_bit: Option<u32>,
    /// The lowest bit of the two that give the last quarter.
    pub last_bit: u32,
}

/// The table at the top, and which of its entries are there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Root {
    /// Its physical address.
    pub at: u64,
    /// The first entry.
    pub first: u64,
    /// The last entry; more than the table has is as good as all.
    pub last: u64,
}

impl Root {
    /// All of the table.
    #[must_use]
    pub const fn new(at: u64) -> Self {
        Self { at, first: 0, last: u64::MAX }
    }
}

/// The lowest bits set, also all 64.
pub(crate) const fn low_bits(bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}

impl Piece {
    /// Bits that are in the address where they are in the word.
    #[must_use]
    pub const fn same(bit: u32, len: u32) -> Self {
        Self { bit, len, to: bit }
    }

    /// Bits that go elsewhere.
    #[must_use]
    pub const fn moved(bit: u32, len: u32, to: u32) -> Self {
        Self { bit, len, to }
    }
}

/// The address in a word.
pub(crate) fn address(pieces: &[Piece], word: u64) -> u64 {
    pieces.iter().fold(0, |address, piece| address | (word >> piece.bit & low_bits(piece.len)) << piece.to)
}

impl Format {
    /// Whether a word maps a page at this level.
    #[must_use]
    pub fn is_leaf(&self, word: u64) -> bool {
        self.leaf.iter().any(|pattern| pattern.matches(word))
    }

    /// The table that a word points at.
    #[must_use]
    pub fn table(&self, word: u64) -> Option<Root> {
        let link = self.link.filter(|link| link.pattern.matches(word))?;
        let at = address(link.address, word);
        Some(match link.quarters {
            None => Root::new(at),
            // 2048 entries have quarters of 512.
            Some(Quarters { first_bit, last_bit }) => Root {
                at,
                first: first_bit.map_or(0, |bit| (word >> bit & 3) * 512),
                last: (word >> last_bit & 3) * 512 + 511,
            },
        })
    }
}

impl Table {
    /// A level.
    #[must_use]
    pub const fn new(shift: u32, index_bits: u32, format: Format) -> Self {
        Self { shift, index_bits, format }
    }

    /// The index of an address.
    pub(crate) const fn index(&self, address: u64) -> u64 {
        address >> self.shift & low_bits(self.index_bits)
    }

    /// The last address behind the entry that an address is behind.
    pub(crate) const fn last_behind(&self, address: u64) -> u64 {
        address | low_bits(self.shift)
    }

    /// The first address behind an entry of the table that an address is in.
    pub(crate) const fn first_behind(&self, address: u64, index: u64) -> u64 {
        address & !low_bits(self.shift + self.index_bits) | index << self.shift
    }
}

impl Geometry {
    /// Tables of at most five levels, lowest first. User space has the lower half of the addresses, the kernel the upper.
    pub(crate) const fn new<const LEVELS: usize>(
        name: &'static str,
        word_bytes: u64,
        order: MemoryOrder,
        lowest_first: [Table; LEVELS],
    ) -> Self {
        let mut tables = [lowest_first[0]; MOST_LEVELS];
        let mut level = 0;
        while level < LEVELS {
            tables[level] = lowest_first[level];
            level += 1;
        }
        let top = lowest_first[LEVELS - 1];
        let address_bits = top.shift + top.index_bits;
        let last_user = low_bits(address_bits - 1);
        let kernel_above = !low_bits(address_bits);
        Self { name, word_bytes, order, tables, levels: LEVELS, address_bits, last_user, kernel_above, halves: true }
    }

    /// With all of a tree for one of the two, whose addresses have this above the bits of the tables, or with nothing above.
    /// User space ends at an address.
    pub(crate) const fn whole(self, last_user: u64, kernel_above: u64) -> Self {
        Self { last_user, kernel_above, halves: false, ..self }
    }

    /// With entries in another byte order.
    #[must_use]
    pub const fn in_order(self, order: MemoryOrder) -> Self {
        Self { order, ..self }
    }

    /// The number of levels, 2 to 5.
    #[must_use]
    pub const fn levels(&self) -> usize {
        self.levels
    }

    /// A level, 1 being the lowest; `None` above the top.
    #[must_use]
    pub fn table(&self, level: usize) -> Option<&Table> {
        self.tables.get(..self.levels)?.get(level.checked_sub(1)?)
    }

    /// log2 of the page size.
    #[must_use]
    pub const fn page_shift(&self) -> u32 {
        self.tables[0].shift
    }

    /// Whether an address is one that the tables can have.
    #[must_use]
    pub const fn is_canonical(&self, address: u64) -> bool {
        let above = address & !low_bits(self.address_bits);
        if self.halves {
            let upper = address >> (self.address_bits - 1) & 1 != 0;
            return above == if upper { self.kernel_above } else { 0 };
        }
        above == 0 || above == self.kernel_above
    }

    /// The kernel's name of a level: `pte`, `pmd`, `pud`, `p4d`, `pgd`.
    #[must_use]
    pub const fn level_name(level: usize) -> &'static str {
        match level {
            1 => "pte",
            2 => "pmd",
            3 => "pud",
            4 => "p4d",
            _ => "pgd",
        }
    }
}

/// The words that have these bits under a mask.
pub(crate) const fn masked(mask: u64, value: u64) -> Pattern {
    Pattern { mask, value }
}
