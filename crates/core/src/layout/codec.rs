//! The interpreter: encodes and decodes from the data alone, slowly and obviously.
//!
//! It is the second implementation that every backend is held against. Nothing here is derived from a backend.

use super::{Flag, Layout};
use crate::{DecodeError, EncodeError, PteKind, SwpEntry};

impl Layout<'_> {
    /// The word for an entry, all markers clear.
    ///
    /// # Errors
    /// As [`SwpPte::encode`](crate::SwpPte::encode), and [`EncodeError::TypeOutOfRange`] for a user-defined layout
    /// whose type field has fewer than five bits.
    pub const fn encode(&self, entry: SwpEntry) -> Result<u64, EncodeError> {
        let (swp_type, offset) = (entry.swp_type().get(), entry.offset().get());
        if swp_type > self.swp_type.max() {
            return Err(EncodeError::TypeOutOfRange { value: swp_type, max: self.swp_type.max() });
        }
        if offset > self.swp_offset.max() {
            return Err(EncodeError::OffsetOutOfRange { value: offset, max: self.swp_offset.max() });
        }
        let word = self.always_one | self.swp_type.scatter(swp_type) | self.swp_offset.scatter(offset);
        if self.none.matches(word) { Err(EncodeError::EncodesToNone { entry }) } else { Ok(word) }
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
        if offset > self.swp_offset.max() {
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
        (word & !self.claimed()) | (!word & self.always_one)
    }

    /// The bits that an encoder or a marker function can set.
    const fn claimed(&self) -> u64 {
        self.swp_type.written_mask()
            | self.swp_offset.written_mask()
            | self.flag_mask(Flag::Exclusive)
            | self.flag_mask(Flag::SoftDirty)
            | self.flag_mask(Flag::UffdWp)
            | self.always_one
    }
}
