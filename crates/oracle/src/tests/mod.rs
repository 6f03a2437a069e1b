//! What can be tried without a kernel: answers from a fake, trees that are none, programs that talk nonsense.

mod docs;
mod errors;
mod fake;
mod memory;
mod present;
mod sources;

use swp_pte::{Field, KernelVersion, Layout, Level, Placement};
use swp_pte_atlas::{ARCHES, ROWS, facts_of, find, find_at};

use super::ask::Answers;
use super::compare::{Comparison, compare};
use super::lines::{Provenance, Questions};
use super::literal::literal;
use super::memory::Memory;
use super::probe::probe;
use super::variants::{VARIANTS, Variant};
use super::{layout, questions, report};
pub(super) use errors::folder;
use fake::Fake;

fn x86_64() -> (&'static Variant, Layout<'static>) {
    let variant = VARIANTS.iter().find(|variant| variant.config == "x86_64").unwrap();
    (variant, *find("x86_64", KernelVersion::new(6, 12)).unwrap().layout())
}

fn run(fake: &mut Fake, config: &str, kernel: &str) -> Comparison {
    let variant = VARIANTS.iter().find(|variant| variant.config == config).unwrap();
    let constants = fake.constants().unwrap();
    let provenance =
        Provenance { release: kernel, variant, compiler: "none", constants: &constants, mended: None, as_built: false };
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
fn machines_are_architectures_of_the_atlas() {
    for it in VARIANTS {
        let arch = ARCHES.iter().find(|arch| arch.name == it.machine.arch).unwrap();
        // One of two word sizes can have an ARCH of its own.
        let kernel_arch = it.machine.kernel_arch;
        let own = [Some(kernel_arch), kernel_arch.strip_suffix("64")].contains(&Some(arch.kernel_name));
        assert!(own, "{}: {kernel_arch} is not {}", it.config, arch.kernel_name);
        assert_eq!(facts_of(it.variant).unwrap().arch, arch.name, "{}", it.config);
    }
}

/// Those of s390 have a form of their own, which the record knows from 7.2 on.
#[test]
fn pmds_of_another_form_and_of_none_are_mismatches() {
    let version = KernelVersion::new(7, 2);
    let pte = *find("s390", version).unwrap().layout();
    let pmd = *find_at("s390", Level::Pmd, version).unwrap().layout();
    let fake = |pmd| Fake { pmd, ..Fake::new(&pte) };
    let of_pmds = |found: &Comparison| found.others.iter().filter(|line| line.contains("PMD")).count();
    let found = run(&mut fake(pmd), "s390", "7.2");
    assert!(of_pmds(&found) == 0 && found.pmds >= 4000, "{:?}", found.others);
    assert!(of_pmds(&run(&mut fake(pte), "s390", "7.2")) > 10);
    let found = run(&mut fake(pmd), "s390", "6.12");
    assert_eq!((of_pmds(&found), found.pmds), (1, 0), "{:?}", found.others);
    assert!(found.others.iter().any(|line| line.contains("older than the record")), "{:?}", found.others);
}

/// What is printed of a layout is what its file in the architecture's crate says.
#[test]
fn a_literal_is_as_the_backends_have_it() {
    let plain = |text: &str| -> String {
        // A text that is too long for a line goes on in the next.
        let text: String = text.replace("\\\n", "").chars().filter(|c| !c.is_whitespace()).collect();
        text.replace(",]", "]").replace(",)", ")")
    };
    for (variant, name, file) in [
        ("x86_64", "X86_64", include_str!("../../../arch/x86_64/src/since_5_19.rs")),
        ("arm64", "ARM64", include_str!("../../../arch/arm64/src/since_6_10.rs")),
        ("s390", "S390", include_str!("../../../arch/s390/src/since_5_19.rs")),
        ("ppc-nohash32-8xx", "NOHASH32_8XX", include_str!("../../../arch/ppc/src/nohash32_8xx/since_6_3.rs")),
    ] {
        let layout = find(variant, KernelVersion::new(6, 12)).unwrap().layout();
        let literal = literal(layout, Memory::of(layout, layout.page_shift));
        let (comment, literal) = literal.split_once('\n').unwrap();
        assert!(comment.starts_with("// VARIANT: words of "), "{comment}");
        assert!(plain(file).contains(&plain(&literal.replace("VARIANT", name))), "{literal}");
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
    let moved = layout.with_exclusive(4, Placement::UnusedBit);
    let found = run(&mut Fake::new(&moved), "x86_64", "6.12");
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
    let shifted = layout.with_fields(Field::new(58, 5), Field::new(9, 49).inverted());
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
    let found = run(&mut Fake { pfn_bits: 41, ..Fake::new(&layout) }, "x86_64", "6.12");
    assert_eq!(found.others, ["SWP_PFN_BITS: kernel 41, the atlas 34 or 40"]);
    // That of a configuration which is listed, and not the usual one, is worth a note.
    let found = run(&mut Fake { pfn_bits: 40, ..Fake::new(&layout) }, "x86_64", "6.12");
    assert_eq!(found.mismatches(), 0, "{:?}", found.others);
    assert!(found.notes.iter().any(|note| note.contains("SWP_PFN_BITS is 40") && note.contains("5LEVEL")));
    let found = run(&mut Fake::new(&layout), "x86_64", "6.12");
    assert!(!found.notes.iter().any(|note| note.contains("SWP_PFN_BITS")), "{:?}", found.notes);
}

#[test]
fn the_same_questions_every_time_and_kept_in_the_file() {
    assert_eq!(questions::words(64, 100), questions::words(64, 100));
    let entries = questions::boundary_entries(0xff_ffff);
    assert!(entries.iter().all(|(swp_type, offset)| *swp_type < 32 && *offset <= 0xff_ffff));
    let (variant, layout) = x86_64();
    let mut fake = Fake::new(&layout);
    let constants = fake.constants().unwrap();
    let provenance =
        Provenance { release: "6.12", variant, compiler: "none", constants: &constants, mended: None, as_built: false };
    let text = provenance.encode_file(&mut fake, &entries).unwrap();
    assert_eq!(Questions::read(&text).unwrap().entries, entries);
    let words = questions::words(64, 10);
    let text = provenance.raw_file(&mut fake, &words).unwrap();
    assert_eq!(Questions::read(&text).unwrap().words, words);
    assert!(Questions::read("{}\n{\"type\":1}\n").is_err());
    assert!(Questions::read("{}\nnonsense\n").is_err());
}
