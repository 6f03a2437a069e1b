//! Encoding and decoding: round trips, limits, and the argument that covers every encoding.

use rayon::prelude::*;
use swp_pte::{EncodeError, EntryError, PteKind, SwpEntry, SwpOffset, SwpPte, SwpType};

use super::{Options, Subject, bits};
use crate::inputs::{InRange, edges, random, zero_and_one_hot};
use crate::report::{Argument, Check, Report};

pub(super) fn check<P: SwpPte>(report: &mut Report, options: &Options<'_>) -> Argument {
    for entry in edges(&P::LAYOUT) {
        round_trip::<P>(report, entry);
    }
    for InRange(entry, ..) in random::<InRange<P>>(options.seed, options.random) {
        round_trip::<P>(report, entry);
    }
    limits::<P>(report);
    affine::<P>(report, options);
    if Subject::<P>::encodings() <= options.enumerate_up_to {
        enumerate::<P>(report, options);
        Argument::Enumerated
    } else {
        Argument::Affine
    }
}

fn input(entry: SwpEntry) -> impl FnOnce() -> String {
    move || format!("{entry:?}")
}

/// Encodes, decodes, and asks what the word is.
fn round_trip<P: SwpPte>(report: &mut Report, entry: SwpEntry) {
    match P::encode(entry) {
        Ok(pte) => {
            report.values(Check::RoundTrip, input(entry), &Ok(entry), &pte.decode());
            report.values(Check::NeverNoneOrPresent, input(entry), &PteKind::Swap, &pte.kind());
        }
        // The one entry that encodes to the empty word must be refused, and no other.
        Err(error) => {
            let expected = P::LAYOUT.encode(entry).map(|_| "a word");
            report.values(Check::NeverNoneOrPresent, input(entry), &expected, &Err(error));
        }
    }
}

fn limits<P: SwpPte>(report: &mut Report) {
    let max = P::LAYOUT.max_offset();
    let mut check = |entry: SwpEntry, expected: Option<EncodeError>| {
        report.values(Check::Limits, input(entry), &expected, &P::encode(entry).err());
    };
    for swp_type in 0..32 {
        if let Ok(entry) = SwpEntry::from_parts(swp_type, max) {
            // On x86_64, type 0 with the largest offset is the empty word.
            check(entry, P::LAYOUT.encode(entry).err());
        }
        for value in [max + 1, max + 2, SwpOffset::MAX.get()] {
            if let Ok(entry) = SwpEntry::from_parts(swp_type, value) {
                check(entry, Some(EncodeError::OffsetOutOfRange { value, max }));
            }
        }
    }
    let expected = Some(EntryError::TypeOutOfRange { value: 32, max: 31 });
    report.values(Check::Limits, || "swap type 32".into(), &expected, &SwpType::new(32).err());
}

/// The word of an entry as the encoder computes it, the refused empty word included.
fn word<P: SwpPte>(entry: SwpEntry) -> u64 {
    match P::encode(entry) {
        Ok(pte) => bits(pte),
        Err(_) => P::LAYOUT.none.value & P::LAYOUT.word_mask(),
    }
}

/// Adds two entries over GF(2).
fn xor(a: SwpEntry, b: SwpEntry) -> SwpEntry {
    let swp_type = a.swp_type().get() ^ b.swp_type().get();
    SwpEntry::from_parts(swp_type, a.offset().get() ^ b.offset().get()).unwrap_or_default()
}

/// Encode is affine: on all pairs of single bits, and on random pairs. Then zero and the one-hot entries fix every
/// other encoding, and these are compared with the layout's data.
fn affine<P: SwpPte>(report: &mut Report, options: &Options<'_>) {
    let zero = word::<P>(SwpEntry::default());
    let mut pair = |a: SwpEntry, b: SwpEntry| {
        let expected = word::<P>(a) ^ word::<P>(b) ^ zero;
        report.words(Check::Affine, || format!("{a:?} xor {b:?}"), expected, word::<P>(xor(a, b)));
    };
    let one_hot = zero_and_one_hot(&P::LAYOUT);
    for (i, a) in one_hot.iter().enumerate() {
        for b in one_hot.iter().take(i) {
            pair(*a, *b);
        }
    }
    let randoms: Vec<_> = random::<InRange<P>>(options.seed ^ 1, options.random).collect();
    for two in randoms.windows(2) {
        if let [InRange(a, ..), InRange(b, ..)] = two {
            pair(*a, *b);
        }
    }
    for entry in one_hot {
        let expected = P::LAYOUT.encode(entry).unwrap_or(P::LAYOUT.none.value & P::LAYOUT.word_mask());
        report.words(Check::Affine, input(entry), expected, word::<P>(entry));
    }
}

/// How many offsets one task enumerates.
const CHUNK: u64 = 1 << 20;

/// Every entry: encoded, compared with the data, decoded, and decoded again under the marker.
fn enumerate<P: SwpPte>(report: &mut Report, options: &Options<'_>) {
    let max = P::LAYOUT.max_offset();
    let chunks = max / CHUNK + 1;
    let tasks = (0..32 * chunks).into_par_iter().map(|task| {
        let mut part = Report::new(const { &P::LAYOUT });
        let (swp_type, first) = (task / chunks, task % chunks * CHUNK);
        let last = max.min(first + CHUNK - 1);
        for offset in first..=last {
            if let Ok(entry) = SwpEntry::from_parts(swp_type, offset) {
                one::<P>(&mut part, entry);
            }
        }
        (options.progress)(last - first + 1);
        part
    });
    for part in tasks.collect::<Vec<_>>() {
        report.merge(part);
    }
}

#[inline]
fn one<P: SwpPte>(report: &mut Report, entry: SwpEntry) {
    let (Ok(pte), Ok(data)) = (P::encode(entry), P::LAYOUT.encode(entry)) else {
        return round_trip::<P>(report, entry);
    };
    let marked = pte.mk_exclusive();
    let holds = bits(pte) == data
        && pte.decode() == Ok(entry)
        && marked.decode() == Ok(entry)
        && bits(marked) == data | P::LAYOUT.flag_mask(swp_pte::Flag::Exclusive)
        && marked.clear_exclusive() == pte;
    report.check(Check::RoundTrip, holds, || {
        let got = format!("{:#x}, decoded {:?}; marked {:?}", bits(pte), pte.decode(), marked.decode());
        (format!("{entry:?}"), format!("{data:#x}"), got, crate::describe::bits(&P::LAYOUT, bits(pte) ^ data))
    });
}
