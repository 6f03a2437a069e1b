//! The interpreter: encodes and decodes from the data alone, slowly and obviously.
//!
//! It is the second implementation that every backend is held against. Nothing here is derived from a backend.

use super::{Flag, Layout};
use crate::{DecodeError, EncodeError, PteKind, SwpEntry, SwpType};

impl Layout<'_> {
    /// The word for an entry, all markers clear.
    ///
    /// # Errors
    /// As [`SwpPte::encode`](crate::SwpPte::encode), and [`EncodeError::TypeOutOfRange`] for a user-defined layout
    /// whose type field has fewer than five bits.
    pub const fn encode(&self, entry: SwpEntry) -> Result<u64, EncodeError> {
        let (swp_type, offset) = (entry.swp_type().get(), entry.offset().get());
        if swp_type & self.lost_type != 0 {
            return Err(EncodeError::TypeLost { value: swp_type, max: self.swp_type.max() });
        }
        if swp_type > self.swp_type.max() {
            return Err(EncodeError::TypeOutOfRange { value: swp_type, max: self.swp_type.max() });
        }
        if offset > self.swp_offset.max() && offset <= self.swp_offset.max() | self.present_offset {
            return Err(EncodeError::EncodesToPresent { entry });
        }
        if offset > self.swp_offset.max() {
            return Err(EncodeError::OffsetOutOfRange { value: offset, max: self.swp_offset.max() });
        }
        let word = self.always_one | self.swp_type.scatter(swp_type) | self.swp_offset.scatter(offset);
        if !self.none.matches(word) {
            return Ok(word);
        }
        let empty = word == self.none.value & self.word_mask();
        Err(if empty { EncodeError::EncodesToNone { entry } } else { EncodeError::IgnoredByNone { entry } })
    }

    /// The entry in a word, whatever its markers and its unclaimed bits.
    ///
    /// # Errors
    /// As [`SwpPte::decode`](crate::SwpPte::decode), and [`DecodeError::WordTooWide`] for bits above the word.
    pub const fn decode(&self, word: u64) -> Result<SwpEntry, DecodeError> {
        if word & !self.word_mask() != 0 {
            return Err(DecodeError::WordTooWide { word, width: self.width });
        }
        match self.kind(word) {
            PteKind::None => return Err(DecodeError::None { word }),
            PteKind::Present => return Err(DecodeError::Present { word }),
            PteKind::Swap => {}
        }
        let (swp_type, offset) = self.fields(word);
        // The type is blamed first, as by the backends.
        if swp_type <= SwpType::MAX.get() && offset > self.swp_offset.max() {
            return Err(DecodeError::OffsetOutOfRange { value: offset, max: self.swp_offset.max() });
        }
        match SwpEntry::from_parts(swp_type, offset) {
            Ok(entry) => Ok(entry),
            Err(error) => Err(DecodeError::from_entry(error)),
        }
    }

    /// What the kernel's decoder reads as type and offset, of any word whatever: no predicate is asked, no limit is
    /// checked.
    #[must_use]
    pub const fn fields(&self, word: u64) -> (u64, u64) {
        (self.swp_type.gather(word), self.swp_offset.gather(word))
    }

    /// None, present, or a swap PTE.
    #[must_use]
    pub const fn kind(&self, word: u64) -> PteKind {
        if self.none.matches(word & self.word_mask() | !self.word_mask() & self.none.value) {
            return PteKind::None;
        }
        let mut i = 0;
        while i < self.present.len() {
            if self.present[i].matches(word) {
                return PteKind::Present;
            }
            i += 1;
        }
        PteKind::Swap
    }

    /// Whether a marker is set; never, in a layout that does not have it.
    #[must_use]
    pub const fn is_set(&self, flag: Flag, word: u64) -> bool {
        word & self.flag_mask(flag) != 0
    }

    /// The word with a marker set; unchanged, in a layout that does not have it.
    #[must_use]
    pub const fn set(&self, flag: Flag, word: u64) -> u64 {
        word | self.flag_mask(flag)
    }

    /// The word with a marker clear.
    #[must_use]
    pub const fn clear(&self, flag: Flag, word: u64) -> u64 {
        word & !self.flag_mask(flag)
    }

    /// The bits of a swap PTE that are not as an encoder leaves them: set although neither entry nor markers claim
    /// them, or clear although they are 1 in every swap PTE. 0 for every word that a kernel wrote as a swap PTE.
    #[must_use]
    pub const fn stray(&self, word: u64) -> u64 {
        (word & !self.claimed()) | (!word & self.ones())
    }

    /// The bits that an encoder or a marker function can set.
    const fn claimed(&self) -> u64 {
        self.swp_type.written_mask()
            | self.swp_offset.written_mask()
            | self.flag_mask(Flag::Exclusive)
            | self.flag_mask(Flag::SoftDirty)
            | self.flag_mask(Flag::UffdWp)
            | self.ones()
    }

    /// The bits that are 1 in every swap PTE: [`Layout::always_one`], and those of an inverted offset that the decoder
    /// reads and no offset reaches.
    #[must_use]
    pub const fn ones(&self) -> u64 {
        self.always_one | self.swp_offset.scatter(0) & !self.swp_offset.written_mask()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sketch::sketch;
    use super::super::{Field, Pattern, Run};
    use super::*;

    /// The sketch with bit 6 always 1, bit 5 ignored in a word that is none, two ways to be present, and an offset whose
    /// bit 18, in bit 11 of the word, is read and never written.
    fn full() -> Layout<'static> {
        let sketch = sketch();
        sketch
            .with_fields(sketch.swp_type, sketch.swp_offset.writing(18))
            .with_always_one(1 << 6)
            .with_none(Pattern::exactly(0, 1 << 5))
            .with_present(const { &[Pattern::all_ones(1 << 7), Pattern::all_ones(3 << 5)] })
    }

    fn entry(swp_type: u64, offset: u64) -> SwpEntry {
        SwpEntry::from_parts(swp_type, offset).unwrap()
    }

    #[test]
    fn what_fits_is_encoded_and_decoded() {
        for (swp_type, offset, word) in [
            (0, 0, 1 << 6),
            (3, 1, 1 << 6 | 0b11 | 1 << 16),
            (31, 1 << 17 | 1 << 15, 1 << 6 | 0x1f | 1 << 15 | 1 << 13),
            (0, (1 << 18) - 1, 1 << 6 | 0x7fff << 16 | 0b111 << 13),
        ] {
            assert_eq!(full().encode(entry(swp_type, offset)), Ok(word));
            assert_eq!((full().decode(word), full().fields(word)), (Ok(entry(swp_type, offset)), (swp_type, offset)));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let max = (1 << 18) - 1;
        let too_large = full().encode(entry(0, 1 << 18));
        assert_eq!(too_large, Err(EncodeError::OffsetOutOfRange { value: 1 << 18, max }));
        let narrow = full().with_fields(Field::new(0, 4), full().swp_offset);
        assert_eq!(narrow.encode(entry(15, 0)), Ok(1 << 6 | 15));
        assert_eq!(narrow.encode(entry(16, 0)), Err(EncodeError::TypeOutOfRange { value: 16, max: 15 }));
        assert_eq!(sketch().encode(entry(0, 0)), Err(EncodeError::EncodesToNone { entry: entry(0, 0) }));
    }

    /// nios2 before 6.3 drops bits of the type, m68k-sun3 writes one of the offset that means present, and `pte_none` of
    /// nios2 ignores bits of the offset.
    #[test]
    fn what_a_kernel_would_lose_is_refused() {
        let two_bits = full().with_fields(Field::new(0, 2), full().swp_offset).with_lost_type(0b1_1100);
        assert_eq!(two_bits.encode(entry(3, 1)), Ok(1 << 6 | 0b11 | 1 << 16));
        for swp_type in [4, 11, 31] {
            let lost = Err(EncodeError::TypeLost { value: swp_type, max: 3 });
            assert_eq!((two_bits.encode(entry(swp_type, 1)), two_bits.encode(entry(swp_type, 1 << 19))), (lost, lost));
        }
        // The 25th bit of the offset would be bit 31 of the word.
        let high = sketch().with_fields(Field::new(0, 5), Field::new(7, 25).writing(24)).with_present_offset(1 << 24);
        let max = (1 << 24) - 1;
        assert_eq!(high.encode(entry(1, max)), Ok(max << 7 | 1));
        for offset in [max + 1, (1 << 25) - 1] {
            let present = EncodeError::EncodesToPresent { entry: entry(1, offset) };
            assert_eq!(high.encode(entry(1, offset)), Err(present));
        }
        assert_eq!(high.encode(entry(1, 1 << 25)), Err(EncodeError::OffsetOutOfRange { value: 1 << 25, max }));
        let ignoring = sketch().with_none(Pattern::exactly(0, 0b100 | 1 << 16));
        assert_eq!(ignoring.ignored_by_none(), 0b100 | 1 << 16);
        for (swp_type, offset) in [(4, 0), (0, 1), (4, 1)] {
            let entry = entry(swp_type, offset);
            assert_eq!(ignoring.encode(entry), Err(EncodeError::IgnoredByNone { entry }));
        }
        assert_eq!(ignoring.encode(entry(0, 0)), Err(EncodeError::EncodesToNone { entry: entry(0, 0) }));
        assert_eq!(ignoring.encode(entry(5, 1)), Ok(5 | 1 << 16));
    }

    #[test]
    fn a_word_without_an_entry_says_why() {
        let (max, wide) = ((1 << 18) - 1, 1 << 32 | 1 << 6);
        for (word, error) in [
            (0, DecodeError::None { word: 0 }),
            (1 << 5, DecodeError::None { word: 1 << 5 }),
            (1 << 7, DecodeError::Present { word: 1 << 7 }),
            (3 << 5, DecodeError::Present { word: 3 << 5 }),
            (1 << 6 | 1 << 11, DecodeError::OffsetOutOfRange { value: 1 << 18, max }),
            (wide, DecodeError::WordTooWide { word: wide, width: 32 }),
        ] {
            assert_eq!(full().decode(word), Err(error));
        }
        // Six bits of type, of which five are written.
        let low = Run { bit: 0, len: 5, value_bit: 0 };
        let wide_type = Field::split([low, Run { bit: 12, len: 1, value_bit: 5 }]).writing(5);
        let read = full().with_fields(wide_type, full().swp_offset).decode(1 << 6 | 1 << 12);
        assert_eq!(read, Err(DecodeError::TypeOutOfRange { value: 32, max: 31 }));
    }

    #[test]
    fn only_the_bits_of_the_word_make_it_none() {
        assert_eq!(full().kind(1 << 32 | 1 << 5), PteKind::None);
        let ones = full().with_none(Pattern::exactly(u64::MAX, 0));
        assert_eq!((ones.kind(0xffff_ffff), ones.kind(0xffff_fffe)), (PteKind::None, PteKind::Present));
        assert_eq!((ones.kind(0), ones.kind(1 << 5)), (PteKind::Swap, PteKind::Swap));
    }

    #[test]
    fn a_marker_is_one_bit() {
        let layout = full();
        for (flag, bit) in [(Flag::Exclusive, 1 << 10), (Flag::SoftDirty, 1 << 9), (Flag::UffdWp, 1 << 8)] {
            let clear = 0xffff_ffff & !bit;
            assert_eq!((layout.set(flag, clear), layout.clear(flag, 0xffff_ffff)), (0xffff_ffff, clear));
            assert_eq!((layout.set(flag, bit), layout.clear(flag, clear)), (bit, clear));
            assert_eq!((layout.is_set(flag, bit), layout.is_set(flag, clear)), (true, false));
            let without = layout.without(flag);
            assert_eq!((without.set(flag, 0), without.clear(flag, bit), without.is_set(flag, bit)), (0, bit, false));
        }
    }

    /// As i386 with PAE has it: of an inverted offset, one bit is read that no offset reaches.
    #[test]
    fn what_an_inverted_offset_never_reaches_is_one() {
        let mut layout = full().with_fields(Field::new(0, 5), Field::new(16, 15).writing(14).inverted());
        layout = layout.with_always_one(0);
        let word = 0x7fff << 16;
        assert_eq!(
            (layout.encode(entry(0, 0)), layout.decode(word), layout.stray(word)),
            (Ok(word), Ok(entry(0, 0)), 0)
        );
        assert_eq!((layout.ones(), layout.with_always_one(1 << 6).ones()), (1 << 30, 1 << 30 | 1 << 6));
        let without = word & !(1 << 30);
        assert_eq!((layout.fields(without), layout.stray(without)), ((0, 1 << 14), 1 << 30));
        let too_large = DecodeError::OffsetOutOfRange { value: 1 << 14, max: (1 << 14) - 1 };
        assert_eq!(layout.decode(without), Err(too_large));
    }

    #[test]
    fn stray_bits_are_those_that_no_encoder_leaves() {
        let unclaimed = 1 << 31 | 1 << 12 | 1 << 11 | 1 << 7 | 1 << 5;
        assert_eq!(full().stray(0xffff_ffff), unclaimed);
        assert_eq!(full().stray(0xffff_ffff & !unclaimed), 0);
        assert_eq!(full().stray(1 << 5), 1 << 6 | 1 << 5);
    }
}
