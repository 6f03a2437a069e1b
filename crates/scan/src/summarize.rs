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

use core::marker::PhantomData;

use swp_pte::SwpPte;
use swp_pte_atlas::{Row, Visit};

use crate::bounds::{Bounds, ones};
use crate::bytes::{Little, Loop, Order, PartialWord, WordBytes, over_words};
use crate::kinds::{Kinds, any_none, set_aside};
use crate::masks::Masks;
use crate::swapped::{add, add_alike};
use crate::words::{Run, each_run};
use crate::{ScanError, Summary, Words};

/// Words in a block.
pub(crate) const BLOCK: usize = 64;

/// Adds words to a summary.
///
/// # Errors
/// [`PartialWord`] if the length is no multiple of the word; the summary is unchanged then.
pub fn summarize<P: SwpPte>(words: Words<'_>, summary: &mut Summary) -> Result<(), PartialWord> {
    // The same loop, compiled for the instruction sets that a processor may have, chosen at run time.
    struct Dispatch<'a, P> {
        run: Run<'a>,
        summary: &'a mut Summary,
        backend: PhantomData<P>,
    }
    // A struct, since a closure would be called, and its loop compiled for the plainest processor.
    impl<P: SwpPte> pulp::WithSimd for Dispatch<'_, P> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, simd: S) {
            let Self { run, summary, .. } = self;
            let Run { bytes, big, position, stride } = run;
            over_words::<P, _>(bytes, big, Summarize { simd, position, stride, summary });
        }
    }
    let arch = pulp::Arch::new();
    let differing = each_run::<P>(words, |run| {
        arch.dispatch(Dispatch::<P> { run, summary, backend: PhantomData });
    })?;
    summary.differing.merge(differing);
    Ok(())
}

/// The same for a layout that is known only at run time: one look at the table, then the loop of that layout.
///
/// # Errors
/// As [`summarize`], and [`ScanError::NotInAtlas`].
pub fn summarize_row(row: &Row, words: Words<'_>, summary: &mut Summary) -> Result<(), ScanError> {
    struct Visitor<'a>(Words<'a>, &'a mut Summary);
    impl Visit for Visitor<'_> {
        type Output = Result<(), PartialWord>;

        fn visit<P: SwpPte>(self) -> Self::Output {
            summarize::<P>(self.0, self.1)
        }
    }
    Ok(row.visit(Visitor(words, summary)).ok_or(ScanError::NotInAtlas)??)
}

struct Summarize<'a, S> {
    simd: S,
    position: u64,
    stride: u64,
    summary: &'a mut Summary,
}

impl<P: SwpPte, S: pulp::Simd> Loop<P> for Summarize<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        let Self { simd, position, stride, summary } = self;
        summary.words += words.len() as u64;
        // Blocks of a length that the compiler knows need no code for what is left over; single words are such blocks.
        let (blocks, rest) = words.as_chunks::<BLOCK>();
        let (single, _) = rest.as_chunks::<1>();
        let (mut at, mut waiting) = (position, Waiting::new());
        for block in blocks {
            count::<P, W, O, S, BLOCK>(simd, block, (at, stride), &mut waiting, summary);
            at += BLOCK as u64 * stride;
        }
        for block in single {
            count::<P, W, O, S, 1>(simd, block, (at, stride), &mut waiting, summary);
            at += stride;
        }
        waiting.add_all::<P, S>(simd, summary);
    }
}

/// Counts a block; `place` is where it begins in the image, and how far it is from a word to the next.
#[inline(always)]
fn count<P: SwpPte, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    block: &[W; N],
    place: (u64, u64),
    waiting: &mut Waiting,
    summary: &mut Summary,
) {
    let bounds = Bounds::of::<W, O, S>(simd, block);
    if bounds.all_match(Masks::<P>::NONE) {
        summary.none += N as u64;
    } else if bounds.all_present::<P>() {
        summary.present += N as u64;
    } else if bounds.none_present::<P>()
        && !bounds.stray::<P>()
        // Where `pte_none()` compares with 0, scattered words seldom have a bit in common that says that they are not.
        && (bounds.none_matches(Masks::<P>::NONE) || !any_none::<P, W, O>(block))
    {
        add::<P, W, O, S, N>(simd, block, bounds, summary);
    } else {
        mixed::<P, W, O, S, N>(simd, block, place, waiting, summary);
    }
}

#[inline(always)]
fn mixed<P: SwpPte, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    block: &[W; N],
    place: (u64, u64),
    waiting: &mut Waiting,
    summary: &mut Summary,
) {
    let Kinds { none, swap, bounds } = Kinds::of::<P, W, O>(block);
    summary.none += none;
    summary.present += N as u64 - none - u64::from(swap.count_ones());
    if swap == 0 {
        return;
    }
    if bounds.stray::<P>() {
        let clean = set_aside::<P, W, O, N>(block, swap, bounds, place, summary);
        waiting.take::<W, O, N>(block, clean);
    } else if !add_alike::<P>(bounds, u64::from(swap.count_ones()), summary) {
        waiting.take::<W, O, N>(block, swap);
    }
    waiting.add_block::<P, S>(simd, summary);
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
    fn add_block<P: SwpPte, S: pulp::Simd>(&mut self, simd: S, summary: &mut Summary) {
        if self.count >= BLOCK {
            let (blocks, _) = self.words.as_chunks_mut::<BLOCK>();
            if let [block, next] = blocks {
                let bounds = Bounds::of::<_, Little, S>(simd, block);
                add::<P, _, Little, S, BLOCK>(simd, block, bounds, summary);
                *block = *next;
            }
            self.count -= BLOCK;
        }
    }

    /// Counts all that are left.
    #[inline(always)]
    fn add_all<P: SwpPte, S: pulp::Simd>(&self, simd: S, summary: &mut Summary) {
        let left = self.words.get(..self.count).unwrap_or_default();
        for block in left.as_chunks::<1>().0 {
            let bounds = Bounds::of::<_, Little, S>(simd, block);
            add::<P, _, Little, S, 1>(simd, block, bounds, summary);
        }
    }
}
