//! The loop behind a summary: how the words of an image are counted at the speed of memory.
//!
//! Words are taken in blocks that fit the first-level cache, and each block costs as little as it lets itself be
//! asked:
//!
//! 1. The AND and the OR of its words, two instructions a vector. If these say that every word is none, or that every
//!    word is present, or that every word is a swap PTE of one type and one bin, the block is as good as done; most of a
//!    page table is like that.
//! 2. Otherwise the words of each kind are counted, in vectors.
//! 3. If there are swap PTEs, [`tally`] takes them apart, still in vectors and without a branch: markers, types, offsets,
//!    the bin of each offset. Then one addition a swap PTE puts it into its bin.

use core::marker::PhantomData;

use swp_pte::{ByteOrder, Flag, Pattern, PteKind, SwpPte};
use swp_pte_atlas::{Row, Visit};

use crate::bytes::{Loop, Order, PartialWord, WordBytes, over_words};
use crate::histogram::{BINS, bin};
use crate::masks::Masks;
use crate::summary::{Range, TYPES};
use crate::{Summary, Suspicious};

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
        // Blocks of a length that the compiler knows need no code for what is left over; single words are such blocks.
        let (blocks, rest) = words.as_chunks();
        each::<P, W, O, BLOCK>(blocks, position, summary);
        let (single, _) = rest.as_chunks();
        each::<P, W, O, 1>(single, position + size_of_val(blocks) as u64, summary);
    }
}

#[inline(always)]
fn each<P: SwpPte, W: WordBytes, O: Order, const N: usize>(blocks: &[[W; N]], position: u64, summary: &mut Summary) {
    let mut at = position;
    for block in blocks {
        let bounds = Bounds::of::<W, O, N>(block);
        if bounds.all_match(Masks::<P>::NONE) {
            summary.none += N as u64;
        } else if bounds.all_present::<P>() {
            summary.present += N as u64;
        } else if bounds.one_bin::<P>() {
            swap_of_one_bin::<P, W, O, N>(block, bounds, summary);
        } else {
            mixed::<P, W, O, N>(block, at, summary);
        }
        at += size_of_val(block) as u64;
    }
}

/// AND and OR of the words of a block: where the two agree, all words do.
#[derive(Clone, Copy)]
struct Bounds {
    all: u64,
    any: u64,
}

impl Bounds {
    #[inline(always)]
    fn of<W: WordBytes, O: Order, const N: usize>(block: &[W; N]) -> Self {
        let (mut all, mut any) = (u64::MAX, 0);
        for word in block {
            let number = word.number::<O>();
            all &= number;
            any |= number;
        }
        Self { all, any }
    }

    #[inline(always)]
    const fn varying(self) -> u64 {
        self.all ^ self.any
    }

    /// Whether every word matches.
    #[inline(always)]
    const fn all_match(self, pattern: Pattern) -> bool {
        pattern.matches(self.all) && pattern.matches(self.any)
    }

    /// Whether there is a bit by which no word matches.
    #[inline(always)]
    const fn none_matches(self, pattern: Pattern) -> bool {
        (self.all & !pattern.value | !self.any & pattern.value) & pattern.mask != 0
    }

    /// Whether every word is present, as far as can be told.
    #[inline(always)]
    fn all_present<P: SwpPte>(self) -> bool {
        self.none_matches(Masks::<P>::NONE) && Masks::<P>::PRESENT.into_iter().any(|pattern| self.all_match(pattern))
    }

    /// Whether every word is a swap PTE without stray bits, and all are counted in one bin, as far as can be told.
    #[inline(always)]
    fn one_bin<P: SwpPte>(self) -> bool {
        let Range { min, max } = self.offsets::<P>();
        self.none_matches(Masks::<P>::NONE)
            && Masks::<P>::PRESENT.into_iter().all(|pattern| self.none_matches(pattern) || pattern.mask == 0)
            && Masks::<P>::stray(self.all) | Masks::<P>::stray(self.any) == 0
            && Masks::<P>::swp_type(self.all) == Masks::<P>::swp_type(self.any)
            && bin(min) == bin(max)
    }

    /// A range that has all offsets in it.
    #[inline(always)]
    fn offsets<P: SwpPte>(self) -> Range {
        let (one, other) = (Masks::<P>::offset(self.all), Masks::<P>::offset(self.any));
        // A field that is stored inverted has them the other way round.
        Range { min: one.min(other), max: one.max(other) }
    }
}

/// A block of which [`Bounds::one_bin`] is true.
#[inline(always)]
fn swap_of_one_bin<P: SwpPte, W: WordBytes, O: Order, const N: usize>(
    block: &[W; N],
    bounds: Bounds,
    summary: &mut Summary,
) {
    let (swp_type, offsets) = (Masks::<P>::swp_type(bounds.all), bounds.offsets::<P>());
    summary.bins[index(place(swp_type, offsets.min))] += N as u64;
    let range = &mut summary.ranges[index(swp_type) % TYPES];
    if !range.contains(offsets) {
        let (mut min, mut max) = (u64::MAX, 0);
        for word in block {
            let offset = Masks::<P>::offset(word.number::<O>());
            min = min.min(offset);
            max = max.max(offset);
        }
        range.extend(Range { min, max });
    }
    for (count, mask) in summary.flags.iter_mut().zip(Masks::<P>::FLAGS) {
        *count += if bounds.varying() & mask == 0 {
            if bounds.all & mask == 0 { 0 } else { N as u64 }
        } else {
            block.iter().map(|word| u64::from(word.number::<O>() & mask != 0)).sum()
        };
    }
}

#[inline(always)]
fn mixed<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N], position: u64, summary: &mut Summary) {
    let (mut none, mut present) = (0, 0);
    for word in block {
        let number = word.number::<O>();
        let is_none = Masks::<P>::is_none(number);
        none += u64::from(is_none);
        present += u64::from(!is_none & Masks::<P>::matches_present(number));
    }
    summary.none += none;
    summary.present += present;
    if none + present != N as u64 {
        swap::<P, W, O, N>(block, position, summary);
    }
}

/// What the swap PTEs of a block come to, as sums and extremes that need no branch. All but the first two without
/// those that have stray bits.
struct Tally<const N: usize> {
    suspicious: u64,
    stray_bits: u64,
    /// Which words, from bit 0 up.
    clean: u64,
    flags: [u64; Flag::ALL.len()],
    /// Which types, from bit 0 up.
    types: u64,
    /// The place of each word in the summary's bins; whatever comes of it for other words.
    bins: [u16; N],
    /// AND and OR of `bins`: equal if there is only one.
    bin_all: u64,
    bin_any: u64,
    /// One more than the offset of each word, 0 for other words.
    above: [u64; N],
}

/// Written so that compilers turn it into vectors: a counter that they know in place of zipped iterators, masks in place
/// of conditions, and the extremes in a loop of their own.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "types and bins take 16 bits together")]
fn tally<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N]) -> Tally<N> {
    const { assert!(N <= 64 && TYPES * BINS == 1 << 16) }
    let (mut suspicious, mut stray_bits, mut clean, mut types) = (0, 0, 0, 0);
    let (mut bins, mut bin_all, mut bin_any, mut above) = ([0; N], u64::MAX, 0, [0; N]);
    let [f0, f1, f2] = Masks::<P>::FLAGS;
    let [mut e0, mut e1, mut e2] = [0; 3];
    for i in 0..N {
        let number = block[i].number::<O>();
        let swap = !Masks::<P>::is_none(number) & !Masks::<P>::matches_present(number);
        let stray = Masks::<P>::stray(number);
        let is_clean = swap & (stray == 0);
        let mask = u64::from(is_clean).wrapping_neg();
        suspicious += u64::from(swap & (stray != 0));
        stray_bits |= stray & u64::from(swap).wrapping_neg();
        let (swp_type, offset) = (Masks::<P>::swp_type(number), Masks::<P>::offset(number));
        let bin = place(swp_type, offset);
        bins[i] = bin as u16;
        bin_all &= bin | !mask;
        bin_any |= bin & mask;
        let marked = number & mask;
        e0 += u64::from(marked & f0 != 0);
        e1 += u64::from(marked & f1 != 0);
        e2 += u64::from(marked & f2 != 0);
        clean |= u64::from(is_clean) << i;
        types |= u64::from(is_clean) << (swp_type % TYPES as u64);
        above[i] = (offset + 1) & mask;
    }
    Tally { suspicious, stray_bits, clean, flags: [e0, e1, e2], types, bins, bin_all, bin_any, above }
}

impl<const N: usize> Tally<N> {
    /// The smallest and the largest offset, if there is one.
    #[inline(always)]
    fn range(&self) -> Range {
        let (mut min, mut max) = (u64::MAX, 0);
        for above in &self.above {
            min = min.min(above.wrapping_sub(1));
            max = max.max(*above);
        }
        Range { min, max: max.wrapping_sub(1) }
    }
}

#[inline(always)]
fn swap<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N], position: u64, summary: &mut Summary) {
    let tally = tally::<P, W, O, N>(block);
    summary.suspicious += tally.suspicious;
    summary.stray_bits |= tally.stray_bits;
    for (count, more) in summary.flags.iter_mut().zip(tally.flags) {
        *count += more;
    }
    if tally.suspicious > 0 && summary.wants_example(position) {
        examples::<P, W, O>(block, position, summary);
    }
    if tally.clean != 0 {
        extend_ranges(&tally, &mut summary.ranges);
        count(&tally, &mut summary.bins);
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

/// Takes the offsets of the block into the ranges of their types.
#[inline(always)]
fn extend_ranges<const N: usize>(tally: &Tally<N>, ranges: &mut [Range; TYPES]) {
    let range = tally.range();
    if tally.types.is_power_of_two() {
        return ranges[tally.types.trailing_zeros() as usize % TYPES].extend(range);
    }
    // After a while most blocks have nothing new for any of their types.
    if !ones(tally.types).all(|swp_type| ranges[swp_type % TYPES].contains(range)) {
        for word in ones(tally.clean) {
            let (swp_type, offset) = (usize::from(tally.bins[word % N]) / BINS, tally.above[word % N] - 1);
            ranges[swp_type % TYPES].extend(Range { min: offset, max: offset });
        }
    }
}

/// Adds the swap PTEs of a block to their bins.
#[inline(always)]
fn count<const N: usize>(tally: &Tally<N>, bins: &mut [u64; TYPES * BINS]) {
    if tally.bin_all == tally.bin_any {
        bins[index(tally.bin_any)] += u64::from(tally.clean.count_ones());
    } else if tally.clean.count_ones() as usize == N {
        tally.bins.iter().for_each(|bin| bins[usize::from(*bin)] += 1);
    } else {
        ones(tally.clean).for_each(|word| bins[usize::from(tally.bins[word % N])] += 1);
    }
}

/// Where an entry is counted among the summary's bins.
#[inline(always)]
const fn place(swp_type: u64, offset: u64) -> u64 {
    bin(offset) | (swp_type * BINS as u64)
}

/// A number of [`place`], for entries without stray bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a remainder")]
const fn index(place: u64) -> usize {
    place as usize % (TYPES * BINS)
}

/// The numbers of the bits that are 1, from 0 up.
#[inline(always)]
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        lowest
    })
}
