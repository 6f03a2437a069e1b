//! Which words of a block are none, present or swap, and which of the swap PTEs no kernel wrote.
//!
//! The loops are written so that compilers turn them into vectors, with masks in place of conditions.

use swp_pte::SwpPte;

use crate::bounds::{Bounds, ones};
use crate::bytes::{Order, WordBytes};
use crate::masks::Masks;
use crate::{Summary, Suspicious};

/// Some words of a block. Where there are none, their bounds mean nothing.
#[derive(Clone, Copy)]
pub(crate) struct Members {
    /// Which, from bit 0 up.
    pub(crate) which: u64,
    pub(crate) bounds: Bounds,
}

/// The words of a block by kind; those that are neither are present.
pub(crate) struct Kinds {
    /// Which are none, from bit 0 up.
    pub(crate) none: u64,
    pub(crate) swap: Members,
}

impl Kinds {
    #[inline(always)]
    pub(crate) fn of<P: SwpPte, W: WordBytes, O: Order>(block: &[W]) -> Self {
        const { assert!(crate::summarize::BLOCK <= 64) }
        let (mut none, mut which, mut all, mut any) = (0, 0, u64::MAX, 0);
        for (i, word) in block.iter().enumerate() {
            let number = word.number::<O>();
            let is_none = Masks::<P>::is_none(number);
            let is_swap = !is_none & !Masks::<P>::matches_present(number);
            let mask = u64::from(is_swap).wrapping_neg();
            none |= u64::from(is_none) << i;
            which |= u64::from(is_swap) << i;
            all &= number | !mask;
            any |= number & mask;
        }
        Self { none, swap: Members { which, bounds: Bounds { all, any } } }
    }
}

/// Counts the swap PTEs with stray bits, and leaves those without. The words lie `stride` bytes apart in the image.
#[inline(always)]
pub(crate) fn set_aside<P: SwpPte, W: WordBytes, O: Order, const N: usize>(
    block: &[W; N],
    swap: u64,
    position: u64,
    stride: u64,
    summary: &mut Summary,
) -> Members {
    let (mut suspicious, mut stray_bits, mut all, mut any) = (0, 0, u64::MAX, 0);
    for (i, word) in block.iter().enumerate() {
        let number = word.number::<O>();
        let stray = Masks::<P>::stray(number);
        let is_suspicious = swap >> i & u64::from(stray != 0);
        let clean = (swap >> i & u64::from(stray == 0)).wrapping_neg();
        suspicious |= is_suspicious << i;
        stray_bits |= stray & is_suspicious.wrapping_neg();
        all &= number | !clean;
        any |= number & clean;
    }
    summary.suspicious += u64::from(suspicious.count_ones());
    summary.stray_bits |= stray_bits;
    if summary.wants_example(position) {
        examples::<P, W, O>(block, suspicious, position, stride, summary);
    }
    Members { which: swap & !suspicious, bounds: Bounds { all, any } }
}

#[cold]
fn examples<P: SwpPte, W: WordBytes, O: Order>(
    block: &[W],
    suspicious: u64,
    position: u64,
    stride: u64,
    summary: &mut Summary,
) {
    for i in ones(suspicious) {
        let (at, word) = (position + i as u64 * stride, block[i].number::<O>());
        if summary.wants_example(at) {
            summary.add_example(Suspicious { position: at, word, stray: Masks::<P>::stray(word) });
        }
    }
}
