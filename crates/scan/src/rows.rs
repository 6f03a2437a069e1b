//! The swap PTEs of an image, handed out one by one.

use swp_pte::{Layout, SwpEntry};

use crate::Words;
use crate::bounds::ones;
use crate::bytes::{Loop, Order, PartialWord, WordBytes, over_words};
use crate::kinds::Kinds;
use crate::masks::{Any, Masks};
use crate::summarize::BLOCK;
use crate::words::{Run, each_run};

/// A swap PTE as plain numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwapWord {
    /// Where it is, in bytes from the start of the image; of the first, if there are copies.
    pub position: u64,
    /// The word; its markers are the bits of [`Layout::flag_mask`](swp_pte::Layout::flag_mask).
    pub word: u64,
    /// The entry; `None` where the kernel's decoder reads more than its encoder writes, see
    /// [`SwpPte::decode`](swp_pte::SwpPte::decode).
    pub entry: Option<SwpEntry>,
    /// Its stray bits, see [`Layout::stray`](swp_pte::Layout::stray); 0 for every word that a kernel wrote.
    pub stray: u64,
}

/// Calls `each` with every swap PTE of a layout, in order. A word whose [copies](Words::copies) are not the same is left out;
/// the summary [counts](crate::Summary::copies_that_differ) these.
///
/// # Errors
/// [`PartialWord`]; nothing has been handed out then.
pub fn for_each_swap(layout: &Layout<'_>, words: Words<'_>, mut each: impl FnMut(SwapWord)) -> Result<(), PartialWord> {
    // One function for all callers and few calls of what it is given.
    hand_out(layout, words, &mut |swaps: &[SwapWord]| swaps.iter().for_each(|swap| each(*swap)))
}

/// Blocks that are looked through before their swap PTEs are handed out.
const BLOCKS: usize = 64;

fn hand_out(layout: &Layout<'_>, words: Words<'_>, each: &mut dyn FnMut(&[SwapWord])) -> Result<(), PartialWord> {
    let arch = pulp::Arch::new();
    let masks = &Masks::new(layout);
    let word = (layout.width / 8) as usize;
    let differing = each_run(words, word, |run| {
        let mut which = [0; BLOCKS];
        for (number, bytes) in (0..).zip(run.bytes.chunks(word * BLOCK * BLOCKS)) {
            let position = run.position + number * (BLOCK * BLOCKS) as u64 * run.stride;
            let part = Run { bytes, position, ..run };
            arch.dispatch(Find { run: part, word, masks, which: &mut which });
            over_words(bytes, word, run.big, Decode { part, masks, which: &which, each });
        }
    });
    differing.map(drop)
}

/// Which words of each block are swap PTEs.
struct Find<'a> {
    run: Run<'a>,
    word: usize,
    masks: &'a Masks<Any>,
    which: &'a mut [u64; BLOCKS],
}

impl pulp::WithSimd for Find<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        over_words(self.run.bytes, self.word, self.run.big, self);
    }
}

impl Loop for Find<'_> {
    type Output = ();

    #[inline(always)]
    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        let (blocks, rest) = words.as_chunks::<BLOCK>();
        for (which, block) in self.which.iter_mut().zip(blocks) {
            *which = Kinds::of::<Any, W, O>(self.masks, block).swap;
        }
        if let Some(last) = self.which.get_mut(blocks.len()) {
            *last = Kinds::of::<Any, W, O>(self.masks, rest).swap;
        }
    }
}

/// Hands out the swap PTEs of each block.
struct Decode<'a> {
    part: Run<'a>,
    masks: &'a Masks<Any>,
    which: &'a [u64; BLOCKS],
    each: &'a mut dyn FnMut(&[SwapWord]),
}

impl Loop for Decode<'_> {
    type Output = ();

    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        const NOTHING: SwapWord = SwapWord { position: 0, word: 0, entry: None, stray: 0 };
        let (mut swaps, Run { position, stride, .. }) = ([NOTHING; BLOCK], self.part);
        for (block, (words, which)) in (0..).step_by(BLOCK).zip(words.chunks(BLOCK).zip(self.which)) {
            let mut count = 0;
            for (swap, i) in swaps.iter_mut().zip(ones(*which)) {
                let Some(word) = words.get(i).map(|word| word.number::<O>()) else { continue };
                *swap = SwapWord {
                    position: position + (block + i as u64) * stride,
                    word,
                    entry: self.masks.entry(word),
                    stray: self.masks.stray(word),
                };
                count += 1;
            }
            if let Some(swaps) = swaps.get(..count).filter(|swaps| !swaps.is_empty()) {
                (self.each)(swaps);
            }
        }
    }
}
