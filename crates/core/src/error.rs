//! What can go wrong, one enum per operation; every message has field, value and limit in hex.
//!
//! A backend's own functions return less: [`Unencodable`] holds the entry and [`Undecodable`] the word, one register
//! beside the tag of the `Result`. Which field is to blame and what its limit is are asked of the type
//! ([`Unencodable::why`], [`Undecodable::why`]), and `?` turns either into the general error.

use core::fmt::{Debug, Display, Formatter, Result};
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

use crate::{PteKind, SwpEntry, SwpPte, SwpType};

/// A number that no swap entry can hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum EntryError {
    /// The swap type is above 31.
    TypeOutOfRange {
        /// The number given.
        value: u64,
        /// The largest that fits.
        max: u64,
    },
    /// The swap offset is above 2^59 - 1 pages.
    OffsetOutOfRange {
        /// The number given, in pages.
        value: u64,
        /// The largest that fits, in pages.
        max: u64,
    },
}

/// A swap entry that a layout cannot express.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum EncodeError {
    /// The swap type does not fit the type field. No kernel layout is that narrow; a user-defined layout may be.
    TypeOutOfRange {
        /// The number given.
        value: u64,
        /// The largest that fits.
        max: u64,
    },
    /// The swap offset does not fit the offset field.
    OffsetOutOfRange {
        /// The number given, in pages.
        value: u64,
        /// The largest that fits, in pages.
        max: u64,
    },
    /// The kernel's encoder drops the upper bits of the swap type: the word would say another type.
    TypeLost {
        /// The number given.
        value: u64,
        /// The largest that is kept.
        max: u64,
    },
    /// The kernel's encoder puts a bit of the swap offset where the word then reads as present: the kernel would take the
    /// entry for a mapping.
    EncodesToPresent {
        /// The entry given.
        entry: SwpEntry,
    },
    /// The entry encodes to the word that means "no page here". The kernel never hands out this entry: on most
    /// layouts it is type 0, offset 0, the header page of the first swap file; on `x86_64`, which inverts the offset,
    /// it is type 0 with the largest offset.
    EncodesToNone {
        /// The entry given.
        entry: SwpEntry,
    },
    /// The entry encodes to a word that is not empty and reads as none all the same, since `pte_none()` ignores every bit
    /// that it sets: the kernel would forget the page.
    IgnoredByNone {
        /// The entry given.
        entry: SwpEntry,
    },
}

/// A word that holds no swap entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// `pte_none()`: the word means that no page is here.
    None {
        /// The word given.
        word: u64,
    },
    /// `pte_present()`: the word maps a page; its bits are no swap entry.
    Present {
        /// The word given.
        word: u64,
    },
    /// The type field, wider than five bits in this layout, holds a number that the core of the kernel never uses.
    TypeOutOfRange {
        /// What the kernel's decoder reads.
        value: u64,
        /// The largest swap type, 31.
        max: u64,
    },
    /// The offset field holds a number that the encoder can never have put there.
    OffsetOutOfRange {
        /// What the kernel's decoder reads, in pages.
        value: u64,
        /// The largest that the encoder writes, in pages.
        max: u64,
    },
    /// The word has bits above the word size of the layout.
    WordTooWide {
        /// The word given.
        word: u64,
        /// The number of bits of the layout's word.
        width: u32,
    },
}

/// A text that is no kernel version.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum VersionError {
    /// The text does not begin with two numbers joined by a dot, or one of them is above 65535.
    NotAVersion,
}

/// An entry that the layout of `P` cannot express: the small error of [`SwpPte::encode`].
///
/// `?` turns it into [`EncodeError`], which says what is wrong; so does [`Unencodable::why`].
#[repr(transparent)]
pub struct Unencodable<P> {
    entry: SwpEntry,
    layout: PhantomData<fn() -> P>,
}

/// A word from which the layout of `P` reads no entry: the small error of [`SwpPte::decode`].
///
/// `?` turns it into [`DecodeError`], which says what is wrong; so does [`Undecodable::why`].
#[repr(transparent)]
pub struct Undecodable<P> {
    word: u64,
    layout: PhantomData<fn() -> P>,
}

impl<P> Unencodable<P> {
    /// For backends: this entry was refused.
    #[inline]
    #[must_use]
    pub const fn new(entry: SwpEntry) -> Self {
        Self { entry, layout: PhantomData }
    }

    /// The entry that was refused.
    #[inline]
    #[must_use]
    pub const fn entry(self) -> SwpEntry {
        self.entry
    }
}

impl<P> Undecodable<P> {
    /// For backends: this word holds no entry.
    #[inline]
    #[must_use]
    pub const fn new(word: u64) -> Self {
        Self { word, layout: PhantomData }
    }

    /// The word that was refused.
    #[inline]
    #[must_use]
    pub const fn word(self) -> u64 {
        self.word
    }
}

impl<P: SwpPte> Unencodable<P> {
    /// The reason, with field, value and limit: type or offset is too large, or else the entry encodes to none.
    #[must_use]
    pub const fn why(self) -> EncodeError {
        // What is asked of `LAYOUT` is computed when this is compiled: nothing of it is linked into a kernel.
        let (lost, max_type) = const { (P::LAYOUT.lost_type, P::LAYOUT.swp_type.max()) };
        let (max, present) = const { (P::LAYOUT.max_offset(), P::LAYOUT.max_offset() | P::LAYOUT.present_offset) };
        let ignores = const { P::LAYOUT.ignored_by_none() != 0 };
        let entry = self.entry;
        let (swp_type, value) = (entry.swp_type().get(), entry.offset().get());
        if swp_type & lost != 0 {
            EncodeError::TypeLost { value: swp_type, max: max_type }
        } else if value > present {
            EncodeError::OffsetOutOfRange { value, max }
        } else if value > max {
            EncodeError::EncodesToPresent { entry }
        } else if !ignores || swp_type == 0 && (value == 0 || value == max) {
            // Where no other word reads as none there is nothing to ask. The empty word is at an edge of the offset, as
            // `Layout::empty_entry` has it.
            EncodeError::EncodesToNone { entry }
        } else {
            EncodeError::IgnoredByNone { entry }
        }
    }
}

impl<P: SwpPte> Undecodable<P> {
    /// The reason: the word is none or present, or a field holds what its encoder cannot have written.
    #[must_use]
    pub fn why(self) -> DecodeError {
        let word = self.word;
        let Some(pte) = crate::pte::from_u64::<P>(word) else {
            return DecodeError::WordTooWide { word, width: const { P::LAYOUT.width } };
        };
        match pte.kind() {
            PteKind::None => DecodeError::None { word },
            PteKind::Present => DecodeError::Present { word },
            PteKind::Swap => {
                let (swp_type, offset) = pte.fields();
                let max = SwpType::MAX.get();
                if swp_type > max {
                    DecodeError::TypeOutOfRange { value: swp_type, max }
                } else {
                    DecodeError::OffsetOutOfRange { value: offset, max: const { P::LAYOUT.max_offset() } }
                }
            }
        }
    }
}

/// What a derive would do, without its demand that the layout's type have the trait too.
macro_rules! like_its_value {
    ($error:ident, $field:ident) => {
        impl<P> Clone for $error<P> {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<P> Copy for $error<P> {}

        impl<P> PartialEq for $error<P> {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.$field == other.$field
            }
        }

        impl<P> Eq for $error<P> {}

        impl<P> Hash for $error<P> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.$field.hash(state);
            }
        }

        impl<P: SwpPte> Debug for $error<P> {
            fn fmt(&self, f: &mut Formatter<'_>) -> Result {
                Debug::fmt(&self.why(), f)
            }
        }

        impl<P: SwpPte> Display for $error<P> {
            fn fmt(&self, f: &mut Formatter<'_>) -> Result {
                Display::fmt(&self.why(), f)
            }
        }

        impl<P: SwpPte> core::error::Error for $error<P> {}
    };
}

like_its_value!(Unencodable, entry);
like_its_value!(Undecodable, word);

impl<P: SwpPte> From<Unencodable<P>> for EncodeError {
    fn from(error: Unencodable<P>) -> Self {
        error.why()
    }
}

impl<P: SwpPte> From<Undecodable<P>> for DecodeError {
    fn from(error: Undecodable<P>) -> Self {
        error.why()
    }
}

impl From<EntryError> for EncodeError {
    #[inline]
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::TypeOutOfRange { value, max } => Self::TypeOutOfRange { value, max },
            EntryError::OffsetOutOfRange { value, max } => Self::OffsetOutOfRange { value, max },
        }
    }
}

impl From<EntryError> for DecodeError {
    #[inline]
    fn from(error: EntryError) -> Self {
        Self::from_entry(error)
    }
}

impl DecodeError {
    /// The same, where a `const fn` cannot call `From`.
    #[inline]
    #[must_use]
    pub const fn from_entry(error: EntryError) -> Self {
        match error {
            EntryError::TypeOutOfRange { value, max } => Self::TypeOutOfRange { value, max },
            EntryError::OffsetOutOfRange { value, max } => Self::OffsetOutOfRange { value, max },
        }
    }
}

/// An entry in a message: `swap type 3 with offset 0x41`.
struct Named(SwpEntry);

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "swap type {} with offset {:#x}", self.0.swp_type().get(), self.0.offset().get())
    }
}

/// Types are small and counted; offsets are wide and made of bits.
fn type_too_large(f: &mut Formatter<'_>, value: u64, max: u64) -> Result {
    write!(f, "swap type {value} is too large: the largest is {max}")
}

fn offset_too_large(f: &mut Formatter<'_>, value: u64, max: u64) -> Result {
    write!(f, "swap offset {value:#x} is too large: the largest is {max:#x}")
}

impl Display for EntryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::TypeOutOfRange { value, max } => type_too_large(f, value, max),
            Self::OffsetOutOfRange { value, max } => offset_too_large(f, value, max),
        }
    }
}

impl Display for EncodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::TypeOutOfRange { value, max } => type_too_large(f, value, max),
            Self::OffsetOutOfRange { value, max } => offset_too_large(f, value, max),
            Self::TypeLost { value, max } => {
                write!(f, "swap type {value} is lost: the kernel's encoder drops what is above {max}")
            }
            Self::EncodesToPresent { entry } => {
                write!(f, "{} encodes to a word that reads as present: the kernel takes it for a mapping", Named(entry))
            }
            Self::EncodesToNone { entry } => {
                write!(f, "{} encodes to the word that means no page; the kernel never uses this entry", Named(entry))
            }
            Self::IgnoredByNone { entry } => {
                write!(
                    f,
                    "{} encodes to a word that reads as none: pte_none ignores every bit that it sets",
                    Named(entry)
                )
            }
        }
    }
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::None { word } => write!(f, "{word:#x} is no swap PTE: it is none (no page here)"),
            Self::Present { word } => write!(f, "{word:#x} is no swap PTE: it is present (it maps a page)"),
            Self::TypeOutOfRange { value, max } => type_too_large(f, value, max),
            Self::OffsetOutOfRange { value, max } => offset_too_large(f, value, max),
            Self::WordTooWide { word, width } => write!(f, "{word:#x} has more than the {width} bits of this layout"),
        }
    }
}

impl Display for VersionError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("not a kernel version: expected MAJOR.MINOR, as in 6.12 or 6.12.117-amd64")
    }
}

impl core::error::Error for EntryError {}
impl core::error::Error for EncodeError {}
impl core::error::Error for DecodeError {}
impl core::error::Error for VersionError {}

#[cfg(test)]
mod tests;
