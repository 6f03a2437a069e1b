//! `swp-pte scan` on the memory of a machine in every format: the same rows.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use serde_json::Value;
use swp_pte::SwpEntry;
use swp_pte_atlas::newest;

use crate::start::{ok, swp_pte};

const X86: [&str; 4] = ["--arch", "x86_64", "--kernel", "6.1"];

/// Where the machine has memory: two ranges, of two pages and of three.
const RANGES: [(u64, usize); 2] = [(0x1000, 2), (0x10_0000, 3)];

/// Page tables: swap PTEs of the newest layout of x86_64, and empty words.
fn memory() -> Vec<u8> {
    let row = newest("x86_64").unwrap();
    let words = (0..5 * 512_u64).map(|number| match number % 3 {
        0 => row.encode(SwpEntry::from_parts(number % 2, number + 1).unwrap()).unwrap().bits(),
        _ => 0,
    });
    words.flat_map(u64::to_le_bytes).collect()
}

fn ranges(memory: &[u8]) -> Vec<(u64, &[u8])> {
    let mut rest = memory;
    let range = |(at, pages)| {
        let (range, after) = rest.split_at(pages * 4096);
        rest = after;
        (at, range)
    };
    RANGES.into_iter().map(range).collect()
}

fn numbers(numbers: &[(usize, u64)]) -> Vec<u8> {
    numbers.iter().flat_map(|(bytes, number)| number.to_le_bytes()[..*bytes].to_vec()).collect()
}

/// An ELF core whose memory begins at an odd byte, as qemu's.
fn elf(memory: &[u8], skew: usize) -> Vec<u8> {
    let ranges = ranges(memory);
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let count = ranges.len() as u64;
    file.extend(numbers(&[
        (2, 4),
        (2, 62),
        (4, 1),
        (8, 0),
        (8, 64),
        (8, 0),
        (4, 0),
        (2, 8),
        (2, 56),
        (2, count),
        (6, 0),
    ]));
    let mut at = 64 + 56 * count + skew as u64;
    for (physical, bytes) in &ranges {
        let length = bytes.len() as u64;
        file.extend(numbers(&[(4, 1), (4, 7), (8, at), (8, 0), (8, *physical), (8, length), (8, length), (8, 0)]));
        at += length;
    }
    file.extend(vec![0xff; skew]);
    file.extend(memory);
    file
}

fn lime(memory: &[u8]) -> Vec<u8> {
    let range = |(at, bytes): (u64, &[u8])| {
        let header = [(4, 0x4c69_4d45), (4, 1), (8, at), (8, at + bytes.len() as u64 - 1), (8, 0)];
        [&numbers(&header), bytes].concat()
    };
    ranges(memory).into_iter().flat_map(range).collect()
}

/// kdump-compressed, without compression; the last page was left out.
fn kdump(memory: &[u8], left_out: bool) -> Vec<u8> {
    let pages: Vec<u64> =
        RANGES.iter().flat_map(|(at, pages)| (0..*pages as u64).map(move |page| at / 4096 + page)).collect();
    let mut file = [b"KDUMP   ".as_slice(), &numbers(&[(4, 6)])].concat();
    file.resize(12 + 4 * 65, 0);
    file.extend(b"x86_64");
    file.resize(424, 0);
    let count = pages.last().unwrap() + 1;
    file.extend(numbers(&[(4, 0), (4, 4096), (4, 1), (4, 2), (4, count)]));
    file.resize(4096 + 96, 0);
    file.extend(numbers(&[(8, count)]));
    file.resize(2 * 4096, 0);
    let there = &pages[..pages.len() - usize::from(left_out)];
    for pages in [&pages, there] {
        let mut bitmap = [0_u8; 4096];
        pages.iter().for_each(|page| bitmap[usize::try_from(page / 8).unwrap()] |= 1 << (page % 8));
        file.extend(bitmap);
    }
    let data = file.len() + there.len() * 24;
    (0..there.len()).for_each(|number| {
        file.extend(numbers(&[(8, (data + number * 4096) as u64), (4, 4096), (4, 0), (8, 0)]));
    });
    file.extend(&memory[..there.len() * 4096]);
    file
}

fn flattened(file: &[u8]) -> Vec<u8> {
    let mut flat = b"makedumpfile\0\0\0\0".to_vec();
    let big = |number: u64| number.to_be_bytes();
    flat.extend([big(1), big(1)].concat());
    flat.resize(4096, 0);
    for (number, piece) in file.chunks(3000).enumerate() {
        flat.extend([big(number as u64 * 3000), big(piece.len() as u64)].concat());
        flat.extend(piece);
    }
    flat.extend([big(u64::MAX), big(u64::MAX)].concat());
    flat
}

/// The rows, without where they are in the file, which is checked.
fn rows(folder: &Path, name: &str, args: &[&str]) -> Vec<String> {
    let file = fs::read(folder.join(name)).unwrap();
    let csv = ok(folder, &[&["scan", name, "--csv", "-"], X86.as_slice(), args].concat());
    let mut lines = csv.lines();
    let columns = "position,physical,raw,type,offset,exclusive,soft_dirty,uffd_wp,stray";
    assert_eq!(lines.next(), Some(columns));
    let row = |line: &str| {
        let (position, row) = line.split_once(',').unwrap();
        let word = u64::from_str_radix(row.split(',').nth(1).unwrap().trim_start_matches("0x"), 16).unwrap();
        let at: usize = position.parse().unwrap();
        // A piece of a flattened file can end inside of a word.
        if !name.contains("flat") {
            assert_eq!(file[at..at + 8], word.to_le_bytes(), "{line}");
        }
        assert_eq!(file[at], word.to_le_bytes()[0], "{line}");
        row.to_owned()
    };
    lines.map(row).collect()
}

#[test]
fn every_format_has_the_same_rows() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), memory());
    let folder = folder.path();
    let files = [
        ("elf", elf(&memory, 0)),
        ("unaligned.elf", elf(&memory, 0x16d)),
        ("lime", lime(&memory)),
        ("kdump", kdump(&memory, false)),
        ("flat.kdump", flattened(&kdump(&memory, false))),
        ("flat.elf", flattened(&elf(&memory, 5))),
    ];
    let mut all = Vec::new();
    for (name, file) in files {
        fs::write(folder.join(name), file).unwrap();
        let found = rows(folder, name, &[]);
        let shards = ["1/3", "2/3", "3/3"].iter().flat_map(|shard| rows(folder, name, &["--shard", shard]));
        assert_eq!(shards.collect::<Vec<_>>(), found, "{name}");
        all.push((name, found));
    }
    let (_, first) = &all[0];
    // A third of the words.
    assert_eq!(first.len(), (5 * 512_usize).div_ceil(3));
    assert!(first[0].starts_with("0x1000,"), "{}", first[0]);
    assert!(first.last().unwrap().starts_with("0x102ff"), "{:?}", first.last());
    for (name, found) in &all {
        assert_eq!(found, first, "{name}");
    }
    // Bare memory with a base: the first range.
    fs::write(folder.join("raw"), &memory[..8192]).unwrap();
    let raw = rows(folder, "raw", &["--base", "0x1000"]);
    assert_eq!(raw, first[..raw.len()]);
    assert!(raw.len() > 300);
}

#[test]
fn json_has_the_address_and_no_place_of_what_has_none() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), memory());
    let folder = folder.path();
    fs::write(folder.join("elf"), elf(&memory, 1)).unwrap();
    let lines = ok(folder, &[&["scan", "elf", "--jsonl", "-"], X86.as_slice()].concat());
    let row: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    assert_eq!((&row["position"], &row["physical"]), (&(64 + 112 + 1 + 24).into(), &"0x1018".into()));
    let summary = ok(folder, &[&["scan", "elf", "--json"], X86.as_slice()].concat());
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!((&summary["words"], &summary["length"]), (&(5 * 512).into(), &(5 * 4096).into()));
    assert_eq!(summary["dump"]["format"], "elf");
}

#[test]
fn what_is_missing_is_said() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), memory());
    let folder = folder.path();
    fs::write(folder.join("kdump"), kdump(&memory, true)).unwrap();
    let text = ok(folder, &[&["scan", "kdump"], X86.as_slice()].concat());
    assert!(text.contains("kdump: memory 0x1000 to 0x102000 (16 KiB in 2 ranges)"), "{text}");
    assert!(text.contains("4 KiB were left out when the dump was written"), "{text}");
    let whole = elf(&memory, 0);
    fs::write(folder.join("short"), &whole[..whole.len() - 4100]).unwrap();
    let output = swp_pte(folder, &[&["scan", "short", "--json"], X86.as_slice()].concat());
    assert!(String::from_utf8_lossy(&output.stderr).contains("4100 of 20480 bytes of memory are missing"));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["dump"]["cut_off"], 4100);
    // Of the last page's words the one that is cut in two is not read.
    assert_eq!(summary["words"], 5 * 512 - 513);
}

#[test]
fn the_bytes_of_a_dump_can_be_read_all_the_same() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), memory());
    let folder = folder.path();
    fs::write(folder.join("elf"), elf(&memory, 0)).unwrap();
    let csv = ok(folder, &[&["scan", "elf", "--start", "176", "--csv", "-"], X86.as_slice()].concat());
    assert!(csv.starts_with("position,raw,"), "{csv}");
    let output = swp_pte(folder, &[&["scan", "elf", "--length", "8"], X86.as_slice()].concat());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--start"), "{output:?}");
    // What begins as a dump, and is none.
    fs::write(folder.join("broken"), b"\x7fELF\x02\x01\x01\0").unwrap();
    let output = swp_pte(folder, &[&["scan", "broken"], X86.as_slice()].concat());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("begins as a dump") && error.contains("--start 0"), "{error}");
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_has_the_addresses() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let (folder, memory) = (tempfile::tempdir().unwrap(), memory());
    let folder = folder.path();
    fs::write(folder.join("elf"), elf(&memory, 0)).unwrap();
    ok(folder, &[&["scan", "elf", "--parquet", "out.parquet"], X86.as_slice()].concat());
    let reader = SerializedFileReader::new(fs::File::open(folder.join("out.parquet")).unwrap()).unwrap();
    let text = rows(folder, "elf", &[]);
    let mut text = text.iter();
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        let fields: Vec<_> = row.get_column_iter().map(|(name, field)| (name.as_str(), field.to_string())).collect();
        let number = |name| fields.iter().find(|(known, _)| *known == name).unwrap().1.parse::<u64>().unwrap();
        let line = text.next().unwrap();
        assert!(line.starts_with(&format!("{:#x},{:#x},", number("physical"), number("raw"))), "{row} {line}");
        assert!(number("position") >= 176);
    }
    assert_eq!(text.next(), None);
}
