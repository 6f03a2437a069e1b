//! One layout and operation, ready to run on both sides: same words in, and the same answers out or no benchmark.

use std::convert::Infallible;

use anyhow::{Result, ensure};
use swp_pte::{Exclusive, SwpEntry, SwpPte, Undecodable, Unencodable};

use crate::c::{C, Functions, Pair, Turn, alone};
use crate::slices;

/// How many words a pass goes through, a multiple of the eight of a turn: with its results, 15 KiB, which stay in a
/// first-level cache.
pub(crate) const WORDS: usize = 960;

/// One line of the table.
pub(crate) struct Case {
    pub(crate) layout: &'static str,
    pub(crate) operation: &'static str,
    /// Each makes one pass over the data and returns whether no word was refused.
    pub(crate) rust: Box<dyn FnMut() -> bool>,
    pub(crate) c: Box<dyn FnMut() -> bool>,
}

impl Case {
    /// Whether both sides do the same, down to what they refuse.
    pub(crate) fn is_like_for_like(&self) -> bool {
        self.operation != MASKING
    }
}

/// A loop of the Rust side, as [`C::run`] is one of the C side.
type Rust<I, O, E> = fn(&mut [Turn<I, O>]) -> Result<(), E>;

/// The one row whose sides do not do the same: C masks what does not fit, as the kernel's macros, and asks nothing.
const MASKING: &str = "encode, C masks";

/// The five operations of a layout, [`MASKING`], and the loops over slices.
///
/// # Errors
/// Rust and C do not give the same answers.
pub(crate) fn cases<P: Exclusive<Bits = u64>>(c: &Functions) -> Result<Vec<Case>> {
    // What Rust gets, and what C gets: the same entry in either's own packing; the same word.
    let both = |entry| (entry, kernel_entry(entry));
    let entries: Vec<_> = entries::<P>().map(both).collect();
    // Where both sides check, also entries that do not fit.
    let any: Vec<_> = entries.iter().copied().chain(misfits::<P>().map(both)).collect();
    let same = |word: u64| (word, word);
    let ptes: Vec<_> = entries.iter().filter_map(|(entry, _)| P::encode(*entry).ok()).map(marked).map(same).collect();
    // Words of every kind are compared; swap PTEs, which a fault path has, are timed.
    let one_hot = (0..u64::BITS).map(|bit| 1 << bit);
    let other = [0, u64::MAX].into_iter().chain(one_hot).chain(random()).map(same);
    let words: Vec<_> = ptes.iter().copied().chain(other).collect();
    let layout = P::LAYOUT.source.variant;
    let slices = slices::cases::<P>(c, (&any, &entries), (&words, &ptes))?;
    let mut cases = vec![
        case((layout, "encode"), &any, &entries, encode::<P>, u64::from, c.encode_checked)?,
        case((layout, MASKING), &entries, &entries, encode::<P>, u64::from, c.encode)?,
        case((layout, "decode"), &words, &ptes, decode::<P>, kernel_entry, c.decode)?,
        case((layout, "is_exclusive"), &words, &ptes, is_exclusive::<P>, u64::from, c.is_exclusive)?,
        case((layout, "mk_exclusive"), &words, &ptes, mk_exclusive::<P>, u64::from, c.mk_exclusive)?,
        case((layout, "clear_exclusive"), &words, &ptes, clear_exclusive::<P>, u64::from, c.clear_exclusive)?,
    ];
    cases.extend(slices);
    Ok(cases)
}

/// Compares both sides on `compared`, word by word, and makes them ready to be timed on `timed`. `as_c` says a result
/// as the C side has it.
fn case<I: Copy + 'static, O: Copy + Default + 'static, E: 'static>(
    (layout, operation): (&'static str, &'static str),
    compared: &[(I, u64)],
    timed: &[(I, u64)],
    rust: Rust<I, O, E>,
    as_c: fn(O) -> u64,
    c: C,
) -> Result<Case> {
    for (ours, theirs) in compared.iter().copied() {
        let (mut our_turn, mut their_turn) = ([turn(ours)], [turn(theirs)]);
        let done = (rust(&mut our_turn).is_ok(), c.run(&mut their_turn));
        let results = (
            our_turn.map(|turn| turn.map(|pair| as_c(pair.output))),
            their_turn.map(|turn| turn.map(|pair| pair.output)),
        );
        ensure!(done.0 == done.1 && results.0 == results.1, "{layout} {operation}: Rust and C differ on {theirs:#x}");
    }
    let mut ours = turns(timed.iter().map(|(ours, _)| *ours));
    let mut theirs = turns(timed.iter().map(|(_, theirs)| *theirs));
    // A pass that ends early would be timed as if it had not.
    ensure!(
        ours.len() * 8 == WORDS && rust(&mut ours).is_ok() && c.run(&mut theirs),
        "{layout} {operation}: the data holds words that are refused"
    );
    Ok(Case {
        layout,
        operation,
        rust: Box::new(move || rust(&mut ours).is_ok()),
        c: Box::new(move || c.run(&mut theirs)),
    })
}

/// Eight times the same word.
fn turn<I: Copy, O: Copy + Default>(input: I) -> Turn<I, O> {
    [Pair { input, output: O::default() }; 8]
}

/// The words in turns.
fn turns<I: Copy, O: Copy + Default>(words: impl Iterator<Item = I>) -> Vec<Turn<I, O>> {
    let pairs: Vec<_> = words.map(|input| Pair { input, output: O::default() }).collect();
    pairs.as_chunks().0.to_vec()
}

// The Rust side: the loops of `macros.c`, over the backend's own functions.

/// One loop, up to the first word that is refused.
#[inline]
fn each<I: Copy, O, E>(turns: &mut [Turn<I, O>], one: impl Fn(I) -> Result<O, E>) -> Result<(), E> {
    for turn in turns {
        for pair in turn {
            pair.output = one(pair.input)?;
        }
    }
    Ok(())
}

#[inline(never)]
fn encode<P: Exclusive<Bits = u64>>(turns: &mut [Turn<SwpEntry, u64>]) -> Result<(), Unencodable<P>> {
    each(turns, |entry| Ok(alone(P::encode(entry)?.to_bits())))
}

#[inline(never)]
fn decode<P: Exclusive<Bits = u64>>(turns: &mut [Turn<u64, SwpEntry>]) -> Result<(), Undecodable<P>> {
    each(turns, |word| P::from_bits(alone(word)).decode())
}

#[inline(never)]
fn is_exclusive<P: Exclusive<Bits = u64>>(turns: &mut [Turn<u64, u64>]) -> Result<(), Infallible> {
    each(turns, |word| Ok(P::from_bits(alone(word)).is_exclusive().into()))
}

#[inline(never)]
fn mk_exclusive<P: Exclusive<Bits = u64>>(turns: &mut [Turn<u64, u64>]) -> Result<(), Infallible> {
    each(turns, |word| Ok(P::from_bits(alone(word)).mk_exclusive().to_bits()))
}

#[inline(never)]
fn clear_exclusive<P: Exclusive<Bits = u64>>(turns: &mut [Turn<u64, u64>]) -> Result<(), Infallible> {
    each(turns, |word| Ok(P::from_bits(alone(word)).clear_exclusive().to_bits()))
}

// The data.

/// Entries that the layout can express: of every type, with offsets of every length.
fn entries<P: SwpPte>() -> impl Iterator<Item = SwpEntry> {
    let max = P::LAYOUT.max_offset();
    let entry = move |word: u64| SwpEntry::from_parts(word >> 59, (word & max) >> (word >> 54 & 31)).ok();
    random().filter_map(entry).filter(|entry| P::encode(*entry).is_ok()).take(WORDS)
}

/// Entries at the ends of what fits, and beyond.
fn misfits<P: SwpPte>() -> impl Iterator<Item = SwpEntry> {
    let max = P::LAYOUT.max_offset();
    let offsets = [0, 1, max - 1, max, max + 1, max << 1].into_iter();
    offsets.flat_map(|offset| (0..=31).filter_map(move |swp_type| SwpEntry::from_parts(swp_type, offset).ok()))
}

/// A word with the marker set or not, as its bits fall.
fn marked<P: Exclusive<Bits = u64>>(pte: P) -> u64 {
    if pte.to_bits().count_ones().is_multiple_of(2) { pte.to_bits() } else { pte.mk_exclusive().to_bits() }
}

/// Words without a pattern, the same in every run: splitmix64.
pub(crate) fn random() -> impl Iterator<Item = u64> {
    let mix = |word: u64, shift: u32, factor: u64| (word ^ word >> shift).wrapping_mul(factor);
    (1..2 * WORDS as u64).map(move |n| {
        let word = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let word = mix(mix(word, 30, 0xbf58_476d_1ce4_e5b9), 27, 0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    })
}

/// The pair as the C side packs it.
fn kernel_entry(entry: SwpEntry) -> u64 {
    entry.swp_type().get() << 58 | entry.offset().get()
}
