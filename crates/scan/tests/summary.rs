//! A summary is what one gets by looking at every word through the backend, for every layout, byte order and shape of
//! image.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::collections::BTreeMap;

use swp_pte::{Flag, MemoryOrder, PteKind, SwpEntry};
use swp_pte_atlas::{ROWS, Row, Word};
use swp_pte_scan::{ScanError, Summary, Words, for_each_swap, summarize_row};

const ORDERS: [MemoryOrder; 3] = [MemoryOrder::Little, MemoryOrder::Big, MemoryOrder::BigLowWordFirst];

/// Numbers without pattern, reproducible.
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

/// Words of one shape: in runs, one by one, swap PTEs that differ in all but the offset, offsets about powers of two in
/// blocks of one type, garbage.
fn words(row: &'static Row, shape: &str, count: usize) -> Vec<u64> {
    let layout = row.layout();
    let mut next = random(0x0dd_ba11);
    let mut words = Vec::new();
    while words.len() < count {
        let r = next();
        let run = if shape == "runs" { (r >> 8) % 150 + 1 } else { 1 };
        let (kind, swp_type, offset) = ((r >> 20) % 4, (r >> 24) % 32, next() % (layout.swp_offset.max() / 2));
        // Half the runs have the same markers all along.
        let marked_alike = (r >> 40 & 1 == 1).then(&mut next);
        for i in 0..run {
            words.push(match (shape, kind) {
                ("garbage", _) => next() & layout.word_mask(),
                ("runs" | "single", 0) => layout.none.value & layout.word_mask(),
                ("runs" | "single", 1) => layout.present[0].value,
                _ => {
                    let swp_type = if shape == "edges" { words.len() as u64 / 256 % 2 } else { swp_type };
                    let offset = match shape {
                        "one offset" => 12_345,
                        "edges" => edge(layout.swp_offset.max(), &mut next),
                        _ => offset + i + 1,
                    };
                    let swp_type = swp_type & layout.swp_type.max();
                    let encoded = |offset| row.encode(SwpEntry::from_parts(swp_type, offset).unwrap());
                    // nios2 takes the lowest offsets of type 0 for none.
                    let word = encoded(offset).or_else(|_| encoded(offset + 16)).unwrap();
                    let flags = marked_alike.unwrap_or_else(&mut next);
                    let marked = Flag::ALL.into_iter().filter(|flag| flags >> (*flag as u32) & 1 == 1);
                    marked.fold(word.bits(), |word, flag| layout.set(flag, word))
                }
            });
        }
    }
    words.truncate(count);
    words
}

/// An offset at or about a power of two, most often where a float of 64 bits begins to leave out numbers.
fn edge(max: u64, next: &mut impl FnMut() -> u64) -> u64 {
    let bits = u64::from(max.ilog2());
    let power = if next().is_multiple_of(2) { bits - next() % bits.min(6) } else { next() % (bits + 1) };
    let about = (1u64 << power).saturating_add_signed((next() % 31).cast_signed() - 15);
    about.clamp(1, max / 2 + max / 4)
}

fn bytes_of(words: &[u64], width: u32, order: MemoryOrder) -> Vec<u8> {
    let bytes = |word: &u64| match (width, order) {
        (32, MemoryOrder::Big) => u32::try_from(*word).unwrap().to_be_bytes().to_vec(),
        (32, MemoryOrder::Little) => u32::try_from(*word).unwrap().to_le_bytes().to_vec(),
        (_, MemoryOrder::Big) => word.to_be_bytes().to_vec(),
        (_, MemoryOrder::Little) => word.to_le_bytes().to_vec(),
        (32, MemoryOrder::BigLowWordFirst) => u32::try_from(*word).unwrap().to_be_bytes().to_vec(),
        (_, MemoryOrder::BigLowWordFirst) => word.rotate_left(u32::BITS).to_be_bytes().to_vec(),
        (_, order) => unreachable!("an order that this test does not know: {order}"),
    };
    words.iter().flat_map(bytes).collect()
}

/// The obvious way: every word through the backend's functions.
fn check(row: &'static Row, words: &[u64], summary: &Summary, what: &str) {
    let words: Vec<_> = words.iter().map(|word| row.word(*word).unwrap()).collect();
    let of_kind = |kind| words.iter().filter(|word| word.kind() == kind).count() as u64;
    assert_eq!(summary.words, words.len() as u64, "{what}");
    assert_eq!(summary.none, of_kind(PteKind::None), "{what}");
    assert_eq!(summary.present, of_kind(PteKind::Present), "{what}");
    let (clean, stray): (Vec<&Word>, Vec<&Word>) =
        words.iter().filter(|word| word.kind() == PteKind::Swap).partition(|word| word.stray() == 0);
    assert_eq!(summary.suspicious, stray.len() as u64, "{what}");
    assert_eq!(summary.stray_bits, stray.iter().fold(0, |all, word| all | word.stray()), "{what}");
    for flag in Flag::ALL {
        let with = clean.iter().filter(|word| word.is_set(flag) == Some(true)).count() as u64;
        assert_eq!(summary.with(flag), with, "{what} {flag:?}");
    }
    let mut types = BTreeMap::<u64, Vec<u64>>::new();
    for word in &clean {
        let entry = word.decode().unwrap();
        types.entry(entry.swp_type().get()).or_default().push(entry.offset().get());
    }
    assert!(summary.types().map(|(swp_type, _)| u64::from(swp_type)).eq(types.keys().copied()), "{what}");
    for ((_, of_type), offsets) in summary.types().zip(types.values()) {
        assert_eq!(of_type.count, offsets.len() as u64, "{what}");
        assert_eq!(of_type.min, *offsets.iter().min().unwrap(), "{what}");
        assert_eq!(of_type.max, *offsets.iter().max().unwrap(), "{what}");
        let (width, bars) = of_type.histogram.bars(64);
        let mut counted = vec![0; bars.len()];
        for offset in offsets {
            counted[usize::try_from(offset / width).unwrap()] += 1;
        }
        assert_eq!(bars, counted, "{what}");
    }
    let width = usize::try_from(row.layout().width / 8).unwrap();
    let examples = (0..).step_by(width).zip(&words).filter(|(_, word)| word.kind() == PteKind::Swap);
    let examples = examples.filter(|(_, word)| word.stray() != 0).take(Summary::EXAMPLES);
    assert!(
        summary.examples.iter().map(|e| (e.position, e.word)).eq(examples.map(|(at, word)| (at, word.bits()))),
        "{what}"
    );
}

#[test]
fn a_summary_is_what_the_backend_says_word_by_word() {
    for row in ROWS {
        for shape in ["runs", "single", "one offset", "edges", "garbage"] {
            // As far from a multiple of any block as can be.
            let words = words(row, shape, 47 * 64 + 63);
            for order in ORDERS {
                let what = format!("{} {} {shape} {order:?}", row.variant(), row.layout().source.kernels);
                let bytes = bytes_of(&words, row.layout().width, order);
                let mut whole = Summary::new();
                summarize_row(row, Words::new(&bytes, order), &mut whole).unwrap();
                check(row, &words, &whole, &what);

                // In parts, and the later ones first.
                let middle = bytes.len() / 3 / 8 * 8;
                let parts = [(0, &bytes[..middle]), (middle as u64, &bytes[middle..])].map(|(at, part)| {
                    let mut summary = Summary::new();
                    summarize_row(row, Words::new(part, order).at(at), &mut summary).unwrap();
                    summary
                });
                let mut merged = Summary::new();
                for part in parts.iter().rev() {
                    merged.merge(part);
                }
                assert_eq!(merged, whole, "{what}");
            }
        }
    }
}

#[test]
fn rows_are_the_swap_ptes_with_their_positions() {
    for row in ROWS {
        // More than are copied at a time where words are.
        let words = words(row, "single", 2501);
        let width = usize::try_from(row.layout().width / 8).unwrap();
        let expected = (4096..).step_by(width).zip(&words);
        let expected: Vec<_> = expected.filter(|(_, word)| row.word(**word).unwrap().kind() == PteKind::Swap).collect();
        for order in ORDERS {
            let bytes = bytes_of(&words, row.layout().width, order);
            let mut rows = Vec::new();
            for_each_swap(row, Words::new(&bytes, order).at(4096), |word| rows.push(word)).unwrap();
            assert_eq!(rows.len(), expected.len());
            for (found, (position, word)) in rows.iter().zip(&expected) {
                assert_eq!((found.position, found.word), (*position, **word), "{order}");
                assert_eq!(found.entry, row.word(**word).unwrap().decode().ok());
                assert_eq!(found.stray, row.layout().stray(**word));
            }
        }
    }
}

#[test]
fn a_partial_word_is_an_error_and_changes_nothing() {
    for row in ROWS {
        let mut summary = Summary::new();
        for length in [1, 3, 7, 9, 4095] {
            let bytes = vec![0xff; length];
            let error = summarize_row(row, Words::new(&bytes, MemoryOrder::Big), &mut summary).unwrap_err();
            assert!(matches!(error, ScanError::PartialWord(e) if e.length == length), "{error}");
            assert_eq!(summary, Summary::new());
        }
    }
}
