//! The loop behind a summary: how the words of an image are counted at the speed of memory.
//!
//! Words are taken in blocks that fit the first-level cache, and each block costs as little as it lets itself be
//! asked:
//!
//! 1. [`Bounds`]: the AND and the OR of its words, two instructions a vector. If these say that every word is none, or
//!    that every word is present, the block is done; most of a page table is like that.
//! 2. Otherwise, unless they say that every word is a swap PTE, [`Kinds`] tells which words are, and has their bounds.
//! 3. If these show stray bits, [`set_aside`] takes the words with such bits out.
//! 4. [`add`] counts the swap PTEs that are left. Their bounds tell it what they have in common: a type, a marker, a
//!    bin of the histogram. Only what differs is looked at word by word, in vectors as far as possible: the last step,
//!    one addition for each swap PTE in a bin of its own, cannot be.

use core::marker::PhantomData;

use swp_pte::{MemoryOrder as ByteOrder, Pattern, SwpPte};
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
        position: u64,
        summary: &'a mut Summary,
        backend: PhantomData<P>,
    }
    // A struct, since a closure would be called, and its loop compiled for the plainest processor.
    impl<P: SwpPte> pulp::WithSimd for Dispatch<'_, P> {
        type Output = Result<(), PartialWord>;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, simd: S) -> Self::Output {
            let Self { bytes, order, position, summary, .. } = self;
            over_words::<P, _>(bytes, order, Summarize { simd, position, summary })
        }
    }
    pulp::Arch::new().dispatch(Dispatch::<P> { bytes, order, position, summary, backend: PhantomData })
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

struct Summarize<'a, S> {
    simd: S,
    position: u64,
    summary: &'a mut Summary,
}

impl<P: SwpPte, S: pulp::Simd> Loop<P> for Summarize<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<W: WordBytes, O: Order>(self, words: &[W]) {
        let Self { simd, position, summary } = self;
        summary.words += words.len() as u64;
        // Blocks of a length that the compiler knows need no code for what is left over; single words are such blocks.
        let (blocks, rest) = words.as_chunks::<BLOCK>();
        let (single, _) = rest.as_chunks::<1>();
        let mut at = position;
        for block in blocks {
            count::<P, W, O, S, BLOCK>(simd, block, at, summary);
            at += size_of_val(block) as u64;
        }
        for block in single {
            count::<P, W, O, S, 1>(simd, block, at, summary);
            at += size_of_val(block) as u64;
        }
    }
}

#[inline(always)]
fn count<P: SwpPte, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    block: &[W; N],
    position: u64,
    summary: &mut Summary,
) {
    let bounds = Bounds::of::<W, O, S>(simd, block);
    if bounds.all_match(Masks::<P>::NONE) {
        summary.none += N as u64;
    } else if bounds.all_present::<P>() {
        summary.present += N as u64;
    } else if bounds.all_swap::<P>() && !bounds.stray::<P>() {
        add::<P, W, O, N>(block, Members { which: Members::all::<N>(), bounds }, summary);
    } else {
        mixed::<P, W, O, N>(block, position, summary);
    }
}

#[inline(always)]
fn mixed<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N], position: u64, summary: &mut Summary) {
    let Kinds { none, mut swap } = Kinds::of::<P, W, O, N>(block);
    let other = none | swap.which;
    summary.none += u64::from(none.count_ones());
    summary.present += N as u64 - u64::from(other.count_ones());
    if swap.which != 0 && swap.bounds.stray::<P>() {
        swap = set_aside::<P, W, O, N>(block, swap.which, position, summary);
    }
    if swap.which != 0 {
        add::<P, W, O, N>(block, swap, summary);
    }
}

/// AND and OR of some words: where the two agree, all words do.
#[derive(Clone, Copy)]
struct Bounds {
    all: u64,
    any: u64,
}

impl Bounds {
    /// Written for vectors, since compilers unroll such a loop into scalar code; neither AND nor OR minds the byte order.
    #[inline(always)]
    fn of<W: WordBytes, O: Order, S: pulp::Simd>(simd: S, block: &[W]) -> Self {
        let (vectors, rest) = S::as_simd_u8s(W::join(block));
        let (mut alls, mut anys) = (simd.splat_u8s(0xff), simd.splat_u8s(0));
        for vector in vectors {
            alls = simd.and_u8s(alls, *vector);
            anys = simd.or_u8s(anys, *vector);
        }
        let words = |bytes| W::split(bytes).0.iter().map(|word| word.number::<O>());
        Self {
            all: words(bytemuck::bytes_of(&alls)).chain(words(rest)).fold(u64::MAX, |all, word| all & word),
            any: words(bytemuck::bytes_of(&anys)).chain(words(rest)).fold(0, |any, word| any | word),
        }
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

    /// Whether every word is a swap PTE, as far as can be told.
    #[inline(always)]
    fn all_swap<P: SwpPte>(self) -> bool {
        self.none_matches(Masks::<P>::NONE)
            && Masks::<P>::PRESENT.into_iter().all(|pattern| self.none_matches(pattern) || pattern.mask == 0)
    }

    /// Whether any word has stray bits, if all are swap PTEs.
    #[inline(always)]
    const fn stray<P: SwpPte>(self) -> bool {
        Masks::<P>::stray(self.all) | Masks::<P>::stray(self.any) != 0
    }

    /// A range that has all offsets in it.
    #[inline(always)]
    fn offsets<P: SwpPte>(self) -> Range {
        let (one, other) = (Masks::<P>::offset(self.all), Masks::<P>::offset(self.any));
        // A field that is stored inverted has them the other way round.
        Range { min: one.min(other), max: one.max(other) }
    }
}

/// Some words of a block. Where there are none, their bounds mean nothing.
#[derive(Clone, Copy)]
struct Members {
    /// Which, from bit 0 up.
    which: u64,
    bounds: Bounds,
}

impl Members {
    /// All words of a block.
    const fn all<const N: usize>() -> u64 {
        const { assert!(0 < N && N <= 64) }
        u64::MAX >> (64 - N)
    }

    #[inline(always)]
    fn count(self) -> u64 {
        u64::from(self.which.count_ones())
    }

    /// All ones for a member, 0 for other words.
    #[inline(always)]
    const fn mask(self, word: usize) -> u64 {
        (self.which >> word & 1).wrapping_neg()
    }
}

/// The words of a block by kind; those that are neither are present.
struct Kinds {
    /// Which are none, from bit 0 up.
    none: u64,
    swap: Members,
}

// From here on loops are written so that compilers turn them into vectors, with masks in place of conditions.

impl Kinds {
    #[inline(always)]
    fn of<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N]) -> Self {
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

/// Counts the swap PTEs with stray bits, and leaves those without.
#[inline(always)]
fn set_aside<P: SwpPte, W: WordBytes, O: Order, const N: usize>(
    block: &[W; N],
    swap: u64,
    position: u64,
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
        examples::<P, W, O>(block, suspicious, position, summary);
    }
    Members { which: swap & !suspicious, bounds: Bounds { all, any } }
}

#[cold]
fn examples<P: SwpPte, W: WordBytes, O: Order>(block: &[W], suspicious: u64, position: u64, summary: &mut Summary) {
    for i in ones(suspicious) {
        let (at, word) = (position + (i * size_of::<W>()) as u64, block[i].number::<O>());
        if summary.wants_example(at) {
            summary.add_example(Suspicious { position: at, word, stray: Masks::<P>::stray(word) });
        }
    }
}

/// Counts swap PTEs without stray bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "types and bins take 16 bits together")]
fn add<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N], members: Members, summary: &mut Summary) {
    const { assert!(TYPES * BINS == 1 << 16) }
    let Members { which, bounds } = members;
    let place = |word: u64| (Masks::<P>::swp_type(word) * BINS as u64) | bin(Masks::<P>::offset(word));
    let one_type = bounds.varying() & Masks::<P>::TYPE_BITS == 0;
    if one_type && bin(bounds.offsets::<P>().min) == bin(bounds.offsets::<P>().max) {
        summary.bins[usize::from(place(bounds.all) as u16)] += members.count();
    } else {
        let mut places = [0; N];
        for (place_of, word) in places.iter_mut().zip(block) {
            *place_of = place(word.number::<O>()) as u16;
        }
        if which == Members::all::<N>() {
            places.iter().for_each(|place| summary.bins[usize::from(*place)] += 1);
        } else {
            ones(which).for_each(|i| summary.bins[usize::from(places[i % N])] += 1);
        }
    }
    extend_ranges::<P, W, O, N>(block, members, one_type, &mut summary.ranges);
    for (count, mask) in summary.flags.iter_mut().zip(Masks::<P>::FLAGS) {
        if bounds.varying() & mask == 0 {
            *count += if bounds.all & mask == 0 { 0 } else { members.count() };
        } else {
            for (i, word) in block.iter().enumerate() {
                *count += u64::from(word.number::<O>() & mask & members.mask(i) != 0);
            }
        }
    }
}

/// Takes the offsets of swap PTEs without stray bits into the ranges of their types.
#[inline(always)]
fn extend_ranges<P: SwpPte, W: WordBytes, O: Order, const N: usize>(
    block: &[W; N],
    members: Members,
    one_type: bool,
    ranges: &mut [Range; TYPES],
) {
    let roughly = members.bounds.offsets::<P>();
    if one_type && ranges[type_of::<P>(members.bounds.all)].contains(roughly) {
        return;
    }
    let (mut min, mut max, mut types) = (u64::MAX, 0, 0);
    for (i, word) in block.iter().enumerate() {
        let (number, mask) = (word.number::<O>(), members.mask(i));
        min = min.min(Masks::<P>::offset(number) | !mask);
        max = max.max(Masks::<P>::offset(number) & mask);
        types |= (mask & 1) << type_of::<P>(number);
    }
    let range = Range { min, max };
    if one_type {
        ranges[type_of::<P>(members.bounds.all)].extend(range);
    } else if !ones(types).all(|swp_type| ranges[swp_type % TYPES].contains(range)) {
        // After a while most blocks have nothing new for any of their types.
        for i in ones(members.which) {
            let word = block[i % N].number::<O>();
            let offset = Masks::<P>::offset(word);
            ranges[type_of::<P>(word)].extend(Range { min: offset, max: offset });
        }
    }
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a remainder")]
const fn type_of<P: SwpPte>(word: u64) -> usize {
    (Masks::<P>::swp_type(word) % TYPES as u64) as usize
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
