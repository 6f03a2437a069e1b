//! Numbers in every form: entries, pagemap words, bare hex, bytes in either order; what is refused, doubted and hinted at.
#![expect(clippy::panic, reason = "in a test, a panic is the failure")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use swp_pte::KernelVersion;
use swp_pte_atlas::facts_of;
use swp_pte_forms::EntryForm;

use crate::start::{program, texts};

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    texts(&program(args).env("COLUMNS", "200").output().unwrap())
}

fn decoded(args: &[&str]) -> Value {
    let (_, text, error) = run(&[&["decode", "--json"], args].concat());
    serde_json::from_str(text.lines().next().unwrap_or_else(|| panic!("{error}"))).unwrap()
}

const X86_64: [&str; 4] = ["--arch", "x86_64", "--kernel", "6.12"];

#[test]
fn the_shift_of_an_entry_is_that_of_every_compiled_kernel() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut checked = 0;
    for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|end| end != "jsonl") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let head: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let Some(shift) = head["consts"]["SWP_TYPE_SHIFT"].as_u64() else { continue };
        let kernel: KernelVersion = head["kernel"].as_str().unwrap().parse().unwrap();
        let facts = facts_of(head["variant"].as_str().unwrap()).unwrap();
        let form = EntryForm::of(kernel, facts.long_bits);
        assert_eq!(u64::from(form.type_shift), shift, "{}", file.display());
        assert_eq!(head["consts"]["SWP_OFFSET_MASK"].as_u64().unwrap_or(form.max_offset()), form.max_offset());
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn an_entry_is_taken_apart_and_put_into_the_word_that_holds_it() {
    let object = decoded(&[&X86_64[..], &["--entry", "0x41"]].concat());
    assert_eq!((&object["form"], &object["type"], &object["offset"]), (&json!("entry"), &json!(0), &json!("0x41")));
    assert_eq!((&object["word"], &object["softleaf"]), (&json!("0x7ffffffffff7c00"), &json!({ "name": "swap" })));
    // The same number behind its prefix, and in hex without a mark.
    for args in [&["entry:41"][..], &["--entry", "--hex", "00000041"]] {
        let again = decoded(&[&X86_64[..], args].concat());
        assert_eq!((&again["word"], &again["entry"]), (&object["word"], &object["entry"]), "{args:?}");
    }
    // What comes out is read as what went in.
    let word = decoded(&[&X86_64[..], &[object["word"].as_str().unwrap()]].concat());
    assert_eq!((&word["type"], &word["offset"], &word["form"]), (&json!(0), &json!("0x41"), &json!("pte")));
    let marker = decoded(&[&X86_64[..], &["--entry", "0x7c00000000000001"]].concat());
    assert_eq!(marker["softleaf"], json!({ "name": "marker", "markers": ["uffd-wp"] }));
    assert_eq!((&marker["word"], &marker["doubt"]), (&json!("0xfffffffffffffc00"), &json!([])));
}

#[test]
fn an_entry_that_no_word_holds_says_what_is_lost() {
    let empty = decoded(&[&X86_64[..], &["--entry", "0x3ffffffffffff"]].concat());
    assert!(empty["word"].is_null() && empty["lost"].as_str().unwrap().contains("empty word"), "{empty}");
    let far = decoded(&["--arch", "s390", "--kernel", "6.12", "--entry", "0x3ffffffffffffff"]);
    assert!(far["word"].is_null() && far["lost"].as_str().unwrap().contains("would be lost"), "{far}");
    let none = decoded(&[&X86_64[..], &["--entry", "0x8000000000000000"]].concat());
    assert!(none["lost"].as_str().unwrap().contains("type 32"), "{none}");
    // More than a long of the kernel.
    let pae = decoded(&["--arch", "i386-pae", "--kernel", "6.12", "--entry", "0x100000000"]);
    assert!(pae["error"].as_str().unwrap().contains("32 bits"), "{pae}");
}

#[test]
fn pagemap_words_need_no_architecture() {
    let object = decoded(&["--pagemap", "0x4080000000000821"]);
    assert_eq!((&object["kind"], &object["type"], &object["offset"]), (&json!("swap"), &json!(1), &json!("0x41")));
    assert_eq!((&object["soft_dirty"], &object["word"], &object["guard"]), (&json!(true), &json!(null), &json!(false)));
    let named = decoded(&[&X86_64[..], &["--pagemap", &format!("{:#x}", 1_u64 << 62 | 0x1234 << 5 | 26)]].concat());
    assert_eq!(named["softleaf"]["name"], json!("migration-write"), "{named}");
    let present = decoded(&["--pagemap", "0xa180000000001234"]);
    assert_eq!((&present["frame"], &present["mapped_exclusively"]), (&json!("0x1234"), &json!(true)));
    let (code, text, _) = run(&["decode", "--pagemap", "0x4080000000000821"]);
    assert!(code == Some(0) && text.contains("offset      0x41"), "{text}");
}

#[test]
fn digits_that_could_be_two_numbers_are_refused_in_every_form() {
    for args in [&["01000000"][..], &["12345678"], &["--entry", "00010000"], &["--pagemap", "4611686018427387904"]] {
        let (code, text, error) = run(&[&["decode"], &X86_64[..], args].concat());
        // 19 digits are no hex number of 64 bits.
        let is_one = args.contains(&"4611686018427387904");
        assert_eq!(code, Some(i32::from(!is_one)), "{args:?} {text}{error}");
        assert!(is_one || error.contains("hex or decimal?"), "{error}");
    }
    for word in ["pte:01000000", "0x01000000"] {
        assert_eq!(decoded(&[&X86_64[..], &[word]].concat())["word"], json!("0x1000000"), "{word}");
    }
    assert_eq!(decoded(&[&X86_64[..], &["--hex", "01000000"]].concat())["word"], json!("0x1000000"));
    let (code, _, error) = run(&[&["decode"], &X86_64[..], &["--entry", "pte:41"]].concat());
    assert!(code == Some(1) && error.contains("the prefix says pte, but --entry was given"), "{error}");
}

#[test]
fn a_number_that_says_more_in_another_form_is_told_of() {
    let notes = |args: &[&str]| decoded(&[&X86_64[..], args].concat())["notes"].to_string();
    // Entries of kernels' logs, given as words.
    for entry in ["0x3ffffffffffff", "0x7e9058", "0x200f8a7", "0x9003c00", "0x7c00000000000001"] {
        assert!(notes(&[entry]).contains("--entry"), "{entry}: {}", notes(&[entry]));
    }
    assert!(notes(&["0x4080000000000821"]).contains("--pagemap"));
    // A swap PTE as the dump of a big-endian machine would have it.
    assert!(notes(&["0x0a7cffffffffff07"]).contains("--byte-order little"));
    let swapped = decoded(&[&X86_64[..], &["--byte-order", "little", "--hex", "0a7cffffffffff07"]].concat());
    assert_eq!(swapped["word"], json!("0x7ffffffffff7c0a"));
    // What is right stays without a note.
    for word in ["0x07ffffffffff7c0a", "0xd7fffffffdb97200", "0x8000000123456067", "0xfffffffffffffc00", "0x0"] {
        assert_eq!(notes(&[word]), "null", "{word}");
    }
}

#[test]
fn doubts_are_told_with_the_strongest_first() {
    let doubts = |args: &[&str]| decoded(&[&X86_64[..], args].concat())["doubt"].clone();
    assert_eq!(doubts(&["0x07ffffffffff7c0a"]), json!([]));
    let flipped = doubts(&["0x1000000"]);
    assert!(flipped[1].as_str().unwrap().contains("bit 24"), "{flipped}");
    let outside = doubts(&["--swap-pages", "16,0x100", "0x07ffffffffff7c0a"]);
    assert_eq!(outside, json!(["offset 0x41 is outside swap file 0, which has 0x10 pages"]));
    assert_eq!(doubts(&["--swap-pages", "256", "0x07ffffffffff7c0a"]), json!([]));
    // Of a type that there is no file of, as a copy of /proc/swaps says.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, "Filename Type Size Used Priority\n/dev/a partition 1020 0 -2\n").unwrap();
    let word = decoded(&[&X86_64[..], &["--entry", "0x400000000000041"]].concat())["word"].clone();
    let none = doubts(&["--swaps", file.path().to_str().unwrap(), word.as_str().unwrap()]);
    assert_eq!(none, json!(["no swap file has type 1: there are 1, from 0 on"]));
    let (code, _, error) = run(&[&["decode"], &X86_64[..], &["--swap-pages", "12,x", "0x0"]].concat());
    assert!(code == Some(2) && error.contains("swap file 2 has no size"), "{error}");
}

#[test]
fn a_present_word_has_its_page_frame() {
    // Words of kernels' logs whose page dumps gave the frame: PROT_NONE on x86_64, inverted; a vdso page on riscv.
    for (arch, kernel, word, frame) in [
        ("x86_64", "6.12", "pte:fffff99a98120", json!("0x66567")),
        ("riscv-rv64", "6.16", "pte:20682653", json!("0x81a09")),
        ("x86_64", "6.0", "pte:8000000071c00227", json!("0x71c00")),
        // Where that depends on the processor.
        ("mips32", "6.12", "0x12345007", json!(null)),
    ] {
        let object = decoded(&["--arch", arch, "--kernel", kernel, word]);
        assert_eq!((&object["kind"], &object["frame"]), (&json!("present"), &frame), "{object}");
    }
    let (_, text, _) = run(&["decode", "--arch", "mips32", "--kernel", "6.12", "0x12345007"]);
    assert!(text.contains("frame       not known for this architecture"), "{text}");
}
