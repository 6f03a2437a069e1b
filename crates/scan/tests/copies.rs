//! A word that stands there several times in a row is read once, and never where its copies are not the same.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use swp_pte::{MemoryOrder, SwpEntry};
use swp_pte_atlas::{ROWS, Row};
use swp_pte_scan::{Summary, SwapWord, Words, for_each_swap, summarize};

/// None, present, swap, and a word of garbage in fifty.
fn words(row: &'static Row, count: u64) -> Vec<u64> {
    let layout = row.layout();
    let word = |i: u64| match i % 3 {
        _ if i % 50 == 7 => layout.word_mask() & !layout.present[0].mask,
        0 => layout.none.value & layout.word_mask(),
        1 => layout.present[0].value,
        _ => row.encode(SwpEntry::from_parts(i % 2, i * 7919 % 60000 + 1).unwrap()).unwrap().bits(),
    };
    (0..count).map(word).collect()
}

/// The bytes of a word as often as it is to be there.
fn repeat(words: &[u64], width: u32, copies: usize) -> Vec<u8> {
    repeat_in(MemoryOrder::Little, words, width, copies)
}

fn repeat_in(order: MemoryOrder, words: &[u64], width: u32, copies: usize) -> Vec<u8> {
    let bytes = |word: &u64| match (order, width) {
        (MemoryOrder::Little, _) => word.to_le_bytes().into_iter().take(width as usize / 8).collect::<Vec<_>>(),
        (_, 32) => u32::try_from(*word).unwrap().to_be_bytes().to_vec(),
        _ => word.rotate_left(u32::BITS).to_be_bytes().to_vec(),
    };
    words.iter().flat_map(|word| bytes(word).repeat(copies)).collect()
}

fn read(row: &'static Row, words: Words<'_>) -> (Summary, Vec<SwapWord>) {
    let (mut summary, mut rows) = (Summary::new(), Vec::new());
    summarize(row.layout(), words, &mut summary).unwrap();
    for_each_swap(row.layout(), words, |word| rows.push(word)).unwrap();
    (summary, rows)
}

#[test]
fn a_word_with_copies_counts_once() {
    for row in ROWS {
        // More than fit a run, and no multiple of a block.
        let (words, width) = (words(row, 2011), row.layout().width);
        let once = repeat(&words, width, 1);
        let (expected, expected_rows) = read(row, Words::new(&once, MemoryOrder::Little));
        let orders = [MemoryOrder::Little, MemoryOrder::BigLowWordFirst];
        for (copies, order) in [2, 3, 4].into_iter().flat_map(|copies| orders.map(|order| (copies, order))) {
            let bytes = repeat_in(order, &words, width, copies);
            let copies = u32::try_from(copies).unwrap();
            let (mut summary, mut rows) = read(row, Words::new(&bytes, order).at(4096).repeated(copies));
            assert_eq!((summary.copies_that_differ(), summary.first_that_differs()), (0, None));
            // The same words, elsewhere.
            let before = |position: u64| (position - 4096) / u64::from(copies);
            summary.examples.iter_mut().for_each(|example| example.position = before(example.position));
            rows.iter_mut().for_each(|row| row.position = before(row.position));
            assert_eq!(summary, expected, "{} {copies}", row.variant());
            assert_eq!(rows, expected_rows, "{} {copies}", row.variant());
        }
    }
}

#[test]
fn copies_that_differ_are_counted_and_none_of_them_is_picked() {
    for row in ROWS {
        let (words, width, copies) = (words(row, 1500), row.layout().width, 4);
        let size = width as usize / 8;
        // Whichever copy it is, in the middle, in a row, first and last.
        let differing = [0, 64, 65, 700, 701, 702, 1499];
        for copy in 0..copies {
            let mut bytes = repeat(&words, width, copies);
            for word in differing {
                bytes[(word * copies + copy) * size + size / 2] ^= 0x40;
            }
            let words_of = |bytes| Words::new(bytes, MemoryOrder::Little).repeated(4);
            let (summary, rows) = read(row, words_of(&bytes));
            let same: Vec<_> =
                (0..).zip(&words).filter(|(at, _)| !differing.contains(at)).map(|(_, word)| *word).collect();
            let alone = repeat(&same, width, 1);
            let (mut expected, expected_rows) = read(row, Words::new(&alone, MemoryOrder::Little));
            assert_eq!((summary.copies_that_differ(), summary.first_that_differs()), (7, Some(0)));
            assert_eq!(summary.words + summary.copies_that_differ(), words.len() as u64);
            assert_eq!(
                (summary.none, summary.present, summary.swap()),
                (expected.none, expected.present, expected.swap())
            );
            assert!(summary.types().eq(expected.types()));
            assert!(rows.iter().map(|row| row.word).eq(expected_rows.iter().map(|row| row.word)));
            let group = (size * copies) as u64;
            assert!(rows.iter().all(|row| row.position.is_multiple_of(group)
                && row.word == words[usize::try_from(row.position / group).unwrap()]));

            // In two parts, the later one first.
            let middle = 701 * size * copies;
            let mut parts = read(row, words_of(&bytes[middle..]).at(middle as u64)).0;
            assert_eq!(parts.first_that_differs(), Some(middle as u64));
            parts.merge(&read(row, words_of(&bytes[..middle])).0);
            assert_eq!(parts, summary);
            expected.merge(&Summary::new());
            assert_ne!(parts, expected);
        }
    }
}

#[test]
fn part_of_a_word_with_its_copies_is_an_error() {
    for row in ROWS {
        let size = row.layout().width as usize / 8;
        let bytes = vec![0; size * 4 + size];
        let mut summary = Summary::new();
        let words = Words::new(&bytes, MemoryOrder::Big).repeated(4);
        let error = summarize(row.layout(), words, &mut summary).unwrap_err();
        assert_eq!((error.word, error.length), (size * 4, size * 5));
        assert_eq!(for_each_swap(row.layout(), words, |_| panic!("a word of none")), Err(error));
        assert_eq!(summary, Summary::new());
        // 0 is taken for 1.
        summarize(row.layout(), words.repeated(0), &mut summary).unwrap();
        assert_eq!(summary.words, 5);
    }
}
