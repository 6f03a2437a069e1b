//! The words of an image one by one, with their positions.

use swp_pte::{MemoryOrder, PteBits, PteKind, SwpPte};

use crate::bytes::{PartialWord, pte};

/// A word of an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<P> {
    /// Where it is, in bytes from the start of the image.
    pub position: u64,
    /// The word, as its backend's type.
    pub pte: P,
}

/// The words of `bytes`, whatever their kind, in order. `position` is where they begin in the image.
///
/// Nothing is allocated. The whole is compiled for one layout; a loop over it is the place for what
/// [`summarize`](crate::summarize) does not count.
///
/// # Errors
/// [`PartialWord`] if the length is no multiple of the word.
pub fn entries<P: SwpPte>(
    bytes: &[u8],
    order: MemoryOrder,
    position: u64,
) -> Result<impl Iterator<Item = Entry<P>>, PartialWord> {
    let word = (P::Bits::BITS / 8) as usize;
    if !bytes.len().is_multiple_of(word) {
        return Err(PartialWord { length: bytes.len(), word });
    }
    let numbers = bytes.chunks_exact(word).filter_map(move |bytes| order.word(bytes));
    let ptes = numbers.filter_map(pte::<P>);
    Ok((position..).step_by(word).zip(ptes).map(|(position, pte)| Entry { position, pte }))
}

/// The swap PTEs among them.
///
/// # Errors
/// As [`entries`].
pub fn swap_entries<P: SwpPte>(
    bytes: &[u8],
    order: MemoryOrder,
    position: u64,
) -> Result<impl Iterator<Item = Entry<P>>, PartialWord> {
    Ok(entries(bytes, order, position)?.filter(|entry: &Entry<P>| entry.pte.kind() == PteKind::Swap))
}
