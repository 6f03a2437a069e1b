//! Who owns each bit of the word, and whether a layout is free of contradictions.

use super::{Flag, Layout, Reserved};

/// Who owns a bit of the word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim<'a> {
    /// Part of the swap type.
    Type,
    /// Part of the swap offset.
    Offset,
    /// One of the three markers.
    Flag(Flag),
    /// The hardware or the kernel looks at it, or keeps it for itself.
    Reserved(&'a Reserved<'a>),
    /// Nobody: free for a marker.
    Unused,
}

/// A contradiction in a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Inconsistency {
    /// The word is neither 32 nor 64 bits wide.
    Width,
    /// Two of type, offset, markers and reserved bits share a bit.
    Overlap {
        /// The shared bits.
        bits: u64,
    },
    /// Something lies above the word.
    OutsideWord {
        /// Those bits.
        bits: u64,
    },
    /// The type field has fewer than the five bits that the core needs.
    TypeTooNarrow,
    /// A bit that is always 1, or that `pte_present` tests, or that `pte_none` ignores, is claimed by nobody: it
    /// needs a name and a reason among the reserved ones.
    Unexplained {
        /// Those bits.
        bits: u64,
    },
    /// A swap PTE could read as present: the bits that are always 1 match a pattern for present, or the entry or a
    /// marker can complete one.
    ReadsAsPresent,
}

impl<'a> Layout<'a> {
    /// The bits of one claim and of everything before it that must not overlap; const helper of [`Layout::check`].
    const fn add(sum: u64, bits: u64) -> Result<u64, Inconsistency> {
        if sum & bits == 0 { Ok(sum | bits) } else { Err(Inconsistency::Overlap { bits: sum & bits }) }
    }

    /// All bits of all reserved entries.
    #[must_use]
    pub const fn reserved_mask(&self) -> u64 {
        let mut mask = 0;
        let mut i = 0;
        while i < self.reserved.len() {
            mask |= self.reserved[i].bits;
            i += 1;
        }
        mask
    }

    /// The bits that nothing claims: free for a marker.
    #[must_use]
    pub const fn unused_mask(&self) -> u64 {
        let flags = self.flag_mask(Flag::Exclusive) | self.flag_mask(Flag::SoftDirty) | self.flag_mask(Flag::UffdWp);
        let entry = self.swp_type.mask() | self.swp_offset.mask();
        self.word_mask() & !(entry | flags | self.reserved_mask())
    }

    /// The owner of a bit.
    #[must_use]
    pub fn claim(&self, bit: u32) -> Claim<'a> {
        let mask = 1u64.checked_shl(bit).unwrap_or(0);
        if self.swp_type.mask() & mask != 0 {
            return Claim::Type;
        }
        if self.swp_offset.mask() & mask != 0 {
            return Claim::Offset;
        }
        if let Some(flag) = Flag::ALL.into_iter().find(|flag| self.flag_mask(*flag) & mask != 0) {
            return Claim::Flag(flag);
        }
        match self.reserved.iter().find(|reserved| reserved.bits & mask != 0) {
            Some(reserved) => Claim::Reserved(reserved),
            None => Claim::Unused,
        }
    }

    /// Whether the layout is free of contradictions; every backend asserts it at compile time.
    ///
    /// # Errors
    /// The first [`Inconsistency`] found.
    pub const fn check(&self) -> Result<(), Inconsistency> {
        if self.width != 32 && self.width != 64 {
            return Err(Inconsistency::Width);
        }
        if self.swp_type.max() < 31 {
            return Err(Inconsistency::TypeTooNarrow);
        }
        let mut sum = self.swp_type.mask();
        let mut parts = [self.swp_offset.mask(), 0, 0, 0];
        let mut i = 0;
        while i < Flag::ALL.len() {
            parts[i + 1] = self.flag_mask(Flag::ALL[i]);
            i += 1;
        }
        i = 0;
        while i < parts.len() {
            sum = match Self::add(sum, parts[i]) {
                Ok(sum) => sum,
                Err(error) => return Err(error),
            };
            i += 1;
        }
        let writable = sum;
        i = 0;
        while i < self.reserved.len() {
            sum = match Self::add(sum, self.reserved[i].bits) {
                Ok(sum) => sum,
                Err(error) => return Err(error),
            };
            i += 1;
        }
        if sum & !self.word_mask() != 0 {
            return Err(Inconsistency::OutsideWord { bits: sum & !self.word_mask() });
        }
        let mut looked_at = self.always_one | (self.word_mask() & !self.none.mask & !writable);
        i = 0;
        while i < self.present.len() {
            let present = self.present[i];
            looked_at |= present.mask;
            // The bits that a swap PTE can have at 1 must not suffice for a match.
            if present.value & !(writable | self.always_one) == 0 {
                return Err(Inconsistency::ReadsAsPresent);
            }
            i += 1;
        }
        if looked_at & !self.reserved_mask() != 0 {
            return Err(Inconsistency::Unexplained { bits: looked_at & !self.reserved_mask() });
        }
        Ok(())
    }
}
