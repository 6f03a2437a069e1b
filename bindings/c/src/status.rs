//! What a function says of its success, and the sentence for it.

use core::ffi::{CStr, c_char};

use swp_pte::{DecodeError, EncodeError};
use swp_pte_atlas::LookupError;

/// What a function says. 0 is success; nothing is written otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Status {
    /// It went well.
    Ok = 0,
    /// A pointer that must not be null is.
    NullPointer = 1,
    /// A layout that no function of this library gave.
    BadLayout = 2,
    /// A number that is none of its enumeration.
    BadArgument = 3,
    /// A text that is longer than 255 bytes, or not UTF-8.
    BadText = 4,
    /// A buffer whose size is no whole number of words, or whose columns overlap it.
    BadBuffer = 5,
    /// No variant of this name.
    UnknownVariant = 6,
    /// The text is no kernel release.
    NotARelease = 7,
    /// The kernel is older than the record of this variant.
    TooOld = 8,
    /// The kernel no longer has this variant.
    Removed = 9,
    /// The layout changed around this kernel, and on which side it lies is not known.
    Uncertain = 10,
    /// The swap type does not fit.
    TypeOutOfRange = 11,
    /// The swap offset does not fit.
    OffsetOutOfRange = 12,
    /// The kernel's encoder drops upper bits of the swap type.
    TypeLost = 13,
    /// The entry encodes to a word that reads as present.
    EncodesToPresent = 14,
    /// The entry encodes to the word that means no page.
    EncodesToNone = 15,
    /// The entry encodes to a word that reads as none all the same.
    IgnoredByNone = 16,
    /// The word is none: no page is here.
    None = 17,
    /// The word is present: it maps a page.
    Present = 18,
    /// The word has bits above the width of the layout.
    WordTooWide = 19,
    /// The layout does not have this marker.
    NoMarker = 20,
    /// An error that is newer than this header.
    Other = 21,
}

impl Status {
    /// Every status, in the order of their numbers.
    const ALL: [Self; 22] = [
        Self::Ok,
        Self::NullPointer,
        Self::BadLayout,
        Self::BadArgument,
        Self::BadText,
        Self::BadBuffer,
        Self::UnknownVariant,
        Self::NotARelease,
        Self::TooOld,
        Self::Removed,
        Self::Uncertain,
        Self::TypeOutOfRange,
        Self::OffsetOutOfRange,
        Self::TypeLost,
        Self::EncodesToPresent,
        Self::EncodesToNone,
        Self::IgnoredByNone,
        Self::None,
        Self::Present,
        Self::WordTooWide,
        Self::NoMarker,
        Self::Other,
    ];

    const fn message(self) -> &'static CStr {
        match self {
            Self::Ok => c"success",
            Self::NullPointer => c"a pointer is null that must not be",
            Self::BadLayout => c"no layout has this handle",
            Self::BadArgument => c"a number is none of its enumeration",
            Self::BadText => c"a text is longer than 255 bytes or not UTF-8",
            Self::BadBuffer => c"a buffer is no whole number of words, or a column overlaps it",
            Self::UnknownVariant => c"unknown variant",
            Self::NotARelease => c"not a kernel release: expected MAJOR.MINOR, as in 6.12 or 6.12.117-amd64",
            Self::TooOld => c"the kernel is older than the record of this variant",
            Self::Removed => c"the kernel no longer has this variant",
            Self::Uncertain => c"the layout changed around this kernel, and on which side it lies is not known",
            Self::TypeOutOfRange => c"the swap type is too large",
            Self::OffsetOutOfRange => c"the swap offset is too large",
            Self::TypeLost => c"the kernel's encoder drops upper bits of this swap type",
            Self::EncodesToPresent => c"the entry encodes to a word that reads as present",
            Self::EncodesToNone => c"the entry encodes to the word that means no page",
            Self::IgnoredByNone => c"the entry encodes to a word that reads as none",
            Self::None => c"the word is none (no page here)",
            Self::Present => c"the word is present (it maps a page)",
            Self::WordTooWide => c"the word has more bits than the layout",
            Self::NoMarker => c"the layout does not have this marker",
            Self::Other => c"an error that this version has no name for",
        }
    }
}

impl From<EncodeError> for Status {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::TypeOutOfRange { .. } => Self::TypeOutOfRange,
            EncodeError::OffsetOutOfRange { .. } => Self::OffsetOutOfRange,
            EncodeError::TypeLost { .. } => Self::TypeLost,
            EncodeError::EncodesToPresent { .. } => Self::EncodesToPresent,
            EncodeError::EncodesToNone { .. } => Self::EncodesToNone,
            EncodeError::IgnoredByNone { .. } => Self::IgnoredByNone,
            _ => Self::Other,
        }
    }
}

impl From<DecodeError> for Status {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::None { .. } => Self::None,
            DecodeError::Present { .. } => Self::Present,
            DecodeError::TypeOutOfRange { .. } => Self::TypeOutOfRange,
            DecodeError::OffsetOutOfRange { .. } => Self::OffsetOutOfRange,
            DecodeError::WordTooWide { .. } => Self::WordTooWide,
            _ => Self::Other,
        }
    }
}

impl From<LookupError> for Status {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::UnknownVariant => Self::UnknownVariant,
            LookupError::TooOld { .. } => Self::TooOld,
            LookupError::Removed { .. } => Self::Removed,
            LookupError::Uncertain { .. } => Self::Uncertain,
            _ => Self::Other,
        }
    }
}

/// The sentence for a status, in English, without a full stop; that of `SWP_PTE_STATUS_OTHER` for a number that is none.
/// It is constant and ends with a NUL.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_message(status: u32) -> *const c_char {
    let index = usize::try_from(status).unwrap_or(usize::MAX);
    Status::ALL.get(index).copied().unwrap_or(Status::Other).message().as_ptr()
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn the_list_is_in_the_order_of_the_numbers() {
        for (index, status) in (0..).zip(Status::ALL) {
            assert_eq!(status as u32, index);
        }
    }
}
