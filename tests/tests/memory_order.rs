//! Page tables as they lie in memory: the bytes of a table are decoded right on a host of either byte order.
//!
//! The tables are made from the digits of the vector files, byte by byte, so that no conversion of this host's can be
//! wrong in the same way twice.
#![expect(clippy::expect_used, reason = "in a test, a panic is the failure")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use swp_pte::{MemoryOrder, SwpEntry};
use swp_pte_atlas::{Row, find_release};

/// The bytes that a number's hex digits spell, as many as the word has, in the order in which they lie in memory.
fn bytes_of(hex: &str, width: usize, order: MemoryOrder) -> Vec<u8> {
    let digits = format!("{:0>1$}", hex.strip_prefix("0x").expect("a hex number"), width / 4);
    let mut bytes: Vec<u8> =
        (0..width / 8).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).expect("two hex digits")).collect();
    match order {
        MemoryOrder::Little => bytes.reverse(),
        MemoryOrder::BigLowWordFirst => bytes.rotate_left(4),
        _ => (),
    }
    bytes
}

/// The word that a layout's table has in these bytes.
fn word(row: &Row, bytes: &[u8]) -> u64 {
    match (bytes.try_into(), <[u8; 4]>::try_from(bytes), row.layout().memory.order) {
        (Ok(eight), _, MemoryOrder::Big) => u64::from_be_bytes(eight),
        (Ok(eight), _, MemoryOrder::Little) => u64::from_le_bytes(eight),
        (Ok(eight), _, MemoryOrder::BigLowWordFirst) => u64::from_be_bytes(eight).rotate_left(32),
        (_, Ok(four), MemoryOrder::Big) => u32::from_be_bytes(four).into(),
        (_, Ok(four), MemoryOrder::Little) => u32::from_le_bytes(four).into(),
        _ => unreachable!("a word has four bytes or eight, in one of three orders"),
    }
}

/// The word that this host's own processor would load from these bytes.
fn native_word(bytes: &[u8]) -> u64 {
    let four = || <[u8; 4]>::try_from(bytes).expect("four bytes or eight");
    bytes.try_into().map_or_else(|_| u32::from_ne_bytes(four()).into(), u64::from_ne_bytes)
}

/// The first line, the kernel's order of bytes, and the entries that it encoded, each with its word's digits.
struct File {
    row: &'static Row,
    order: MemoryOrder,
    cases: Vec<(String, SwpEntry)>,
}

/// Every file of encoded entries.
fn files() -> Vec<File> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let entries = fs::read_dir(dir).expect("tests/vectors is part of the repository");
    let texts = entries
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    texts.filter_map(|path| file(&fs::read_to_string(path).expect("a vector file"))).collect()
}

fn file(text: &str) -> Option<File> {
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let header = lines.next().expect("a first line");
    if header["kind"] != "encode" {
        return None;
    }
    let release = header["kernel"].as_str().expect("a kernel").parse().expect("a release");
    let row = find_release(header["variant"].as_str().expect("a variant"), &release).expect("a known layout").row;
    let order = match header["memory_order"].as_str() {
        Some("big") => MemoryOrder::Big,
        Some("little") => MemoryOrder::Little,
        Some("big-low-word-first") => MemoryOrder::BigLowWordFirst,
        // Not measured: no table can be made of it.
        _ => return None,
    };
    // What this kernel reads as none or present, or as another entry, is none that comes back.
    let kept = move |case: &Value| {
        let lost = case["type"].as_u64().expect("a type") & row.layout().lost_type != 0;
        case["none"] == false && case["present"] == false && !lost
    };
    let cases = lines.filter(kept).map(|case| {
        let hex = |name: &str| case[name].as_str().expect("a hex number").to_owned();
        let offset = u64::from_str_radix(&hex("offset")[2..], 16).expect("a hex number");
        let entry = SwpEntry::from_parts(case["type"].as_u64().expect("a type"), offset).expect("an entry");
        (hex("pte"), entry)
    });
    // What a kernel loses is not in its word; the conformance suite says which entries these may be.
    let kept = cases.filter(|(_, entry)| row.encode(*entry).is_ok());
    Some(File { row, order, cases: kept.collect() })
}

#[test]
fn a_table_in_memory_order_is_decoded_on_this_host() {
    let (mut tables, mut words) = ([0; 3], 0);
    for File { row, order, cases } in files() {
        let width = usize::try_from(row.layout().width).expect("32 or 64");
        let table: Vec<u8> = cases.iter().flat_map(|(hex, _)| bytes_of(hex, width, order)).collect();
        for ((hex, entry), bytes) in cases.iter().zip(table.chunks_exact(width / 8)) {
            let word = row.word(word(row, bytes)).expect("a word of this layout");
            assert_eq!(word.decode(), Ok(*entry), "{} {hex}, in memory {bytes:02x?}", row.variant());
            words += 1;
        }
        tables[match order {
            MemoryOrder::Little => 0,
            MemoryOrder::Big => 1,
            _ => 2,
        }] += 1;
    }
    assert!(tables.iter().all(|tables| *tables > 0), "an order without a table");
    let [little, big, swapped] = tables;
    println!(
        "memory order: {little} little-endian and {big} big-endian tables, {swapped} of swapped halves, {words} words"
    );
}

/// Tables of the other byte order are the ones that a native load gets wrong: on every host, some are.
#[test]
fn a_native_load_is_right_for_tables_of_this_hosts_order_only() {
    let host = if cfg!(target_endian = "big") { MemoryOrder::Big } else { MemoryOrder::Little };
    let mut wrong = 0;
    for File { row, order, cases } in files() {
        let width = usize::try_from(row.layout().width).expect("32 or 64");
        for (hex, _) in &cases {
            let bytes = bytes_of(hex, width, order);
            let same = native_word(&bytes) == word(row, &bytes);
            assert!(same || order != host, "{} {hex}: a native load is wrong", row.variant());
            wrong += usize::from(!same);
        }
    }
    assert!(wrong > 0, "no table of the other byte order");
}
