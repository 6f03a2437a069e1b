//! What can be tried without a kernel: answers from a fake, trees that are none, programs that talk nonsense.

mod errors;
mod fake;
mod memory;
mod present;
mod sources;

use swp_pte::{ExclusiveBit, Field, KernelVersion, Layout, Placement};
use swp_pte_atlas::{ROWS, find};

use super::ask::Answers;
use super::compare::{Comparison, compare};
use super::lines::{Provenance, Questions};
use super::memory::Memory;
use super::probe::probe;
use super::variants::{VARIANTS, Variant};
use super::{layout, questions, report};
use fake::Fake;

fn x86_64() -> (&'static Variant, Layout) {
    let variant = VARIANTS.iter().find(|variant| variant.config == "x86_64").unwrap();
    (variant, *find("x86_64", KernelVersion::new(6, 12)).unwrap().layout())
}

fn run(fake: &mut Fake, config: &str, kernel: &str) -> Comparison {
    let variant = VARIANTS.iter().find(|variant| variant.config == config).unwrap();
    let constants = fake.constants().unwrap();
    let provenance = Provenance { release: kernel, variant, compiler: "none", constants: &constants };
    let version = kernel.parse().unwrap();
    fake.version = version;
    compare(fake, &provenance, version).unwrap()
}

#[test]
fn the_variants_cover_the_atlas() {
    for variant in swp_pte_atlas::variants() {
        assert!(VARIANTS.iter().any(|it| it.variant == variant), "{variant} is built by nobody");
    }
    for it in VARIANTS {
        assert!(swp_pte_atlas::variants().any(|variant| variant == it.variant), "{} is in no atlas", it.variant);
    }
}

#[test]
fn probing_finds_every_layout_of_the_atlas() {
    for row in ROWS {
        let mut fake = Fake::new(row.layout());
        let constants = fake.constants().unwrap();
        let probed = probe(&mut fake, &constants, Memory::measured(&constants).unwrap(), None).unwrap();
        assert_eq!(layout::differences(&probed, row.layout()), [""; 0], "{}", row.variant());
    }
}

#[test]
fn agreement_is_counted() {
    let (_, layout) = x86_64();
    let found = run(&mut Fake::new(&layout), "x86_64", "6.12.1");
    // MAX_SWAPFILES and the like are those of a build with nothing on.
    assert_eq!(found.failures, [], "{:?}", found.others);
    assert!(found.known.is_some() && found.mismatches() == 0, "{:?}", found.others);
    assert!(found.entries >= 4000 && found.words >= 2000 && found.pmds >= 4000 && found.checks > 100_000);
}

#[test]
fn a_moved_marker_is_said_in_one_line() {
    let (_, layout) = x86_64();
    let moved = Some(ExclusiveBit { bit: 4, placement: Placement::UnusedBit });
    let found = run(&mut Fake::new(&Layout { exclusive: moved, ..layout }), "x86_64", "6.12");
    let change = found.change.unwrap();
    assert_eq!(change.differences, ["exclusive: kernel bit 4, ours bit 3"]);
    assert_eq!(change.nearest.layout().source, layout.source);
    let text = report::changed("x86_64", &change);
    assert!(text.contains("No known layout is nearer"), "{text}");
    assert!(text.contains(".with_exclusive(4, Placement::UnusedBit)"), "{text}");
    assert!(text.contains("free of contradictions") && text.contains("│ E │"), "{text}");
}

#[test]
fn moved_fields_are_said_in_a_line_each() {
    let (_, layout) = x86_64();
    let shifted = Layout { swp_type: Field::new(58, 5), swp_offset: Field::new(9, 49).inverted(), ..layout };
    let change = run(&mut Fake::new(&shifted), "x86_64", "6.12").change.unwrap();
    let lines = ["type: kernel 58..=62, ours 59..=63", "offset: kernel 9..=57 inverted, ours 9..=58 inverted"];
    assert_eq!(change.differences, lines);
}

#[test]
fn the_layout_of_another_era_is_recognized() {
    let old = find("arm64", KernelVersion::new(6, 1)).unwrap();
    let found = run(&mut Fake::new(old.layout()), "arm64-4k48", "6.12");
    let change = found.change.unwrap();
    assert!(change.differences.contains(&"type: kernel 3..=7, ours 6..=10".to_owned()), "{:?}", change.differences);
    assert_eq!((change.nearest.layout().source, change.moved.len()), (old.layout().source, 0));
    assert!(report::changed("arm64-4k48", &change).contains("exactly the layout of arm64"));
}

#[test]
fn one_wrong_bit_in_one_answer_is_a_mismatch() {
    let (_, layout) = x86_64();
    let word = questions::words(64, questions::WORDS)[1000];
    let found = run(&mut Fake { wrong: Some(word), ..Fake::new(&layout) }, "x86_64", "6.12");
    assert!(found.known.is_some() && found.change.is_none());
    assert_eq!((found.failed, found.failures.len()), (1, 1));
    assert!(found.failures[0].input.contains(&format!("{word:#x}")), "{}", found.failures[0]);
}

#[test]
fn another_number_of_page_frame_bits_is_a_mismatch() {
    let (_, layout) = x86_64();
    let found = run(&mut Fake { pfn_bits: 40, ..Fake::new(&layout) }, "x86_64", "6.12");
    assert_eq!(found.others, ["SWP_PFN_BITS: kernel 40, the atlas 34"]);
}

#[test]
fn the_same_questions_every_time_and_kept_in_the_file() {
    assert_eq!(questions::words(64, 100), questions::words(64, 100));
    let entries = questions::boundary_entries(0xff_ffff);
    assert!(entries.iter().all(|(swp_type, offset)| *swp_type < 32 && *offset <= 0xff_ffff));
    let (variant, layout) = x86_64();
    let mut fake = Fake::new(&layout);
    let constants = fake.constants().unwrap();
    let provenance = Provenance { release: "6.12", variant, compiler: "none", constants: &constants };
    let text = provenance.encode_file(&mut fake, &entries).unwrap();
    assert_eq!(Questions::read(&text).unwrap().entries, entries);
    let words = questions::words(64, 10);
    let text = provenance.raw_file(&mut fake, &words).unwrap();
    assert_eq!(Questions::read(&text).unwrap().words, words);
    assert!(Questions::read("{}\n{\"type\":1}\n").is_err());
    assert!(Questions::read("{}\nnonsense\n").is_err());
}
