//! The loop behind a summary: how the words of an image are counted at the speed of memory.
//!
//! Words are taken in blocks that fit the first-level cache, and each block costs as little as it lets itself be
//! asked:
//!
//! 1. The AND and the OR of its words, two instructions a vector. If these say that every word is none, or that every
//!    word is present, the block is done; most of a page table is like that.
//! 2. [`Tally`]: every word classified without a branch, in vectors: counts of kinds and markers, and what the swap
//!    PTEs' types and offsets have in common. If there are none, or if one type and one bin of the histogram hold them
//!    all, the block is done.
//! 3. Otherwise one table entry a word.

use core::marker::PhantomData;

use swp_pte::{ByteOrder, Flag, PteKind, SwpPte};
use swp_pte_atlas::{Row, Visit};

use crate::bytes::{Loop, Order, PartialWord, WordBytes, over_words};
use crate::masks::Masks;
use crate::summary::{OfType, TYPES};
use crate::{Histogram, Summary, Suspicious};

/// Words in a block.
const BLOCK: usize = 64;

/// Adds the words of `bytes` to a summary. `position` is where they begin in the image.
///
/// # Errors
/// [`PartialWord`] if the length is no multiple of the word; the summary is unchanged then.
pub fn summarize<P: SwpPte>(
    bytes: &[u8],
    order: ByteOrder,
    position: u64,
    summary: &mut Summary,
) -> Result<(), PartialWord> {
    // The same loop, compiled for the instruction sets that a processor may have, chosen at run time.
    struct Dispatch<'a, P> {
        bytes: &'a [u8],
        order: ByteOrder,
        summarize: Summarize<'a>,
        backend: PhantomData<P>,
    }
    // A struct, since a closure would be called, and its loop compiled for the plainest processor.
    impl<P: SwpPte> pulp::WithSimd for Dispatch<'_, P> {
        type Output = Result<(), PartialWord>;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
            over_words::<P, _>(self.bytes, self.order, self.summarize)
        }
    }
    let summarize = Summarize { position, summary };
    pulp::Arch::new().dispatch(Dispatch::<P> { bytes, order, summarize, backend: PhantomData })
}

/// The same for a layout that is known only at run time: one look at the table, then the loop of that layout.
///
/// # Errors
/// As [`summarize`], and [`ScanError::NotInAtlas`](crate::ScanError::NotInAtlas).
pub fn summarize_row(
    row: &Row,
    bytes: &[u8],
    order: ByteOrder,
    position: u64,
    summary: &mut Summary,
) -> Result<(), crate::ScanError> {
    struct Visitor<'a> {
        bytes: &'a [u8],
        order: ByteOrder,
        position: u64,
        summary: &'a mut Summary,
    }
    impl Visit for Visitor<'_> {
        type Output = Result<(), PartialWord>;

        fn visit<P: SwpPte>(self) -> Self::Output {
            summarize::<P>(self.bytes, self.order, self.position, self.summary)
        }
    }
    let visited = row.visit(Visitor { bytes, order, position, summary });
    Ok(visited.ok_or(crate::ScanError::NotInAtlas)??)
}

struct Summarize<'a> {
    position: u64,
    summary: &'a mut Summary,
}

impl<P: SwpPte> Loop<P> for Summarize<'_> {
    type Output = ();

    #[inline(always)]
    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        let Self { position, summary } = self;
        summary.words += words.len() as u64;
        let mut at = position;
        for block in words.chunks(BLOCK) {
            match uniform::<P, W, O>(block) {
                Some(PteKind::None) => summary.none += block.len() as u64,
                Some(PteKind::Present) => summary.present += block.len() as u64,
                Some(PteKind::Swap) | None => mixed::<P, W, O>(block, at, summary),
            }
            at += size_of_val(block) as u64;
        }
    }
}

/// Whether all words of a block are none, or all present, as far as their AND and OR tell.
#[inline(always)]
fn uniform<P: SwpPte, W: WordBytes, O: Order>(block: &[W]) -> Option<PteKind> {
    let (mut all, mut any) = (u64::MAX, 0);
    for word in block {
        let number = word.number::<O>();
        all &= number;
        any |= number;
    }
    let layout = const { &P::LAYOUT };
    let same = |mask: u64, value: u64| all & mask == value && any & mask == value;
    let none = Masks::<P>::NONE;
    if same(none.mask, none.value) {
        return Some(PteKind::None);
    }
    let excludes_none = |mask: u64, value: u64| (value ^ none.value) & mask & none.mask != 0;
    let present = layout.present.iter().any(|p| excludes_none(p.mask, p.value) && same(p.mask, p.value));
    present.then_some(PteKind::Present)
}

/// What the words of a block come to, as sums and extremes that need no branch.
#[derive(Default)]
struct Tally {
    clean: u64,
    suspicious: u64,
    stray_bits: u64,
    flags: [u64; Flag::ALL.len()],
    /// AND and OR of the types of all swap PTEs without stray bits: equal if there is only one.
    type_all: u64,
    type_any: u64,
    min: u64,
    max: u64,
}

#[inline(always)]
fn tally<P: SwpPte, W: WordBytes, O: Order>(block: &[W]) -> Tally {
    let mut tally = Tally { type_all: u64::MAX, min: u64::MAX, ..Tally::default() };
    let [f0, f1, f2] = Masks::<P>::FLAGS;
    let [mut e0, mut e1, mut e2] = [0u64; 3];
    for word in block {
        let number = word.number::<O>();
        let none = Masks::<P>::is_none(number);
        let swap = !none & !Masks::<P>::matches_present(number);
        let stray = Masks::<P>::stray(number);
        let clean = swap & (stray == 0);
        let mask = u64::from(clean).wrapping_neg();
        tally.suspicious += u64::from(swap & (stray != 0));
        tally.stray_bits |= stray & u64::from(swap).wrapping_neg();
        tally.clean += u64::from(clean);
        e0 += u64::from(number & mask & f0 != 0);
        e1 += u64::from(number & mask & f1 != 0);
        e2 += u64::from(number & mask & f2 != 0);
        let (swp_type, offset) = (Masks::<P>::swp_type(number), Masks::<P>::offset(number));
        tally.type_all &= swp_type | !mask;
        tally.type_any |= swp_type & mask;
        tally.min = tally.min.min(offset | !mask);
        tally.max = tally.max.max(offset & mask);
    }
    tally.flags = [e0, e1, e2];
    tally
}

#[inline(always)]
fn mixed<P: SwpPte, W: WordBytes, O: Order>(block: &[W], position: u64, summary: &mut Summary) {
    let (mut none, mut present) = (0, 0);
    for word in block {
        let number = word.number::<O>();
        let is_none = Masks::<P>::is_none(number);
        none += u64::from(is_none);
        present += u64::from(!is_none & Masks::<P>::matches_present(number));
    }
    summary.none += none;
    summary.present += present;
    if none + present != block.len() as u64 {
        swap::<P, W, O>(block, position, summary);
    }
}

#[inline(always)]
fn swap<P: SwpPte, W: WordBytes, O: Order>(block: &[W], position: u64, summary: &mut Summary) {
    let tally = tally::<P, W, O>(block);
    summary.suspicious += tally.suspicious;
    summary.stray_bits |= tally.stray_bits;
    for (count, more) in summary.flags.iter_mut().zip(tally.flags) {
        *count += more;
    }
    if tally.suspicious > 0 && summary.wants_example(position) {
        examples::<P, W, O>(block, position, summary);
    }
    if tally.clean == 0 {
        return;
    }
    if tally.type_all == tally.type_any {
        one_type::<P, W, O>(block, &tally, &mut summary.types[index(tally.type_any)]);
    } else {
        each::<P, W, O>(block, &mut summary.types);
    }
}

/// The suspicious words of a block, one by one.
#[cold]
fn examples<P: SwpPte, W: WordBytes, O: Order>(block: &[W], position: u64, summary: &mut Summary) {
    for (at, word) in (position..).step_by(size_of::<W>()).zip(block) {
        let word = word.number::<O>();
        let stray = Masks::<P>::stray(word);
        if stray != 0 && P::LAYOUT.kind(word) == PteKind::Swap && summary.wants_example(at) {
            summary.add_example(Suspicious { position: at, word, stray });
        }
    }
}

/// All swap PTEs of the block have one type.
#[inline(always)]
fn one_type<P: SwpPte, W: WordBytes, O: Order>(block: &[W], tally: &Tally, of_type: &mut OfType) {
    of_type.extend(tally.min);
    of_type.extend(tally.max);
    let histogram = &mut of_type.histogram;
    let shift = histogram.shift();
    if tally.min >> shift == tally.max >> shift {
        histogram.add(tally.min, tally.clean);
        return;
    }
    // The bin of each word, in vectors. What is no swap PTE is counted in bin 0 too, and taken out again.
    let mut bins = [0; BLOCK];
    for (bin, word) in bins.iter_mut().zip(block) {
        let number = word.number::<O>();
        let is = is_clean::<P>(number);
        *bin = Histogram::index((Masks::<P>::offset(number) >> shift) & u64::from(is).wrapping_neg());
    }
    let bins = bins.get(..block.len()).unwrap_or_default();
    histogram.add_each(bins, block.len() as u64 - tally.clean);
}

/// One swap PTE after the other.
#[inline(always)]
fn each<P: SwpPte, W: WordBytes, O: Order>(block: &[W], types: &mut [OfType; TYPES]) {
    // Together first: whether a word is one cannot be foreseen, and a branch that is foreseen wrongly costs more than
    // all the rest.
    let mut numbers = [0; BLOCK];
    let mut count = 0;
    for word in block {
        let number = word.number::<O>();
        numbers[count % BLOCK] = number;
        count += usize::from(is_clean::<P>(number));
    }
    for &number in &numbers[..count] {
        let (swp_type, offset) = (Masks::<P>::swp_type(number), Masks::<P>::offset(number));
        let of_type = &mut types[index(swp_type)];
        if offset < of_type.min || offset > of_type.max {
            of_type.extend(offset);
        }
        of_type.histogram.add(offset, 1);
    }
}

#[inline(always)]
const fn is_clean<P: SwpPte>(number: u64) -> bool {
    !Masks::<P>::is_none(number) & !Masks::<P>::matches_present(number) & (Masks::<P>::stray(number) == 0)
}

/// Where a type is counted; one without stray bits is always below the number of types.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "masked to the number of types")]
const fn index(swp_type: u64) -> usize {
    (swp_type & (TYPES as u64 - 1)) as usize
}
