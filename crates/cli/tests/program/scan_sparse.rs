//! `swp-pte scan` and `ps` of files that are mostly holes: the same answers as of the same file with zeros written out, in time that
//! follows what is there.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use swp_pte::SwpEntry;
use swp_pte_atlas::newest;

use crate::start::{ok, swp_pte};

/// Swap PTEs, so many bytes of them.
fn entries(variant: &str, bytes: usize) -> Vec<u8> {
    let row = newest(variant).unwrap();
    let encode = |number: u64| row.encode(SwpEntry::from_parts(number % 2, number + 1).unwrap()).unwrap().bits();
    let big = row.layout().memory.order == swp_pte::MemoryOrder::Big;
    let order = |word: u64| if big { word.to_be_bytes() } else { word.to_le_bytes() };
    (0..bytes as u64 / 8).map(encode).flat_map(order).collect()
}

/// An ELF header of a core with one segment, which begins at an odd place, as qemu's.
fn header(machine: u16, memory: u64, big: bool) -> Vec<u8> {
    let put = |bytes: usize, number: u64| match big {
        true => number.to_be_bytes()[8 - bytes..].to_vec(),
        false => number.to_le_bytes()[..bytes].to_vec(),
    };
    let numbers = [
        (2, 4),
        (2, u64::from(machine)),
        (4, 1),
        (8, 0),
        (8, 64),
        (8, 0),
        (4, 0),
        (2, 64),
        (2, 56),
        (2, 1),
        (6, 0),
        (4, 1),
        (4, 7),
        (8, 0x16c),
        (8, 0),
        (8, 0x10_0000),
        (8, memory),
        (8, memory),
        (8, 4096),
    ];
    let mut bytes = b"\x7fELF\x02".to_vec();
    bytes.extend([if big { 2 } else { 1 }, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(numbers.iter().flat_map(|(bytes, number)| put(*bytes, *number)));
    bytes
}

/// Writes a file with holes, and one of the same bytes without.
fn write(folder: &Path, length: u64, data: &[(u64, &[u8])]) {
    let mut sparse = File::create(folder.join("sparse")).unwrap();
    sparse.set_len(length).unwrap();
    for (at, bytes) in data {
        sparse.seek(SeekFrom::Start(*at)).unwrap();
        sparse.write_all(bytes).unwrap();
    }
    drop(sparse);
    fs::write(folder.join("full"), fs::read(folder.join("sparse")).unwrap()).unwrap();
}

#[test]
fn holes_are_the_zeros_that_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let length = 3 << 20;
    for (variant, machine) in [("x86_64", 62), ("s390", 22)] {
        let (swapped, big) = (entries(variant, 5000), variant == "s390");
        let header = header(machine, length - 0x16c, big);
        let islands = [(300_000, &swapped[..]), (1_000_004, &swapped[..4096]), (2_500_000, &swapped[..8])];
        // Memory as it is, and an ELF core.
        for first in [&[][..], &header[..]] {
            let all: Vec<_> = [(0, first)].into_iter().chain(islands).collect();
            write(folder.path(), length, &all);
            let start = if first.is_empty() { vec!["--start", "4096", "--length", "0x2f0000"] } else { Vec::new() };
            let options = [&["--arch", variant, "--kernel", "6.12"], start.as_slice()].concat();
            let of = |file: &str, more: &[&str]| ok(folder.path(), &[&["scan", file], &options[..], more].concat());
            let shards = ["1/3", "2/3", "3/3"];
            for more in [&["--json"][..], &["--json", "--swap-pages", "200,200"], &["--json", "--threads", "1"]] {
                let summary = |file: &str| {
                    let mut summary: Value = serde_json::from_str(&of(file, more)).unwrap();
                    summary.as_object_mut().unwrap().remove("file").unwrap();
                    summary
                };
                assert_eq!(summary("sparse"), summary("full"), "{variant} {more:?}");
            }
            // s390 has a row for each word of zeros: they are no words that it writes.
            let csv = of("sparse", &["--csv", "-"]);
            assert_eq!(csv, of("full", &["--csv", "-"]), "{variant}");
            assert!(csv.lines().count() > 500, "{}", csv.lines().count());
            let parts = |file: &str| shards.map(|shard| of(file, &["--csv", "-", "--shard", shard]));
            assert_eq!(parts("sparse"), parts("full"), "{variant}");
        }
    }
}

#[test]
fn time_follows_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (swapped, length) = (entries("x86_64", 4096), 1_u64 << 40);
    let header = header(62, length - 0x16c, false);
    let mut file = File::create(folder.path().join("dump")).unwrap();
    if file.set_len(length).is_err() {
        // A file system that has no such files.
        return;
    }
    file.write_all(&header).unwrap();
    file.seek(SeekFrom::Start(length - 8192 + 4)).unwrap();
    file.write_all(&swapped).unwrap();
    drop(file);
    if swp_pte_dump::data_of(&File::open(folder.path().join("dump")).unwrap(), 8192..length)
        .is_some_and(|data| data.start == 8192)
    {
        // One that does not tell where holes are.
        return;
    }
    assert!(fs::metadata(folder.path().join("dump")).unwrap().blocks() < 2048);
    // A terabyte takes minutes to look at, and there are 12 KiB.
    let begun = Instant::now();
    let args = ["scan", "dump", "--arch", "x86_64", "--kernel", "6.12", "--json"];
    let summary: Value = serde_json::from_str(&ok(folder.path(), &args)).unwrap();
    assert_eq!(summary["words"], (length - 0x16c) / 8, "{summary}");
    let csv = ok(folder.path(), &[&args[..6], &["--csv", "-"]].concat());
    assert_eq!(csv.lines().count(), 513);
    let output = swp_pte(folder.path(), &["ps", "dump"]);
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(why.contains("neither a note of the dump nor in its memory"), "{why}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}
