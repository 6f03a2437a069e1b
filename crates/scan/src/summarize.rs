//! The loop behind a summary: how the words of an image are counted at the speed of memory.
//!
//! Words are taken in blocks that fit the first-level cache, and each block costs as little as it lets itself be
//! asked:
//!
//! 1. [`Bounds`]: the AND and the OR of its words, two instructions a vector. If these say that every word is none, or
//!    that every word is present, the block is done; most of a page table is like that.
//! 2. If they say that every word is a swap PTE without stray bits, [`add`] counts them: at once if the bounds tell all,
//!    and else word by word, in vectors but for the last step, one addition for each in a bin of its own.
//! 3. Otherwise [`Kinds`] tells which words are swap PTEs and has their bounds. If these show stray bits, [`set_aside`]
//!    takes the words with such bits out.
//! 4. What is left is counted at once where the bounds tell all, and else goes to the [`Waiting`], which are counted as
//!    in 2 when they fill a block: nothing is counted for words that are not there.

use swp_pte::Layout;

use crate::bounds::{Bounds, ones};
use crate::bytes::{Little, Loop, Order, PartialWord, WordBytes, over_words};
use crate::kinds::{Kinds, any_none, set_aside};
use crate::masks::{Masks, Shape};
use crate::swapped::{add, add_alike};
use crate::words::{Run, each_run};
use crate::{Summary, Words};

/// Words in a block.
pub(crate) const BLOCK: usize = 64;

/// Adds words of a layout to a summary.
///
/// # Errors
/// [`PartialWord`] if the length is no multiple of the word with its copies; the summary is unchanged then.
pub fn summarize(layout: &Layout<'_>, words: Words<'_>, summary: &mut Summary) -> Result<(), PartialWord> {
    let any = Masks::new(layout);
    let word = (layout.width / 8) as usize;
    let arch = pulp::Arch::new();
    let differing = match any.plain() {
        Some(masks) => each_run(words, word, |run| arch.dispatch(Dispatch { run, word, masks: &masks, summary })),
        None => each_run(words, word, |run| arch.dispatch(Dispatch { run, word, masks: &any, summary })),
    }?;
    summary.differing.merge(differing);
    Ok(())
}

/// The same loop, compiled for the instruction sets that a processor may have, chosen at run time. A struct, since a
/// closure would be called, and its loop compiled for the plainest processor.
struct Dispatch<'a, H> {
    run: Run<'a>,
    /// Bytes of a word.
    word: usize,
    masks: &'a Masks<H>,
    summary: &'a mut Summary,
}

impl<H: Shape> pulp::WithSimd for Dispatch<'_, H> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let Self { run, word, masks, summary } = self;
        let Run { bytes, big, position, stride } = run;
        over_words(bytes, word, big, Summarize { simd, masks, position, stride, summary });
    }
}

struct Summarize<'a, S, H> {
    simd: S,
    masks: &'a Masks<H>,
    position: u64,
    stride: u64,
    summary: &'a mut Summary,
}

impl<S: pulp::Simd, H: Shape> Loop for Summarize<'_, S, H> {
    type Output = ();

    #[inline(always)]
    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        let Self { simd, masks, position, stride, summary } = self;
        // A copy, which stays in registers whatever is written elsewhere.
        let masks = &masks.clone();
        summary.words += words.len() as u64;
        // Blocks of a length that the compiler knows need no code for what is left over; single words are such blocks.
        let (blocks, rest) = words.as_chunks::<BLOCK>();
        let (single, _) = rest.as_chunks::<1>();
        let (mut at, mut waiting) = (position, Waiting::new());
        for block in blocks {
            count::<H, W, O, S, BLOCK>(simd, masks, block, (at, stride), &mut waiting, summary);
            at += BLOCK as u64 * stride;
        }
        for block in single {
            count::<H, W, O, S, 1>(simd, masks, block, (at, stride), &mut waiting, summary);
            at += stride;
        }
        waiting.add_all(simd, masks, summary);
    }
}

/// Counts a block; `place` is where it begins in the image, and how far it is from a word to the next.
#[inline(always)]
fn count<H: Shape, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    masks: &Masks<H>,
    block: &[W; N],
    place: (u64, u64),
    waiting: &mut Waiting,
    summary: &mut Summary,
) {
    let bounds = Bounds::of::<W, O, S>(simd, block);
    if bounds.all_match(masks.none) {
        summary.none += N as u64;
    } else if bounds.all_present(masks) {
        summary.present += N as u64;
    } else if bounds.none_present(masks)
        && !bounds.stray(masks)
        // Where `pte_none()` compares with 0, scattered words seldom have a bit in common that says that they are not.
        && (bounds.none_matches(masks.none) || !any_none::<H, W, O>(masks, block))
    {
        add::<H, W, O, S, N>(simd, masks, block, bounds, summary);
    } else {
        mixed::<H, W, O, S, N>(simd, masks, block, place, waiting, summary);
    }
}

#[inline(always)]
fn mixed<H: Shape, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    masks: &Masks<H>,
    block: &[W; N],
    place: (u64, u64),
    waiting: &mut Waiting,
    summary: &mut Summary,
) {
    let Kinds { none, swap, bounds } = Kinds::of::<H, W, O>(masks, block);
    summary.none += none;
    summary.present += N as u64 - none - u64::from(swap.count_ones());
    if swap == 0 {
        return;
    }
    if bounds.stray(masks) {
        let clean = set_aside::<H, W, O, N>(masks, block, swap, bounds, place, summary);
        waiting.take::<W, O, N>(block, clean);
    } else if !add_alike(masks, bounds, u64::from(swap.count_ones()), summary) {
        waiting.take::<W, O, N>(block, swap);
    }
    waiting.add_block(simd, masks, summary);
}

/// Swap PTEs without stray bits that wait until they fill a block. They are counted without their positions, so it does
/// not matter when.
struct Waiting {
    words: [[u8; 8]; 2 * BLOCK],
    count: usize,
}

impl Waiting {
    const fn new() -> Self {
        Self { words: [[0; 8]; 2 * BLOCK], count: 0 }
    }

    /// Takes some words of a block, as numbers in one byte order. Fewer than [`BLOCK`] are waiting.
    #[inline(always)]
    fn take<W: WordBytes, O: Order, const N: usize>(&mut self, block: &[W; N], which: u64) {
        let mut count = self.count;
        for i in ones(which) {
            self.words[count % (2 * BLOCK)] = block[i % N].number::<O>().to_le_bytes();
            count += 1;
        }
        self.count = count;
    }

    /// Counts a block of them, if there are as many.
    #[inline(always)]
    fn add_block<H: Shape, S: pulp::Simd>(&mut self, simd: S, masks: &Masks<H>, summary: &mut Summary) {
        if self.count >= BLOCK {
            let (blocks, _) = self.words.as_chunks_mut::<BLOCK>();
            if let [block, next] = blocks {
                let bounds = Bounds::of::<_, Little, S>(simd, block);
                add::<H, _, Little, S, BLOCK>(simd, masks, block, bounds, summary);
                *block = *next;
            }
            self.count -= BLOCK;
        }
    }

    /// Counts all that are left.
    #[inline(always)]
    fn add_all<H: Shape, S: pulp::Simd>(&self, simd: S, masks: &Masks<H>, summary: &mut Summary) {
        let left = self.words.get(..self.count).unwrap_or_default();
        for block in left.as_chunks::<1>().0 {
            let bounds = Bounds::of::<_, Little, S>(simd, block);
            add::<H, _, Little, S, 1>(simd, masks, block, bounds, summary);
        }
    }
}
