//! Swap PTEs without stray bits: how many of each type, in which bins of its histogram, in which range, with which
//! markers.

use swp_pte::SwpPte;

use crate::Summary;
use crate::bins::place;
use crate::bounds::{Bounds, ones};
use crate::bytes::{Order, WordBytes};
use crate::histogram::bin;
use crate::masks::Masks;
use crate::summary::{Range, TYPES};

#[inline(always)]
const fn place_of<P: SwpPte>(word: u64) -> u64 {
    place(Masks::<P>::swp_type(word), bin(Masks::<P>::offset(word), Masks::<P>::OFFSET_WIDTH))
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a remainder")]
const fn type_of<P: SwpPte>(word: u64) -> usize {
    (Masks::<P>::swp_type(word) % TYPES as u64) as usize
}

/// Counts a block of nothing else.
#[inline(always)]
pub(crate) fn add<P: SwpPte, W: WordBytes, O: Order, const N: usize>(
    block: &[W; N],
    bounds: Bounds,
    summary: &mut Summary,
) {
    if !add_one_bin::<P>(bounds, N as u64, summary) {
        add_each::<P, W, O, N>(block, bounds, summary);
    }
    for (count, mask) in summary.flags.iter_mut().zip(Masks::<P>::FLAGS) {
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
pub(crate) fn add_alike<P: SwpPte>(bounds: Bounds, words: u64, summary: &mut Summary) -> bool {
    let flags = Masks::<P>::FLAGS;
    let alike = flags.iter().all(|mask| bounds.varying() & mask == 0) && add_one_bin::<P>(bounds, words, summary);
    if alike {
        for (count, mask) in summary.flags.iter_mut().zip(flags) {
            *count += if bounds.all & mask == 0 { 0 } else { words };
        }
    }
    alike
}

/// Counts all but the markers, if there is one type, one bin, and no offset that could be the smallest or largest yet.
#[inline(always)]
fn add_one_bin<P: SwpPte>(bounds: Bounds, words: u64, summary: &mut Summary) -> bool {
    let roughly = bounds.offsets::<P>();
    let bin = |offset| bin(offset, Masks::<P>::OFFSET_WIDTH);
    let one_bin = bounds.varying() & Masks::<P>::TYPE_BITS == 0
        && bin(roughly.min) == bin(roughly.max)
        && summary.ranges[type_of::<P>(bounds.all)].contains(roughly);
    if one_bin {
        summary.bins.add(place_of::<P>(bounds.all), words);
    }
    one_bin
}

/// Counts all but the markers.
#[inline(always)]
fn add_each<P: SwpPte, W: WordBytes, O: Order, const N: usize>(block: &[W; N], bounds: Bounds, summary: &mut Summary) {
    let (mut places, mut min, mut max) = ([0; N], i64::MAX, 0);
    for (place, word) in places.iter_mut().zip(block) {
        let number = word.number::<O>();
        *place = place_of::<P>(number);
        // Signed, since few processors compare vectors of unsigned numbers; an offset is far below 2^63.
        let offset = Masks::<P>::offset(number).cast_signed();
        min = min.min(offset);
        max = max.max(offset);
    }
    summary.bins.add_each(&places);
    let range = Range { min: min.cast_unsigned(), max: max.cast_unsigned() };
    if bounds.varying() & Masks::<P>::TYPE_BITS == 0 {
        summary.ranges[type_of::<P>(bounds.all)].extend(range);
        return;
    }
    let types = block.iter().fold(0, |types, word| types | 1 << type_of::<P>(word.number::<O>()));
    if !ones(types).all(|swp_type| summary.ranges[swp_type % TYPES].contains(range)) {
        // After a while most blocks have nothing new for any of their types.
        for word in block {
            let word = word.number::<O>();
            let offset = Masks::<P>::offset(word);
            summary.ranges[type_of::<P>(word)].extend(Range { min: offset, max: offset });
        }
    }
}
