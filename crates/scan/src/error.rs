//! Why an image cannot be read.

use crate::PartialWord;

/// Why words cannot be taken out of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ScanError {
    /// The length is no multiple of the word.
    PartialWord(PartialWord),
    /// The row is not one of the atlas's table, so that its backend is not known.
    NotInAtlas,
}

impl From<PartialWord> for ScanError {
    fn from(error: PartialWord) -> Self {
        Self::PartialWord(error)
    }
}

impl core::fmt::Display for ScanError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::PartialWord(error) => error.fmt(f),
            Self::NotInAtlas => f.write_str("the layout is not in the table of the atlas"),
        }
    }
}

impl core::error::Error for ScanError {}
