//! The vector files can fail: every field of a sample of cases, turned over by one bit, must be caught, and a file that
//! is not whole must be refused with its line.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "in a test, a panic is the failure")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use serde_json::{Value, json};
use swp_pte_conformance::{VectorError, VectorFile};

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    fs::read_to_string(path).expect("tests/vectors is part of the repository")
}

fn read(text: &str) -> Result<VectorFile, VectorError> {
    VectorFile::read("test.jsonl", Cursor::new(text.as_bytes()))
}

/// The header and one case as a file of their own.
fn one_case(header: &Value, case: &Value) -> String {
    let mut header = header.clone();
    header["cases"] = json!(1);
    format!("{header}\n{case}\n")
}

/// The values that a field of a case can be damaged to: each differs in one bit.
fn damaged(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(bit) => vec![json!(!bit)],
        Value::Number(number) => (0..5).map(|bit| json!(number.as_u64().unwrap() ^ 1 << bit)).collect(),
        Value::String(hex) => {
            let word = u64::from_str_radix(hex.strip_prefix("0x").expect("a hex number"), 16).unwrap();
            (0..64).map(|bit| json!(format!("{:#x}", word ^ 1 << bit))).collect()
        }
        _ => vec![],
    }
}

/// Damages every field of every `step`th case in every bit; each time something must be caught.
fn every_wrong_bit_is_caught(name: &str, step: usize, fields: &[&str]) {
    let text = text(name);
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let mut caught = 0;
    for case in lines.step_by(step) {
        assert_eq!(read(&one_case(&header, &case)).unwrap().run().failed, 0, "{name}: {case}");
        for field in fields {
            for wrong in damaged(&case[field]) {
                let mut copy = case.clone();
                copy[field] = wrong;
                let report = read(&one_case(&header, &copy)).unwrap().run();
                assert!(report.failed > 0, "{name}, {field}: {copy}");
                caught += 1;
            }
        }
    }
    assert!(caught > 0, "{name}: nothing was damaged");
}

const ENCODE: [&str; 8] = ["type", "offset", "pte", "exclusive", "soft_dirty", "uffd_wp", "none", "present"];
const RAW: [&str; 12] = [
    "raw",
    "type",
    "offset",
    "exclusive",
    "soft_dirty",
    "uffd_wp",
    "mk_exclusive",
    "clear_exclusive",
    "mk_soft_dirty",
    "clear_uffd_wp",
    "clear_flags",
    "present",
];

#[test]
fn wrong_bits_in_encoded_entries() {
    for name in ["v6.12-x86_64", "v5.10-s390", "v6.12-ppc32-44x", "v6.1-riscv32", "v7.2-riscv64-svrsw"] {
        every_wrong_bit_is_caught(&format!("{name}.jsonl"), 29, &ENCODE);
    }
}

#[test]
fn wrong_bits_in_raw_words() {
    for name in ["v6.12-x86_64", "v5.10-arm64-4k48", "v6.12-ppc32-44x", "v6.1-ppc64le-64k", "v7.2-riscv64-svrsw"] {
        every_wrong_bit_is_caught(&format!("{name}.raw.jsonl"), 19, &RAW);
    }
}

#[test]
fn wrong_bits_in_live_words() {
    let fields = ["pte", "type", "offset", "swapped", "present"];
    for name in ["x86_64-6.12", "s390-6.1"] {
        let text = text(&format!("captures/{name}.live.jsonl"));
        let mut lines = text.lines();
        let header = lines.next().unwrap();
        // A present word has no ground truth beyond its kind, and a lone child no others to be compared with.
        let judged: Vec<_> =
            lines.filter(|line| !line.contains("prot_none") && !line.contains("child")).step_by(17).collect();
        for line in judged {
            let (header, case): (Value, Value) =
                (serde_json::from_str(header).unwrap(), serde_json::from_str(line).unwrap());
            assert_eq!(read(&one_case(&header, &case)).unwrap().run().failed, 0, "{name}: {case}");
            for field in fields {
                for wrong in damaged(&case[field]) {
                    let mut copy = case.clone();
                    copy[field] = wrong;
                    let report = read(&one_case(&header, &copy)).unwrap().run();
                    assert!(report.failed > 0, "{name}, {field}: {copy}");
                }
            }
        }
    }
}

#[test]
fn one_child_unlike_the_others_is_caught() {
    let whole = text("captures/x86_64-6.12.live.jsonl");
    let line = whole.lines().find(|line| line.contains("child")).unwrap();
    let mut case: Value = serde_json::from_str(line).unwrap();
    let word = u64::from_str_radix(case["pte"].as_str().unwrap().strip_prefix("0x").unwrap(), 16).unwrap();
    case["pte"] = json!(format!("{:#x}", word ^ 1 << 1));
    let report = read(&whole.replacen(line, &case.to_string(), 1)).unwrap().run();
    assert!(report.failures.iter().any(|failure| failure.differ.contains("soft-dirty")), "{:#?}", report.failures);
}

#[test]
fn a_wrong_bit_is_named() {
    let whole = text("v6.12-x86_64.jsonl").replacen(
        "\"exclusive\":\"0x7fffffffffffe08\"",
        "\"exclusive\":\"0x7fffffffffffe18\"",
        1,
    );
    let report = read(&whole).unwrap().run();
    let failure = report.failures.first().expect("the wrong bit is caught");
    assert_eq!((failure.expected.as_str(), failure.got.as_str()), ("0x7fffffffffffe18", "0x7fffffffffffe08"));
    assert_eq!(failure.differ, "bit 4 (unused)");
    assert!(failure.input.starts_with("test.jsonl:2 "), "{}", failure.input);
}

#[test]
fn wrong_constants_are_caught() {
    let whole = text("v6.12-x86_64.jsonl");
    for (right, wrong) in [
        ("\"MAX_SWAPFILES\":23", "\"MAX_SWAPFILES\":22"),
        ("\"SWP_MIGRATION_READ\":24", "\"SWP_MIGRATION_READ\":25"),
        ("\"SWP_PTE_MARKER\":31", "\"SWP_PTE_MARKER\":30"),
        ("\"PTE_MARKER_MASK\":3", "\"PTE_MARKER_MASK\":7"),
        ("\"GENERIC_MAX_OFFSET\":1125899906842623", "\"GENERIC_MAX_OFFSET\":1125899906842622"),
        ("\"HAVE_EXCL\":1", "\"HAVE_EXCL\":0"),
        ("\"pte_bits\":64", "\"pte_bits\":32"),
        ("\"memory_order\":\"little\"", "\"memory_order\":\"big\""),
        ("\"memory_order\":\"little\"", "\"memory_order\":\"big-low-word-first\""),
        ("\"memory_order\":\"little\"", "\"memory_order\":\"little\",\"memory_copies\":4"),
        ("\"memory_order\":\"little\"", "\"memory_order\":null,\"memory_copies\":4"),
        ("\"page_shift\":12", "\"page_shift\":11"),
        ("\"page_shift\":12", "\"page_shift\":13"),
        ("\"SWP_PFN_BITS\":34", "\"SWP_PFN_BITS\":35"),
        ("\"MAX_PHYSMEM_BITS\":46", "\"MAX_PHYSMEM_BITS\":52"),
    ] {
        assert!(whole.contains(right), "{right}");
        assert!(read(&whole.replacen(right, wrong, 1)).unwrap().run().failed > 0, "{wrong}");
    }
}

#[test]
fn an_order_that_was_not_measured_says_nothing() {
    let whole = text("v6.12-x86_64.jsonl");
    let order = "\"memory_order\":\"little\"";
    for header in [
        "\"memory_order\":null",
        "\"memory_order\":null,\"memory_copies\":1",
        "\"memory_order\":\"little\",\"memory_copies\":1",
    ] {
        assert_eq!(read(&whole.replacen(order, header, 1)).unwrap().run().failed, 0, "{header}");
    }
}

#[test]
fn files_that_are_not_whole_are_refused_with_their_line() {
    let whole = text("v6.12-x86_64.jsonl");
    let refused = |text: &str, line: usize, reason: &str| {
        let error = read(text).expect_err(reason);
        assert!(error.line == line && error.reason.contains(reason), "{error}");
    };
    refused("", 1, "empty");
    refused("not json\n", 1, "expected");
    refused("{}\n", 1, "format");
    refused(&whole.replacen("\"kind\":\"encode\"", "\"kind\":\"decode\"", 1), 1, "none of encode, raw, live");
    refused(&whole.replacen("\"variant\":\"x86_64\"", "\"variant\":\"x86\"", 1), 1, "unknown variant");
    refused(&whole.replacen("6.12.117", "3.4.1", 1), 1, "older than the record");
    refused(&whole.replacen("6.12.117", "latest", 1), 1, "not a kernel version");
    let order = "\"memory_order\":\"little\",";
    refused(&whole.replacen(order, "", 1), 1, "missing field `memory_order`");
    refused(&whole.replacen(order, "\"memory_order\":\"middle\",", 1), 1, "unknown variant `middle`");
    // A line cut in the middle, and a file cut between two lines.
    refused(&whole[..whole.len() / 2], whole[..whole.len() / 2].lines().count(), "EOF");
    let shorter: Vec<_> = whole.lines().take(100).collect();
    refused(&shorter.join("\n"), 101, "promises 294 cases, the file has 99");
    refused(&whole.replacen("\"pte\":\"0x7ffffffffffee00\"", "\"pte\":\"0x1ffffffffffffffff\"", 1), 7, "no hex number");
    refused(&whole.replacen("\"pte\":\"0x7ffffffffffee00\"", "\"pte\":7", 1), 7, "invalid type");
    refused(&format!("{{\"format\":1,{}\n", " ".repeat(1 << 21)), 1, "more than");
}

/// Whatever a file is, reading it ends in a file or in an error with a line, and running it in a report.
#[test]
fn no_garbage_panics() {
    let whole = text("v6.12-ppc32-44x.raw.jsonl").lines().take(4).collect::<Vec<_>>().join("\n");
    let whole = whole.replacen("\"cases\":200", "\"cases\":3", 1);
    assert_eq!(read(&whole).unwrap().run().failed, 0);
    for position in 0..whole.len() {
        for byte in [b'0', b'"', b'\n', b'\\', 0xff] {
            let mut bytes = whole.clone().into_bytes();
            bytes[position] = byte;
            match VectorFile::read("test.jsonl", Cursor::new(bytes)) {
                Ok(file) => drop(file.run()),
                Err(error) => assert!((1..=5).contains(&error.line), "{error}"),
            }
        }
        let _ = VectorFile::read("test.jsonl", Cursor::new(&whole.as_bytes()[..position]));
    }
}
