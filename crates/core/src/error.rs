//! What can go wrong, one enum per operation; every message has field, value and limit in hex.

use core::fmt::{Display, Formatter, Result};

use crate::SwpEntry;

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
    /// The swap type does not fit the type field. No kernel layout is that narrow; layouts of one's own may be.
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
    /// The entry encodes to the word that means "no page here". The kernel never hands out this entry: on most
    /// layouts it is type 0, offset 0, the header page of the first swap file; on `x86_64`, which inverts the offset,
    /// it is type 0 with the largest offset.
    EncodesToNone {
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

impl EncodeError {
    /// Why a layout refused an entry: the offset is above `max_offset`, or else the entry encodes to none.
    ///
    /// Backends ask both in one condition, so that an encoder has one branch, and sort it out here.
    #[inline]
    #[must_use]
    pub const fn refused(entry: SwpEntry, max_offset: u64) -> Self {
        let value = entry.offset().get();
        if value > max_offset {
            Self::OffsetOutOfRange { value, max: max_offset }
        } else {
            Self::EncodesToNone { entry }
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

fn too_large(f: &mut Formatter<'_>, field: &str, value: u64, max: u64) -> Result {
    write!(f, "swap {field} {value:#x} is too large: the largest is {max:#x}")
}

impl Display for EntryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::TypeOutOfRange { value, max } => too_large(f, "type", value, max),
            Self::OffsetOutOfRange { value, max } => too_large(f, "offset", value, max),
        }
    }
}

impl Display for EncodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::TypeOutOfRange { value, max } => too_large(f, "type", value, max),
            Self::OffsetOutOfRange { value, max } => too_large(f, "offset", value, max),
            Self::EncodesToNone { entry } => write!(
                f,
                "swap type {:#x} with offset {:#x} encodes to the word that means no page; the kernel never uses this entry",
                entry.swp_type().get(),
                entry.offset().get()
            ),
        }
    }
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::None { word } => write!(f, "{word:#x} is no swap PTE: it is none (no page here)"),
            Self::Present { word } => write!(f, "{word:#x} is no swap PTE: it is present (it maps a page)"),
            Self::TypeOutOfRange { value, max } => too_large(f, "type", value, max),
            Self::OffsetOutOfRange { value, max } => too_large(f, "offset", value, max),
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
