//! The swap PTEs of a layout that is known only at run time, handed out one by one.

use swp_pte::{MemoryOrder as ByteOrder, SwpEntry, SwpPte};
use swp_pte_atlas::{Row, Visit};

use crate::masks::Masks;
use crate::{PartialWord, ScanError, swap_entries};

/// A swap PTE as plain numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwapWord {
    /// Where it is, in bytes from the start of the image.
    pub position: u64,
    /// The word; its markers are the bits of [`Layout::flag_mask`](swp_pte::Layout::flag_mask).
    pub word: u64,
    /// The entry; `None` where the kernel's decoder reads more than its encoder writes, see
    /// [`SwpPte::decode`].
    pub entry: Option<SwpEntry>,
    /// Its stray bits, see [`Layout::stray`](swp_pte::Layout::stray); 0 for every word that a kernel wrote.
    pub stray: u64,
}

/// Calls `each` with every swap PTE of `bytes`, in order. `position` is where the bytes begin in the image.
///
/// # Errors
/// [`ScanError`]; nothing has been handed out then.
pub fn for_each_swap(
    row: &Row,
    bytes: &[u8],
    order: ByteOrder,
    position: u64,
    each: impl FnMut(SwapWord),
) -> Result<(), ScanError> {
    struct Visitor<'a, F> {
        bytes: &'a [u8],
        order: ByteOrder,
        position: u64,
        each: F,
    }
    impl<F: FnMut(SwapWord)> Visit for Visitor<'_, F> {
        type Output = Result<(), PartialWord>;

        fn visit<P: SwpPte>(mut self) -> Self::Output {
            for entry in swap_entries::<P>(self.bytes, self.order, self.position)? {
                let word = entry.pte.to_bits().into();
                let (position, stray) = (entry.position, Masks::<P>::stray(word));
                (self.each)(SwapWord { position, word, entry: entry.pte.decode().ok(), stray });
            }
            Ok(())
        }
    }
    let visited = row.visit(Visitor { bytes, order, position, each });
    Ok(visited.ok_or(ScanError::NotInAtlas)??)
}
