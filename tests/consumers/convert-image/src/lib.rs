//! Converts the swap PTEs of a page-table image from one layout to another, whatever the byte order of either and of
//! this host: what a tool does that restores a memory image on another machine.

use std::error::Error;
use std::fmt::{Display, Formatter};

use swp_pte::{DecodeError, EncodeError, Flag, MemoryOrder, PteKind, SwpPte};

/// Why an image cannot be converted, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ConvertError {
    /// The image ends in the middle of a word.
    Cut {
        /// Bytes of the image.
        len: usize,
    },
    /// A word holds no entry, and is not none either: it maps a page, or no encoder can have written it.
    Decode {
        /// Where the word is, in bytes from the start.
        at: usize,
        /// What it is.
        error: DecodeError,
    },
    /// An entry that the other layout cannot hold.
    Encode {
        /// Where the word is, in bytes from the start.
        at: usize,
        /// What does not fit.
        error: EncodeError,
    },
}

impl Display for ConvertError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cut { len } => write!(f, "{len} bytes are no whole number of words"),
            Self::Decode { at, error } => write!(f, "at byte {at:#x}: {error}"),
            Self::Encode { at, error } => write!(f, "at byte {at:#x}: {error}"),
        }
    }
}

impl Error for ConvertError {}

/// The image with every swap PTE in the other layout; words that are none stay none.
///
/// # Errors
/// [`ConvertError`] for the first word that cannot be converted; nothing of the rest is.
pub fn convert<From, To>(image: &[u8]) -> Result<Vec<u8>, ConvertError>
where
    From: SwpPte<Bits = u64>,
    To: SwpPte<Bits = u64>,
{
    let (words, rest) = image.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(ConvertError::Cut { len: image.len() });
    }
    let mut converted = Vec::with_capacity(image.len());
    for (i, bytes) in words.iter().enumerate() {
        let at = i * 8;
        // Eight bytes are always a word.
        let pte = From::from_bits(From::LAYOUT.memory.order.word(bytes).unwrap_or_default());
        let word = if pte.kind() == PteKind::None {
            To::LAYOUT.none.value & To::LAYOUT.word_mask()
        } else {
            let entry = pte.decode().map_err(|error| ConvertError::Decode { at, error: error.why() })?;
            let to = To::encode(entry).map_err(|error| ConvertError::Encode { at, error: error.why() })?;
            if pte.is_set_or_stub(Flag::Exclusive) { to.set_or_stub(Flag::Exclusive) } else { to }.to_bits()
        };
        converted.extend(match To::LAYOUT.memory.order {
            MemoryOrder::Little => word.to_le_bytes(),
            MemoryOrder::BigLowWordFirst => word.rotate_left(u32::BITS).to_be_bytes(),
            _ => word.to_be_bytes(),
        });
    }
    Ok(converted)
}
