//! Loops over whole slices, as in a scan of page tables: here a compiler may make several words at once, and both may
//! show what they can. Neither side ends early; C is compiled at -O2 and at -O3.

use std::hint::black_box;

use anyhow::{Result, ensure};
use swp_pte::{SwpEntry, SwpPte};

use crate::c::{Functions, Slices};
use crate::case::{Case, WORDS, random};

/// What is compared, and what is timed, each as Rust gets it and as C does.
type Data<'a, T> = (&'a [(T, u64)], &'a [(T, u64)]);

/// Two loops, each beside both levels of C: decode and add up, and encode.
///
/// # Errors
/// Rust and C do not give the same answers.
pub(crate) fn cases<P: SwpPte<Bits = u64>>(
    c: &Functions,
    entries: Data<'_, SwpEntry>,
    (any, swapped): Data<'_, u64>,
) -> Result<Vec<Case>> {
    // As in a page table that is partly swapped out: which word is what cannot be guessed.
    let mixed: Vec<_> = swapped.iter().zip(random()).map(|((word, _), random)| mixed::<P>(*word, random)).collect();
    Ok(vec![
        decode::<P>("decode a slice, C -O2", c.slices_o2, (any, swapped))?,
        decode::<P>("decode a slice, C -O3", c.slices_o3, (any, swapped))?,
        decode::<P>("decode a mixed slice, C -O2", c.slices_o2, (any, &mixed))?,
        decode::<P>("decode a mixed slice, C -O3", c.slices_o3, (any, &mixed))?,
        encode::<P>("encode a slice, C -O2", c.slices_o2, entries)?,
        encode::<P>("encode a slice, C -O3", c.slices_o3, entries)?,
    ])
}

/// A quarter of all words none, a quarter present, half as they are; the same for both sides.
fn mixed<P: SwpPte<Bits = u64>>(word: u64, random: u64) -> (u64, u64) {
    let word = match random >> 62 {
        0 => P::LAYOUT.none.value,
        1 => P::LAYOUT.present.first().map_or(word, |present| word & !present.mask | present.value),
        _ => word,
    };
    (word, word)
}

fn decode<P: SwpPte<Bits = u64>>(operation: &'static str, c: Slices, (any, timed): Data<'_, u64>) -> Result<Case> {
    let layout = P::LAYOUT.source.variant;
    let words = |data: &[(u64, u64)]| data.iter().map(|(word, _)| *word).collect::<Vec<_>>();
    // Also word by word: in a sum two mistakes may cancel.
    let any = words(any);
    for part in any.chunks(1).chain([&any[..]]) {
        ensure!(decode_sum::<P>(part) == c.decode_sum(part), "{layout} {operation}: Rust and C differ on {part:x?}");
    }
    let ours = words(timed);
    let theirs = ours.clone();
    ensure!(ours.len() == WORDS, "{layout} {operation}: {} words", ours.len());
    Ok(Case {
        layout,
        operation,
        rust: Box::new(move || black_box(decode_sum::<P>(black_box(&ours))) > 0),
        c: Box::new(move || black_box(c.decode_sum(black_box(&theirs))) > 0),
    })
}

fn encode<P: SwpPte<Bits = u64>>(operation: &'static str, c: Slices, (any, timed): Data<'_, SwpEntry>) -> Result<Case> {
    let layout = P::LAYOUT.source.variant;
    let split = |data: &[(SwpEntry, u64)]| data.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
    let (our_any, their_any) = split(any);
    let (mut our_words, mut their_words) = (vec![1; any.len()], vec![2; any.len()]);
    let refused = (encode_each::<P>(&our_any, &mut our_words), c.encode_each(&their_any, &mut their_words));
    ensure!(refused.0 == refused.1 && our_words == their_words, "{layout} {operation}: Rust and C differ");
    let (ours, theirs) = split(timed);
    ensure!(ours.len() == WORDS, "{layout} {operation}: {} entries", ours.len());
    our_words.resize(WORDS, 0);
    their_words.resize(WORDS, 0);
    Ok(Case {
        layout,
        operation,
        rust: Box::new(move || black_box(encode_each::<P>(black_box(&ours), black_box(&mut our_words))) == 0),
        c: Box::new(move || black_box(c.encode_each(black_box(&theirs), black_box(&mut their_words))) == 0),
    })
}

/// Types and offsets of all swap PTEs, added up; other words are passed over.
#[inline(never)]
fn decode_sum<P: SwpPte<Bits = u64>>(words: &[u64]) -> u64 {
    // Each word's own sum first, so that the sum of all waits for one addition a word.
    let sums = words.iter().map(|word| {
        let entry = P::from_bits(*word).decode();
        entry.map_or(0, |entry| entry.swp_type().get().wrapping_add(entry.offset().get()))
    });
    sums.fold(0, u64::wrapping_add)
}

/// A word for each entry, 0 for what is refused; how many those were.
#[inline(never)]
fn encode_each<P: SwpPte<Bits = u64>>(entries: &[SwpEntry], words: &mut [u64]) -> usize {
    let mut refused = 0;
    for (entry, word) in entries.iter().zip(words) {
        let pte = P::encode(*entry).ok();
        *word = pte.map_or(0, P::to_bits);
        refused += usize::from(pte.is_none());
    }
    refused
}
