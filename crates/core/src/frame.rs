//! Where a present word has its page frame number; data of each architecture's crate.

use crate::{Field, KernelRange, KernelVersion, Pattern};

/// What `pte_pfn()` (`arch/*/include/asm/pgtable.h`) reads in a present word, for one page size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Frame {
    /// log2 of the page size.
    pub page_shift: u32,
    /// The bits of the word that are the page frame number.
    pub field: Field,
    /// The words whose frame number is stored inverted, if there are any: those of a page that nobody may access, on x86
    /// (`protnone_mask`, against L1TF).
    pub inverted: Option<Pattern>,
    /// The words that this holds for; of others (a larger page in a PTE, memory of another processor family) nothing is
    /// said.
    pub only: Option<Pattern>,
    /// The kernels.
    pub kernels: KernelRange,
}

impl Frame {
    /// The frame number is in these bits, in kernels with pages of `1 << page_shift` bytes.
    #[must_use]
    pub const fn new(page_shift: u32, field: Field) -> Self {
        let kernels = KernelRange::since(KernelVersion::new(0, 0));
        Self { page_shift, field, inverted: None, only: None, kernels }
    }

    /// Inverted in words that match.
    #[must_use]
    pub const fn inverted_if(self, pattern: Pattern) -> Self {
        Self { inverted: Some(pattern), ..self }
    }

    /// For words that match only.
    #[must_use]
    pub const fn only_if(self, pattern: Pattern) -> Self {
        Self { only: Some(pattern), ..self }
    }

    /// For these kernels only.
    #[must_use]
    pub const fn in_kernels(self, kernels: KernelRange) -> Self {
        Self { kernels, ..self }
    }

    /// The page frame number in a present word; `None` for a word that this does not hold for.
    #[must_use]
    pub const fn of(&self, word: u64) -> Option<u64> {
        if let Some(only) = self.only
            && !only.matches(word)
        {
            return None;
        }
        let word = match self.inverted {
            Some(inverted) if inverted.matches(word) => !word,
            _ => word,
        };
        Some(self.field.gather(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_can_be_inverted_split_or_unknown() {
        let plain = Frame::new(12, Field::new(12, 40));
        assert_eq!(plain.of(0x1234_5067), Some(0x12345));
        let inverted = plain.inverted_if(Pattern::all_zeros(1));
        // The word of a kernel log, whose page dump said pfn 0x66567.
        assert_eq!((inverted.of(0x000f_ffff_99a9_8120), inverted.of(0x1234_5067)), (Some(0x66567), Some(0x12345)));
        let some = plain.only_if(Pattern::all_zeros(1 << 63));
        assert_eq!((some.of(0x1067), some.of(1 << 63 | 0x1067)), (Some(1), None));
    }
}
