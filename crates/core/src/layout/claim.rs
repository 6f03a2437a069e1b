//! Who owns each bit of the word, and whether a layout is free of contradictions.

use super::{Flag, Layout, Reserved};
use crate::PteKind;

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
    /// Two of type, offset, markers and reserved bits share a bit. A reserved one may be a bit of a field that is only read.
    Overlap {
        /// The shared bits.
        bits: u64,
    },
    /// Something lies above the word.
    OutsideWord {
        /// Those bits.
        bits: u64,
    },
    /// The type field has fewer than the five bits that the core needs, and the encoder does not drop the others.
    TypeTooNarrow,
    /// A bit that the encoder drops has a place in the word, or one that makes the word present has none, or does not.
    Loss,
    /// A bit that is always 1, or that `pte_present` tests, or that `pte_none` ignores, is claimed by nobody: it
    /// needs a name and a reason among the reserved ones, or to be declared harmless.
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
        let reserved = self.reserved.iter().find(|reserved| reserved.bits & mask != 0);
        // The name says more than that some decoder takes the bit in with a field.
        if let (Some(reserved), 0) = (reserved, self.written_entry() & mask) {
            return Claim::Reserved(reserved);
        }
        if self.swp_type.mask() & mask != 0 {
            return Claim::Type;
        }
        if self.swp_offset.mask() & mask != 0 {
            return Claim::Offset;
        }
        if let Some(flag) = Flag::ALL.into_iter().find(|flag| self.flag_mask(*flag) & mask != 0) {
            return Claim::Flag(flag);
        }
        Claim::Unused
    }

    /// The bits that the encoder writes for type and offset.
    pub(super) const fn written_entry(&self) -> u64 {
        self.swp_type.written_mask() | self.swp_offset.written_mask()
    }

    /// Whether what the encoder drops has no place in the word, and what makes the word present has one that does.
    const fn losses_are_real(&self) -> bool {
        let mut real = self.swp_type.max() & self.lost_type == 0;
        let mut rest = self.present_offset;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            real &= match self.swp_offset.position(bit) {
                Some(position) if bit >= self.swp_offset.written_bits() => {
                    matches!(self.kind(self.always_one | 1 << position), PteKind::Present)
                }
                _ => false,
            };
            rest &= rest - 1;
        }
        real
    }

    /// Whether the layout is free of contradictions; every backend asserts it at compile time.
    ///
    /// # Errors
    /// The first [`Inconsistency`] found.
    pub const fn check(&self) -> Result<(), Inconsistency> {
        if self.width != 32 && self.width != 64 {
            return Err(Inconsistency::Width);
        }
        if (self.swp_type.max() | self.lost_type) & 31 != 31 {
            return Err(Inconsistency::TypeTooNarrow);
        }
        if !self.losses_are_real() {
            return Err(Inconsistency::Loss);
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
        let ours = sum;
        // What is only read can be reserved too.
        sum &= !(self.swp_type.mask() | self.swp_offset.mask()) | self.written_entry();
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
        let mut looked_at = self.always_one | (self.word_mask() & !self.none.mask & !ours);
        i = 0;
        while i < self.present.len() {
            let present = self.present[i];
            looked_at |= present.mask;
            // The bits that a swap PTE can have at 1, and at 0, must not suffice for a match.
            let has_ones = present.value & !(writable | self.always_one) == 0;
            if has_ones && present.mask & !present.value & self.always_one == 0 {
                return Err(Inconsistency::ReadsAsPresent);
            }
            i += 1;
        }
        let explained = self.reserved_mask() | self.harmless;
        if looked_at & !explained != 0 {
            return Err(Inconsistency::Unexplained { bits: looked_at & !explained });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sketch::sketch;
    use super::super::{Field, Pattern, Placement};
    use super::*;

    const PRESENT: &[Pattern] = &[Pattern::all_ones(1 << 7)];

    fn sound() -> Layout<'static> {
        sketch().with_present(PRESENT)
    }

    #[test]
    fn what_is_not_claimed_is_unused() {
        assert_eq!(sketch().unused_mask(), 1 << 31 | 1 << 12);
        assert_eq!(sketch().reserved_mask(), 1 << 7 | 3 << 5);
        let twice = const { &[Reserved::new(3, "", ""), Reserved::new(2, "", "")] };
        assert_eq!(sketch().with_reserved(twice).reserved_mask(), 3);
    }

    #[test]
    fn a_sound_layout_has_no_contradiction() {
        assert_eq!(sound().check(), Ok(()));
        let mut wide = sound();
        wide.width = 64;
        assert_eq!(wide.check(), Ok(()));
        // Bit 7 is reserved; an encoder writes the type; the bits above the word are none of the layout's.
        assert_eq!(sound().with_always_one(1 << 6).check(), Ok(()));
        for ignored in [1 << 7, 1 << 4, u64::MAX << 32] {
            assert_eq!(sound().with_none(Pattern::exactly(0, ignored)).check(), Ok(()), "{ignored:#x}");
        }
    }

    #[test]
    fn two_cannot_have_one_bit() {
        let (layout, overlap) = (sound(), |bit: u32| Err(Inconsistency::Overlap { bits: 1 << bit }));
        assert_eq!(layout.with_fields(Field::new(0, 5), Field::new(4, 4)).check(), overlap(4));
        assert_eq!(layout.with_exclusive(16, Placement::UnusedBit).check(), overlap(16));
        assert_eq!(layout.with_soft_dirty(10).check(), overlap(10));
        assert_eq!(layout.with_uffd_wp(9).check(), overlap(9));
        assert_eq!(layout.with_reserved(const { &[Reserved::new(3 << 4, "", "")] }).check(), overlap(4));
        let twice = const { &[Reserved::new(3 << 6, "", ""), Reserved::new(1 << 7, "", "")] };
        assert_eq!(layout.with_reserved(twice).check(), overlap(7));
    }

    #[test]
    fn the_word_and_the_type_are_wide_enough() {
        for width in [31, 33] {
            let mut layout = sound();
            layout.width = width;
            assert_eq!(layout.check(), Err(Inconsistency::Width), "{width}");
        }
        let narrow = sound().with_fields(Field::new(0, 4), sound().swp_offset);
        assert_eq!(narrow.check(), Err(Inconsistency::TypeTooNarrow));
        assert_eq!(sound().with_soft_dirty(32).check(), Err(Inconsistency::OutsideWord { bits: 1 << 32 }));
    }

    #[test]
    fn a_bit_that_is_looked_at_is_reserved() {
        let unexplained = |bits| Err(Inconsistency::Unexplained { bits });
        assert_eq!(sound().with_always_one(1 << 31 | 1 << 6).check(), unexplained(1 << 31));
        let none = Pattern::exactly(0, 1 << 12 | 1 << 6);
        assert_eq!(sound().with_none(none).check(), unexplained(1 << 12));
        assert_eq!(sound().with_none(none).with_always_one(1 << 12).check(), unexplained(1 << 12));
        let twice = const { &[Pattern::all_ones(1 << 7 | 1 << 12), Pattern::all_ones(1 << 5 | 1 << 12)] };
        assert_eq!(sound().with_present(twice).check(), unexplained(1 << 12));
        assert_eq!(sound().with_none(none).with_harmless(1 << 12).check(), Ok(()));
        assert_eq!(sound().with_none(none).with_harmless(1 << 12).unused_mask(), sound().unused_mask());
        // Two patterns of which only the second looks at it.
        let second = const { &[Pattern::all_ones(1 << 7), Pattern::all_ones(1 << 7 | 1 << 12)] };
        assert_eq!(sound().with_present(second).check(), unexplained(1 << 12));
    }

    /// As sh before 6.3: the decoder takes `_PAGE_PRESENT` for the highest bit of the type.
    #[test]
    fn a_bit_that_is_only_read_can_be_reserved() {
        let wide = sound().with_fields(Field::new(0, 8).writing(5), sound().swp_offset);
        assert_eq!((wide.check(), wide.claim(7)), (Ok(()), Claim::Reserved(&wide.reserved[0])));
        assert_eq!((wide.claim(4), wide.unused_mask()), (Claim::Type, 1 << 31 | 1 << 12));
        let written = wide.with_fields(Field::new(0, 8), sound().swp_offset);
        assert_eq!(written.check(), Err(Inconsistency::Overlap { bits: 1 << 7 }));
        // Two fields cannot both read it, nor can a marker stand there.
        assert_eq!(wide.with_soft_dirty(6).check(), Err(Inconsistency::Overlap { bits: 1 << 6 }));
        let offset = wide.with_fields(wide.swp_type, Field::new(7, 20));
        assert_eq!(offset.check(), Err(Inconsistency::Overlap { bits: 1 << 7 }));
    }

    #[test]
    fn what_the_encoder_loses_is_lost_indeed() {
        let narrow = sound().with_fields(Field::new(0, 2), sound().swp_offset);
        assert_eq!(narrow.check(), Err(Inconsistency::TypeTooNarrow));
        assert_eq!(narrow.with_lost_type(0b1_1100).check(), Ok(()));
        assert_eq!(narrow.with_lost_type(0b1_1000).check(), Err(Inconsistency::TypeTooNarrow));
        assert_eq!(narrow.with_lost_type(0b1_1110).check(), Err(Inconsistency::Loss));
        // Bit 1 of the offset, above the largest, stands in the bit that means present.
        let high = sound()
            .with_fields(Field::new(0, 5), Field::new(6, 2).writing(1))
            .with_reserved(const { &[Reserved::new(1 << 7, "PRESENT", ""), Reserved::new(1 << 5, "", "")] });
        assert_eq!((high.check(), high.with_present_offset(2).check()), (Ok(()), Ok(())));
        for wrong in [1, 3, 4] {
            assert_eq!(high.with_present_offset(wrong).check(), Err(Inconsistency::Loss), "{wrong}");
        }
        assert_eq!(high.with_present(&[]).with_present_offset(2).check(), Err(Inconsistency::Loss));
    }

    #[test]
    fn no_swap_pte_reads_as_present() {
        let (marker, both) = const { (&[Pattern::all_ones(1 << 10)], &[Pattern::all_ones(1 << 10 | 1 << 7)]) };
        for wrong in [
            sound().with_present(marker),
            sound().with_present(marker).with_always_one(1 << 10),
            sound().with_present(both).with_always_one(1 << 7),
            sound().with_always_one(1 << 7),
        ] {
            assert_eq!(wrong.check(), Err(Inconsistency::ReadsAsPresent));
        }
        assert_eq!(sound().with_present(both).check(), Err(Inconsistency::Unexplained { bits: 1 << 10 }));
        // A bit that must be 0 for it: what is always 1 excludes it, and nothing else does.
        let zero = sound().with_present(const { &[Pattern::all_zeros(1 << 6)] });
        assert_eq!(zero.check(), Err(Inconsistency::ReadsAsPresent));
        assert_eq!(zero.with_always_one(1 << 6).check(), Ok(()));
    }
}
