//! The guess finds each layout in an image of it, and owns up where nothing can be told.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use swp_pte::{Flag, MemoryOrder, SwpEntry};
use swp_pte_atlas::{ROWS, Row};
use swp_pte_scan::{Evidence, Unclear, Verdict, judge};

fn judged(bytes: &[u8]) -> (Vec<Evidence>, Verdict) {
    let mut all = Evidence::candidates();
    for evidence in &mut all {
        evidence.add(bytes).unwrap();
    }
    let verdict = judge(&mut all);
    (all, verdict)
}

fn bytes_of(words: impl IntoIterator<Item = u64>, width: u32, order: MemoryOrder) -> Vec<u8> {
    let bytes = |word: u64| match (width, order) {
        (32, MemoryOrder::Big) => u32::try_from(word).unwrap().to_be_bytes().to_vec(),
        (32, MemoryOrder::Little) => u32::try_from(word).unwrap().to_le_bytes().to_vec(),
        (_, MemoryOrder::Big) => word.to_be_bytes().to_vec(),
        (_, MemoryOrder::Little) => word.to_le_bytes().to_vec(),
        (_, MemoryOrder::BigLowWordFirst) => word.rotate_left(32).to_be_bytes().to_vec(),
        (_, order) => unreachable!("no layout of the record lies in memory {order}"),
    };
    words.into_iter().flat_map(bytes).collect()
}

/// Numbers without pattern, reproducible.
fn random(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |state| {
        let state = state ^ (state << 13);
        let state = state ^ (state >> 7);
        Some(state ^ (state << 17))
    })
}

/// What a mapping has beside its frame and the bits that make it present. Every real one has some: without any, a frame alone
/// looks like a small offset to another architecture.
const ATTRIBUTES: u64 = 0xf43;

/// A third none, a third present, a third swapped to one of two files, with every marker of the layout.
fn tables(row: &'static Row, order: MemoryOrder) -> Vec<u8> {
    let layout = row.layout();
    let present = layout.present[0];
    let words = random(0x1234_5678_9abc_def1).take(4096).map(|r| match r % 3 {
        0 => layout.none.value & layout.word_mask(),
        1 => (((r >> 8 & 0xf_ffff) << 12 | ATTRIBUTES) & !present.mask | present.value) & layout.word_mask(),
        _ => {
            let offset = ((r >> 8) & 0xffff).min(layout.swp_offset.max()) + 1;
            let encoded = |offset| row.encode(SwpEntry::from_parts((r >> 4) & 1, offset).unwrap());
            // nios2 takes the lowest offsets for none.
            let word = encoded(offset).or_else(|_| encoded(offset + 16)).unwrap();
            let mut bits = word.bits();
            for (i, flag) in Flag::ALL.into_iter().enumerate() {
                if r >> (40 + i) & 1 == 1 {
                    bits |= layout.flag_mask(flag);
                }
            }
            bits
        }
    });
    bytes_of(words, layout.width, order)
}

fn figures(e: &Evidence) -> String {
    let Evidence { order, none, present, swap, suspicious, types, max_offset, .. } = *e;
    format!(
        "{} {} {order:?} {:.2}: none {none} present {present} swap {swap} stray {suspicious} types {types:#x} offsets to {max_offset:#x}",
        e.row.variant(),
        e.row.layout().source.kernels,
        e.score(),
    )
}

#[test]
fn every_layout_is_among_the_best_for_an_image_of_its_own_and_never_another_byte_order() {
    let mut wrong = Vec::new();
    for row in ROWS {
        for order in row.layout().memory.orders() {
            let (all, verdict) = judged(&tables(row, order));
            let alike = match verdict {
                Verdict::Clear => 1,
                Verdict::Alike(alike) => alike,
                // The layouts of two eras can be so near that the words of one are nearly all words of the other; so can
                // those of two architectures, and one of them has several variants that are alike.
                Verdict::Unclear(Unclear::Close) => 12,
                Verdict::Unclear(why) => {
                    wrong.push(format!("{} {order:?}: {why}; {}", row.variant(), figures(&all[0])));
                    continue;
                }
            };
            let name = format!("{} {} {order:?} {verdict:?}", row.variant(), row.layout().source.kernels);
            let best: Vec<_> = all.iter().take(alike).map(figures).collect();
            let is_it = |e: &&Evidence| std::ptr::eq(e.row, row) && e.order == order;
            if !all.iter().take(alike).any(|e| is_it(&e)) {
                wrong.push(format!("{name}: {best:?}, not {}", figures(all.iter().find(is_it).unwrap())));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Mapped memory with the bits that a kernel sets, runs of it and of nothing, and one swap PTE in fifty.
#[test]
fn few_swap_ptes_among_present_words_are_enough() {
    for (variant, bits) in
        [("x86_64", 0x8000_0000_0000_0067), ("arm64", 0x0068_0000_0000_0f43), ("s390", 0x0000_0000_0000_000b)]
    {
        let row = swp_pte_atlas::newest(variant).unwrap();
        let layout = row.layout();
        let words = random(7).take(400).enumerate().flat_map(|(number, r)| {
            let (run, frame) = ((r >> 8) % 100 + 1, (r >> 20) & 0xf_ffff);
            (0..run).map(move |i| match number % 25 {
                0 => row.encode(SwpEntry::from_parts(0, frame + i + 1).unwrap()).unwrap().bits(),
                number if number % 2 == 0 => layout.none.value,
                _ => (frame + i) << 12 | bits,
            })
        });
        let bytes = bytes_of(words, layout.width, layout.memory.order);
        let (all, verdict) = judged(&bytes);
        let best = &all[0];
        assert!(!matches!(verdict, Verdict::Unclear(_)), "{variant}: {verdict:?} {}", figures(best));
        assert_eq!((best.row.variant(), best.order), (variant, layout.memory.order), "{}", figures(best));
    }
}

/// Words out of running kernels: `tests/vectors/captures`.
#[test]
fn captures_are_recognized() {
    let captures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/captures");
    for (file, variant, kernel) in
        [("x86_64-6.12.live.jsonl", "x86_64", "6.12"), ("s390-6.1.live.jsonl", "s390", "6.1")]
    {
        let text = std::fs::read_to_string(format!("{captures}/{file}")).unwrap();
        let words = text.lines().filter_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            Some(u64::from_str_radix(line.get("pte")?.as_str()?.strip_prefix("0x")?, 16).unwrap())
        });
        let words: Vec<_> = words.collect();
        assert!(words.len() > 200, "{file}: {} words", words.len());
        let row = swp_pte_atlas::find(variant, kernel.parse().unwrap()).unwrap();
        for order in [MemoryOrder::Little, MemoryOrder::Big] {
            let (all, verdict) = judged(&bytes_of(words.iter().copied(), 64, order));
            let best = &all[0];
            assert!(std::ptr::eq(best.row, row) && best.order == order, "{file}: {}", figures(best));
            assert_eq!(verdict, Verdict::Clear, "{file}: {} {}", figures(best), figures(&all[1]));
        }
    }
}

#[test]
fn what_is_no_page_table_is_not_given_a_name() {
    let noise = bytes_of(random(99).take(8192), 64, MemoryOrder::Little);
    let text: Vec<u8> = b"It was a bright cold day in April, and the clocks were striking thirteen. ".repeat(800);
    for (name, bytes) in [("zeros", vec![0; 65536]), ("ones", vec![0xff; 65536]), ("noise", noise), ("text", text)] {
        let bytes = &bytes[..bytes.len() / 8 * 8];
        let (all, verdict) = judged(bytes);
        let best = &all[0];
        assert!(
            matches!(verdict, Verdict::Unclear(_)),
            "{name}: {verdict:?} {} {:?} {best:?}",
            best.row.variant(),
            best.order
        );
    }
}
