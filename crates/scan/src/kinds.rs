//! Which words of a block are none, present or swap, and which of the swap PTEs no kernel wrote.
//!
//! The loops are written so that compilers turn them into vectors, with masks in place of conditions.

use crate::bounds::{Bounds, ones};
use crate::bytes::{Order, WordBytes};
use crate::masks::{Masks, Shape};
use crate::summarize::BLOCK;
use crate::{Summary, Suspicious};

/// The words of a block by kind; those that are neither are present.
pub(crate) struct Kinds {
    /// How many are none.
    pub(crate) none: u64,
    /// Which are swap PTEs, from bit 0 up.
    pub(crate) swap: u64,
    /// The bounds of the swap PTEs; where there are none, they mean nothing.
    pub(crate) bounds: Bounds,
}

impl Kinds {
    #[inline(always)]
    pub(crate) fn of<H: Shape, W: WordBytes, O: Order>(masks: &Masks<H>, block: &[W]) -> Self {
        const { assert!(BLOCK <= 64) }
        let (mut none, mut swap, mut all, mut any) = (0, 0, u64::MAX, 0);
        for (i, word) in block.iter().enumerate() {
            let number = word.number::<O>();
            let is_none = masks.is_none(number);
            let is_swap = !is_none & !masks.matches_present(number);
            let mask = u64::from(is_swap).wrapping_neg();
            none += u64::from(is_none);
            swap |= mask & 1 << i;
            all &= number | !mask;
            any |= number & mask;
        }
        Self { none, swap, bounds: Bounds { all, any } }
    }
}

/// Whether any word of a block is none.
#[inline(always)]
pub(crate) fn any_none<H: Shape, W: WordBytes, O: Order>(masks: &Masks<H>, block: &[W]) -> bool {
    block.iter().fold(false, |any, word| any | masks.is_none(word.number::<O>()))
}

/// Counts the swap PTEs with stray bits, and gives those without. `place` is where the block begins in the image, and how
/// far it is from a word to the next.
#[inline(always)]
pub(crate) fn set_aside<H: Shape, W: WordBytes, O: Order, const N: usize>(
    masks: &Masks<H>,
    block: &[W; N],
    swap: u64,
    bounds: Bounds,
    place: (u64, u64),
    summary: &mut Summary,
) -> u64 {
    let mut suspicious = 0;
    for (i, word) in block.iter().enumerate() {
        suspicious |= u64::from(masks.stray(word.number::<O>()) != 0).wrapping_neg() & 1 << i;
    }
    suspicious &= swap;
    summary.suspicious += u64::from(suspicious.count_ones());
    // Those of all, since the others have none.
    summary.stray_bits |= bounds.stray_bits(masks);
    if summary.wants_example(place.0) {
        examples::<H, W, O>(masks, block, suspicious, place, summary);
    }
    swap & !suspicious
}

#[cold]
fn examples<H: Shape, W: WordBytes, O: Order>(
    masks: &Masks<H>,
    block: &[W],
    suspicious: u64,
    (position, stride): (u64, u64),
    summary: &mut Summary,
) {
    for i in ones(suspicious) {
        let (at, word) = (position + i as u64 * stride, block[i].number::<O>());
        if summary.wants_example(at) {
            summary.add_example(Suspicious { position: at, word, stray: masks.stray(word) });
        }
    }
}
