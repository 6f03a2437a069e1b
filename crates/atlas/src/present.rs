//! Words that are present to the kernel although the hardware gets nothing out of them: a walk of page tables that only
//! looks at the hardware's valid bit takes them for holes or, worse, for swap PTEs.

use core::fmt::{Display, Formatter};

use swp_pte::{KernelVersion, PteKind};

use crate::Word;

/// Why the kernel keeps a page away from the hardware.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Nobody may access it: `mprotect(PROT_NONE)`, or NUMA balancing waits for the next access. The word is the same
    /// for both (`pte_protnone`); the VMA tells.
    ProtNone,
    /// The next access shall fault and mark the page young.
    NotYoung,
    /// The entry is being changed, and nobody shall use it meanwhile.
    Invalidated,
}

/// A reason, and the bit that gives it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PresentWhy {
    /// The reason.
    pub reason: Reason,
    /// The bit of the word that decided.
    pub bit: u32,
    /// The kernel's name for the bit.
    pub symbol: &'static str,
    /// Whether the bit is set or clear.
    pub set: bool,
}

impl Display for PresentWhy {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let reason = match self.reason {
            Reason::ProtNone => "PROT_NONE or NUMA hinting",
            Reason::NotYoung => "not young: the next access faults",
            Reason::Invalidated => "invalidated for an update",
        };
        let set = if self.set { "set" } else { "clear" };
        write!(f, "{reason} (bit {} {set}, {})", self.bit, self.symbol)
    }
}

impl Word {
    /// Why a present word is no usable mapping to the hardware; `None` if it is one, or if the word is not present.
    ///
    /// Sources: `pte_protnone`, `pte_present`, `pte_present_invalid`, `pte_mkold` in each architecture's
    /// `asm/pgtable.h`. 32-bit ppc and nohash64 never hide a present entry from the hardware.
    #[must_use]
    pub fn present_why(self) -> Option<PresentWhy> {
        if self.kind() != PteKind::Present {
            return None;
        }
        let source = self.row().layout().source;
        let since = |major, minor| source.kernels.first >= KernelVersion::new(major, minor);
        let bit = |bit: u32| self.bits() >> bit & 1 != 0;
        let why = |reason, bit, symbol, set| Some(PresentWhy { reason, bit, symbol, set });
        match source.arch {
            "x86_64" if !bit(0) => why(Reason::ProtNone, 8, "_PAGE_PROTNONE", true),
            "arm64" if !bit(0) && !since(6, 10) => why(Reason::ProtNone, 58, "PTE_PROT_NONE", true),
            // PTE_USER clear and PTE_UXN set: neither accessible nor executable for user space.
            "arm64" if !bit(0) && !bit(6) && bit(54) => why(Reason::ProtNone, 11, "PTE_PRESENT_INVALID", true),
            "arm64" if !bit(0) => why(Reason::Invalidated, 11, "PTE_PRESENT_INVALID", true),
            "s390" if !bit(4) => why(Reason::ProtNone, 4, "_PAGE_READ", false),
            "s390" if bit(10) && !bit(2) => why(Reason::NotYoung, 10, "_PAGE_INVALID", true),
            "s390" if bit(10) => why(Reason::Invalidated, 10, "_PAGE_INVALID", true),
            // Valid to the hardware, but without a right for anybody.
            "ppc" if source.variant.contains("book3s64") && bit(63) && self.bits() & 0b111 == 0 => {
                why(Reason::ProtNone, 2, "_PAGE_READ, as _PAGE_WRITE and _PAGE_EXEC", false)
            }
            "ppc" if source.variant.contains("book3s64") && !bit(63) => {
                why(Reason::Invalidated, 61, "_PAGE_INVALID", true)
            }
            "riscv" if !bit(0) && since(5, 17) => why(Reason::ProtNone, 5, "_PAGE_PROT_NONE", true),
            "riscv" if !bit(0) => why(Reason::ProtNone, 1, "_PAGE_PROT_NONE", true),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{find, newest, variants};

    fn why(variant: &str, kernel: &str, word: u64) -> Option<(Reason, u32)> {
        let word = find(variant, kernel.parse().unwrap()).unwrap().word(word).unwrap();
        word.present_why().map(|why| (why.reason, why.bit))
    }

    #[test]
    fn each_architecture_has_its_bit() {
        let mapped = |bits: u64| bits | 0x1234_5000;
        assert_eq!(why("x86_64", "6.12", mapped(0x100)), Some((Reason::ProtNone, 8)));
        assert_eq!(why("x86_64", "6.12", mapped(0x101)), None);
        assert_eq!(why("arm64", "6.1", mapped(1 << 58)), Some((Reason::ProtNone, 58)));
        assert_eq!(why("arm64", "6.12", mapped(1 << 54 | 1 << 11)), Some((Reason::ProtNone, 11)));
        assert_eq!(why("arm64", "6.12", mapped(1 << 54 | 1 << 11 | 1 << 6)), Some((Reason::Invalidated, 11)));
        assert_eq!(why("s390", "6.1", mapped(0x601)), Some((Reason::ProtNone, 4)));
        assert_eq!(why("s390", "6.1", mapped(0x611)), Some((Reason::NotYoung, 10)));
        assert_eq!(why("s390", "6.1", mapped(0x615)), Some((Reason::Invalidated, 10)));
        assert_eq!(why("s390", "6.1", mapped(0x215)), None);
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0x6 << 60 | 0b110)), Some((Reason::Invalidated, 61)));
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0xc << 60 | 0b1000)), Some((Reason::ProtNone, 2)));
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0xc << 60 | 0b100)), None);
        assert_eq!(why("riscv-rv64", "6.12", mapped(0x22)), Some((Reason::ProtNone, 5)));
        assert_eq!(why("riscv-rv32", "5.10", 0x2), Some((Reason::ProtNone, 1)));
    }

    #[test]
    fn only_present_words_have_one() {
        for variant in variants() {
            let row = newest(variant).unwrap();
            let entry = swp_pte::SwpEntry::from_parts(3, 0x41).unwrap();
            assert_eq!(row.encode(entry).unwrap().present_why(), None, "{variant}");
            assert_eq!(row.word(row.layout().none.value & row.layout().word_mask()).unwrap().present_why(), None);
        }
    }
}
