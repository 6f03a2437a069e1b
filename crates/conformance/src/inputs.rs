//! The inputs: boundary values before random ones, and random ones that know where the boundaries are.
//!
//! quickcheck's own integers are uniform but for zero and the largest; a field's edges are never special to them. The
//! generators here mix both, and never filter by discarding.
//!
//! One seed gives the same inputs on all hosts of one pointer width: the generator inside quickcheck (`SmallRng`) is
//! another one on 32-bit hosts. How many checks an input takes depends on the input, so the count differs there too.

use quickcheck::{Arbitrary, Gen};
use swp_pte::{Layout, SwpEntry};

/// A value of `bits` bits: an edge, a single bit, its complement, or uniform.
fn mixed(g: &mut Gen, bits: u32) -> u64 {
    let max = u64::MAX.checked_shr(u64::BITS - bits).unwrap_or(0);
    let one = 1u64.checked_shl(u32::arbitrary(g) % bits.max(1)).unwrap_or(0);
    let value = match u8::arbitrary(g) % 8 {
        0 => 0,
        1 => 1,
        2 => max,
        3 => max - max.min(1),
        4 => one,
        5 => !one,
        _ => uniform(g),
    };
    value & max
}

/// quickcheck draws a `u64` from {0, 1, max} once in ten times; two halves are less often both so.
fn uniform(g: &mut Gen) -> u64 {
    u64::from(u32::arbitrary(g)) << 32 | u64::from(u32::arbitrary(g))
}

fn entry(max_offset: u64, swp_type: u64, offset: u64) -> SwpEntry {
    SwpEntry::from_parts(swp_type & 31, offset & max_offset).unwrap_or_default()
}

/// An entry that fits the layout.
fn in_range(layout: &Layout<'_>, g: &mut Gen) -> SwpEntry {
    let types = layout.swp_type.written_bits().min(5);
    let (swp_type, offset) = (mixed(g, types), mixed(g, layout.swp_offset.written_bits()));
    entry(layout.max_offset(), swp_type, offset)
}

/// Any word of the layout: near a swap PTE, near the empty word, or anywhere; with up to two bits turned over.
fn any_word(layout: &Layout<'_>, g: &mut Gen) -> u64 {
    let base = match u8::arbitrary(g) % 4 {
        0 => layout.none.value,
        1 => mixed(g, layout.width),
        _ => layout.encode(in_range(layout, g)).unwrap_or_default(),
    };
    let word = (0..u8::arbitrary(g) % 3).fold(base, |word, _| word ^ 1 << (u32::arbitrary(g) % layout.width));
    word & layout.word_mask()
}

/// Random entries that fit the layout, from a seed.
pub(crate) fn entries(layout: &Layout<'_>, seed: u64, count: usize) -> impl Iterator<Item = SwpEntry> {
    random(seed, count, |g| in_range(layout, g))
}

/// Random words of the layout, from a seed.
pub(crate) fn words(layout: &Layout<'_>, seed: u64, count: usize) -> impl Iterator<Item = u64> {
    random(seed, count, |g| any_word(layout, g))
}

fn random<T>(seed: u64, count: usize, make: impl Fn(&mut Gen) -> T) -> impl Iterator<Item = T> {
    let mut g = Gen::from_size_and_seed(count.max(1), seed);
    (0..count).map(move |_| make(&mut g))
}

/// The entry with every bit clear, then each with a single bit set, in the order of the bits.
pub(crate) fn zero_and_one_hot(layout: &Layout<'_>) -> Vec<SwpEntry> {
    let offsets = (0..layout.swp_offset.written_bits()).map(|bit| entry(layout.max_offset(), 0, 1 << bit));
    let types = (0..layout.swp_type.written_bits().min(5)).map(|bit| entry(layout.max_offset(), 1 << bit, 0));
    std::iter::once(SwpEntry::default()).chain(types).chain(offsets).collect()
}

/// Every type with the offsets at the edges: zero, one, the largest two, single bits and their complements.
pub(crate) fn edges(layout: &Layout<'_>) -> impl Iterator<Item = SwpEntry> + use<> {
    let max = layout.max_offset();
    let single = (0..layout.swp_offset.written_bits()).flat_map(|bit| [1 << bit, !(1 << bit)]);
    let offsets: Vec<u64> = [0, 1, max, max.wrapping_sub(1)].into_iter().chain(single).collect();
    (0..32).flat_map(move |swp_type| offsets.clone().into_iter().map(move |offset| entry(max, swp_type, offset)))
}

/// The empty word, the full word and an encoded entry, each with up to two bits turned over.
pub(crate) fn edge_words(layout: &Layout<'_>) -> impl Iterator<Item = u64> + use<> {
    let (width, mask) = (layout.width, layout.word_mask());
    let bases = [layout.none.value, u64::MAX, layout.encode(entry(layout.max_offset(), 1, 2)).unwrap_or_default()];
    // A pair of equal bits turns nothing over, and bit `width` is cut off: one bit alone.
    let turned = (0..width).flat_map(move |a| (a..=width).map(move |b| 1 << a ^ 1u64.checked_shl(b).unwrap_or(0)));
    bases.into_iter().flat_map(move |base| turned.clone().map(move |turned| (base ^ turned) & mask))
}
