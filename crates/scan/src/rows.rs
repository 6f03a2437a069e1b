//! The swap PTEs of a layout that is known only at run time, handed out one by one.

use core::marker::PhantomData;

use swp_pte::{PteBits, SwpEntry, SwpPte};
use swp_pte_atlas::{Row, Visit};

use crate::bounds::ones;
use crate::bytes::{Loop, Order, PartialWord, WordBytes, over_words, pte};
use crate::kinds::Kinds;
use crate::masks::Masks;
use crate::summarize::BLOCK;
use crate::words::{Run, each_run};
use crate::{ScanError, Words};

/// A swap PTE as plain numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwapWord {
    /// Where it is, in bytes from the start of the image; of the first, if there are copies.
    pub position: u64,
    /// The word; its markers are the bits of [`Layout::flag_mask`](swp_pte::Layout::flag_mask).
    pub word: u64,
    /// The entry; `None` where the kernel's decoder reads more than its encoder writes, see
    /// [`SwpPte::decode`].
    pub entry: Option<SwpEntry>,
    /// Its stray bits, see [`Layout::stray`](swp_pte::Layout::stray); 0 for every word that a kernel wrote.
    pub stray: u64,
}

/// Calls `each` with every swap PTE, in order. A word whose [copies](Words::copies) are not the same is left out; the
/// summary [counts](crate::Summary::copies_that_differ) these.
///
/// # Errors
/// [`ScanError`]; nothing has been handed out then.
pub fn for_each_swap(row: &Row, words: Words<'_>, mut each: impl FnMut(SwapWord)) -> Result<(), ScanError> {
    // One function for all callers and few calls of what it is given: a loop for each layout is code enough.
    struct Visitor<'a>(Words<'a>, &'a mut dyn FnMut(&[SwapWord]));
    impl Visit for Visitor<'_> {
        type Output = Result<(), PartialWord>;

        fn visit<P: SwpPte>(self) -> Self::Output {
            hand_out::<P>(self.0, self.1)
        }
    }
    let mut some = |swaps: &[SwapWord]| swaps.iter().for_each(|swap| each(*swap));
    Ok(row.visit(Visitor(words, &mut some)).ok_or(ScanError::NotInAtlas)??)
}

/// Blocks that are looked through before their swap PTEs are handed out.
const BLOCKS: usize = 64;

fn hand_out<P: SwpPte>(words: Words<'_>, each: &mut dyn FnMut(&[SwapWord])) -> Result<(), PartialWord> {
    let arch = pulp::Arch::new();
    let differing = each_run::<P>(words, |run| {
        let mut which = [0; BLOCKS];
        let size = (P::Bits::BITS / 8) as usize * BLOCK * BLOCKS;
        for (number, bytes) in (0..).zip(run.bytes.chunks(size)) {
            let position = run.position + number * (BLOCK * BLOCKS) as u64 * run.stride;
            let part = Run { bytes, position, ..run };
            arch.dispatch(Find::<P> { run: part, which: &mut which, backend: PhantomData });
            over_words::<P, _>(bytes, run.big, Decode { part, which: &which, each });
        }
    });
    differing.map(drop)
}

/// Which words of each block are swap PTEs.
struct Find<'a, P> {
    run: Run<'a>,
    which: &'a mut [u64; BLOCKS],
    backend: PhantomData<P>,
}

impl<P: SwpPte> pulp::WithSimd for Find<'_, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        over_words::<P, _>(self.run.bytes, self.run.big, self);
    }
}

impl<P: SwpPte> Loop<P> for Find<'_, P> {
    type Output = ();

    #[inline(always)]
    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        let (blocks, rest) = words.as_chunks::<BLOCK>();
        for (which, block) in self.which.iter_mut().zip(blocks) {
            *which = Kinds::of::<P, W, O>(block).swap;
        }
        if let Some(last) = self.which.get_mut(blocks.len()) {
            *last = Kinds::of::<P, W, O>(rest).swap;
        }
    }
}

/// Hands out the swap PTEs of each block.
struct Decode<'a> {
    part: Run<'a>,
    which: &'a [u64; BLOCKS],
    each: &'a mut dyn FnMut(&[SwapWord]),
}

impl<P: SwpPte> Loop<P> for Decode<'_> {
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
                    entry: pte::<P>(word).and_then(|pte| pte.decode().ok()),
                    stray: Masks::<P>::stray(word),
                };
                count += 1;
            }
            if let Some(swaps) = swaps.get(..count).filter(|swaps| !swaps.is_empty()) {
                (self.each)(swaps);
            }
        }
    }
}
