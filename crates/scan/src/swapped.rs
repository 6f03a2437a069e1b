//! Swap PTEs without stray bits: how many of each type, in which bins of its histogram, in which range, with which
//! markers.

use crate::Summary;
use crate::bins::place;
use crate::bounds::{Bounds, ones};
use crate::bytes::{Order, WordBytes};
use crate::histogram::{FLOAT_LACKS, bin, bin_of, is_narrow, narrow, whole, wide};
use crate::masks::{Masks, Shape};
use crate::summary::{Range, TYPES};

/// From here on a float is not every whole number.
#[expect(clippy::cast_precision_loss, reason = "a power of two")]
const FIRST_INEXACT: f64 = (1u64 << f64::MANTISSA_DIGITS) as f64;

#[inline(always)]
fn place_of<H: Shape>(masks: &Masks<H>, word: u64) -> u64 {
    place(masks.swp_type(word), bin(masks.offset(word), masks.offset_width))
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a remainder")]
fn type_of<H: Shape>(masks: &Masks<H>, word: u64) -> usize {
    (masks.swp_type(word) % TYPES as u64) as usize
}

/// Counts a block of nothing else.
#[inline(always)]
pub(crate) fn add<H: Shape, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    masks: &Masks<H>,
    block: &[W; N],
    bounds: Bounds,
    summary: &mut Summary,
) {
    if !add_one_bin(masks, bounds, N as u64, summary) {
        add_each::<H, W, O, S, N>(simd, masks, block, bounds, summary);
    }
    for (count, mask) in summary.flags.iter_mut().zip(masks.flags) {
        if bounds.varying() & mask == 0 {
            *count += if bounds.all & mask == 0 { 0 } else { N as u64 };
        } else {
            *count += block.iter().map(|word| u64::from(word.number::<O>() & mask != 0)).sum::<u64>();
        }
    }
}

/// Counts so many words without a look at them, if their bounds say all; if not, nothing is counted.
#[inline(always)]
#[must_use]
pub(crate) fn add_alike<H: Shape>(masks: &Masks<H>, bounds: Bounds, words: u64, summary: &mut Summary) -> bool {
    let flags = masks.flags;
    let alike = flags.iter().all(|mask| bounds.varying() & mask == 0) && add_one_bin(masks, bounds, words, summary);
    if alike {
        for (count, mask) in summary.flags.iter_mut().zip(flags) {
            *count += if bounds.all & mask == 0 { 0 } else { words };
        }
    }
    alike
}

/// Counts all but the markers, if there is one type, one bin, and no offset that could be the smallest or largest yet.
#[inline(always)]
fn add_one_bin<H: Shape>(masks: &Masks<H>, bounds: Bounds, words: u64, summary: &mut Summary) -> bool {
    let roughly = bounds.offsets(masks);
    let bin = |offset| bin(offset, masks.offset_width);
    let one_bin = bounds.varying() & masks.type_bits() == 0
        && summary.ranges[type_of(masks, bounds.all)].contains(roughly)
        && bin(roughly.min) == bin(roughly.max);
    if one_bin {
        summary.bins.add(place_of(masks, bounds.all), words);
    }
    one_bin
}

/// Counts all but the markers.
#[inline(always)]
fn add_each<H: Shape, W: WordBytes, O: Order, S: pulp::Simd, const N: usize>(
    simd: S,
    masks: &Masks<H>,
    block: &[W; N],
    bounds: Bounds,
    summary: &mut Summary,
) {
    let (mut floats, mut places) = ([0.0; N], [0; N]);
    // Two loops, each without a question about the width.
    if is_narrow(masks.offset_width) {
        convert::<H, W, O, N>(masks, block, narrow, &mut floats, &mut places);
    } else {
        convert::<H, W, O, N>(masks, block, wide, &mut floats, &mut places);
    }
    summary.bins.add_each(&places);
    let (range, exact) = range_of(simd, &floats);
    let one_type = bounds.varying() & masks.type_bits() == 0;
    if one_type && exact {
        summary.ranges[type_of(masks, bounds.all)].extend(range);
        return;
    }
    let types = block.iter().fold(0, |types, word| types | 1 << type_of(masks, word.number::<O>()));
    // After a while most blocks have nothing new for any of their types.
    if !ones(types).all(|swp_type| summary.ranges[swp_type % TYPES].contains(range)) {
        for word in block {
            let word = word.number::<O>();
            let offset = masks.offset(word);
            summary.ranges[type_of(masks, word)].extend(Range { min: offset, max: offset });
        }
    }
}

/// The offsets of a block as floats, and where each is counted.
#[inline(always)]
fn convert<H: Shape, W: WordBytes, O: Order, const N: usize>(
    masks: &Masks<H>,
    block: &[W; N],
    to_float: impl Fn(u64) -> f64,
    floats: &mut [f64; N],
    places: &mut [u64; N],
) {
    for ((float_of, place_of), word) in floats.iter_mut().zip(places).zip(block) {
        let number = word.number::<O>();
        *float_of = to_float(masks.offset(number));
        *place_of = place(masks.swp_type(number), bin_of(*float_of));
    }
}

/// The range of some offsets, and whether it is no larger than that. Floats have their smallest and largest found in vectors
/// where integers of 64 bits have not.
#[inline(always)]
fn range_of<S: pulp::Simd>(simd: S, floats: &[f64]) -> (Range, bool) {
    let (vectors, rest) = S::as_simd_f64s(floats);
    let (mut mins, mut maxs) = (simd.splat_f64s(f64::INFINITY), simd.splat_f64s(0.0));
    for vector in vectors {
        mins = simd.min_f64s(mins, *vector);
        maxs = simd.max_f64s(maxs, *vector);
    }
    let min = rest.iter().copied().fold(simd.reduce_min_f64s(mins), f64::min);
    let max = rest.iter().copied().fold(simd.reduce_max_f64s(maxs), f64::max);
    let exact = max < FIRST_INEXACT;
    let lacks = if exact { 0 } else { FLOAT_LACKS };
    (Range { min: whole(min), max: whole(max) + lacks }, exact)
}
