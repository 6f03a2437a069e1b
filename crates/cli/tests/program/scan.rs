//! `swp-pte scan` and `swp-pte guess` as a user runs them: shards, outputs, and everything that can be wrong with a
//! file.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use swp_pte::{Flag, MemoryOrder, SwpEntry};
use swp_pte_atlas::{Row, newest};

use crate::start::{fails, ok, swp_pte};

/// None, present, swap, in turn, and a word of garbage in a hundred.
fn words(row: &'static Row, count: u64) -> Vec<u64> {
    let layout = row.layout();
    let word = |i: u64| match i % 3 {
        _ if i % 100 == 50 => layout.word_mask() & !layout.present[0].mask,
        0 => layout.none.value & layout.word_mask(),
        // With attributes, as mappings have them.
        1 => layout.present[0].value | (i << 12 | 0xf43) & !layout.present[0].mask,
        _ => {
            let word = row.encode(SwpEntry::from_parts(i % 2, i * 7 % 60000 + 1).unwrap()).unwrap();
            if i.is_multiple_of(4) { word.set(Flag::Exclusive).unwrap_or(word).bits() } else { word.bits() }
        }
    };
    (0..count).map(word).collect()
}

fn image(folder: &Path, variant: &str, count: u64) {
    let row = newest(variant).unwrap();
    let big = row.layout().memory.order == MemoryOrder::Big;
    let bytes = |word: u64| if big { word.to_be_bytes() } else { word.to_le_bytes() };
    fs::write(folder.join("image"), words(row, count).into_iter().flat_map(bytes).collect::<Vec<_>>()).unwrap();
}

/// No file but these is left.
fn only(folder: &Path, names: &[&str]) {
    let mut found: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, names);
}

const X86: [&str; 4] = ["--arch", "x86_64", "--kernel", "6.1"];

fn scan<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["scan", "image"], X86.as_slice(), more].concat()
}

#[test]
fn the_rows_of_all_shards_are_those_of_the_whole() {
    for variant in ["x86_64", "s390"] {
        let folder = tempfile::tempdir().unwrap();
        image(folder.path(), variant, 20_011);
        for option in ["--csv", "--jsonl"] {
            let run = |more: &[&str]| {
                let args = [&["scan", "image", "--arch", variant, option, "-"], more].concat();
                let rows = ok(folder.path(), &args);
                let header = usize::from(option == "--csv");
                rows.lines().skip(header).map(str::to_owned).collect::<Vec<_>>()
            };
            let whole = run(&[]);
            let expected = words(newest(variant).unwrap(), 20_011);
            let row = newest(variant).unwrap();
            let swaps = expected.iter().filter(|w| row.word(**w).unwrap().kind() == swp_pte::PteKind::Swap).count();
            assert_eq!(whole.len(), swaps);
            for of in [1, 3, 7] {
                let shards = (1..=of).flat_map(|number| run(&["--shard", &format!("{number}/{of}")]));
                assert_eq!(shards.collect::<Vec<_>>(), whole, "{variant} {option} {of}");
            }
            let halves = [run(&["--length", "80000"]), run(&["--start", "80000"])].concat();
            assert_eq!(halves, whole);
        }
    }
}

#[test]
fn the_summary_counts_what_is_there_and_says_what_it_assumed() {
    let folder = tempfile::tempdir().unwrap();
    image(folder.path(), "s390", 3000);
    let summary: Value =
        serde_json::from_str(&ok(folder.path(), &["scan", "image", "--arch", "s390", "--json"])).unwrap();
    assert_eq!(summary["words"], 3000);
    assert_eq!(summary["none"], 990);
    assert_eq!(summary["suspicious"]["count"], 30);
    assert_eq!((&summary["endian"], &summary["kernel_assumed"]), (&"big".into(), &true.into()));
    let swapped: u64 =
        summary["types"].as_array().unwrap().iter().map(|of_type| of_type["count"].as_u64().unwrap()).sum();
    assert_eq!(swapped, 990);
    let output = swp_pte(folder.path(), &["scan", "image", "--arch", "s390"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("no --kernel given"));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("big-endian words of 8 bytes, as page tables") && text.contains("stray"), "{text}");
    assert!(!text.contains('\u{1b}'), "colour without a terminal");
    let other = ok(folder.path(), &["scan", "image", "--arch", "s390", "--endian", "little"]);
    assert!(other.contains("little-endian words of 8 bytes, unlike"), "{other}");
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("empty"), "").unwrap();
    fs::write(at("odd"), [0; 4099]).unwrap();
    fs::create_dir(at("directory")).unwrap();
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());
    for command in ["scan", "guess"] {
        let cases = [
            ("empty", "is empty"),
            ("directory", "a directory"),
            ("fifo", "a FIFO"),
            ("/dev/zero", "a character device"),
            ("missing", "cannot open"),
        ];
        for (file, why) in cases {
            let args =
                if command == "scan" { [&[command, file], X86.as_slice()].concat() } else { vec![command, file] };
            let error = fails(folder.path(), &args, 1);
            assert!(error.contains(why) && error.contains(file), "{args:?}: {error}");
        }
    }
    let error = fails(folder.path(), &[&["scan", "odd"], X86.as_slice()].concat(), 1);
    assert!(error.contains("--length 4096"), "{error}");
    // Root may read everything.
    fs::write(at("secret"), [0; 8]).unwrap();
    fs::set_permissions(at("secret"), fs::Permissions::from_mode(0o0)).unwrap();
    if fs::File::open(at("secret")).is_err() {
        assert!(fails(folder.path(), &[&["scan", "secret"], X86.as_slice()].concat(), 1).contains("ermission denied"));
    }
}

#[test]
fn numbers_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    image(folder.path(), "x86_64", 100);
    for (options, code, why) in [
        (["--shard", "5/4"], 2, "1/4 to 4/4"),
        (["--shard", "0/4"], 2, "1/4 to 4/4"),
        (["--shard", "1/0"], 2, "no parts"),
        (["--shard", "x"], 2, "I/N"),
        (["--start", "3"], 1, "border of a word"),
        (["--start", "800"], 1, "not before the end"),
        (["--length", "808"], 1, "more than the 800 bytes"),
        (["--length", "0"], 1, "nothing to read"),
        (["--start", "0xzz"], 2, "number of bytes"),
        (["--start", "99999999999999999999"], 2, "number of bytes"),
        (["--threads", "0"], 2, "1 to 1024"),
        (["--endian", "middle"], 2, "big, little"),
        (["--kernel", "banana"], 2, "banana"),
    ] {
        let args = [&["scan", "image", "--arch", "x86_64"], options.as_slice()].concat();
        let error = fails(folder.path(), &args, code);
        assert!(error.contains(why), "{args:?}: {error}");
    }
    assert!(fails(folder.path(), &["guess", "image", "--start", "4"], 1).contains("border"));
    assert!(fails(folder.path(), &["guess", "image", "--length", "4"], 1).contains("not one word"));
    assert!(fails(folder.path(), &["guess", "image", "--start", "0xfffffffffffffff8"], 1).contains("past the end"));
}

#[test]
fn an_output_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    image(folder.path(), "x86_64", 20_000);
    fs::create_dir(folder.path().join("directory")).unwrap();
    for option in ["--csv", "--jsonl", "--parquet"] {
        if option == "--parquet" && cfg!(not(feature = "parquet")) {
            continue;
        }
        for (out, why) in [
            ("/dev/full", "No space left"),
            ("missing/out", "No such file"),
            ("directory", "is a directory"),
            ("image", "is the file that is read"),
        ] {
            let output = swp_pte(folder.path(), &scan(&[option, out]));
            let error = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && error.contains(why), "{option} {out}: {error}");
            assert!(output.stdout.is_empty(), "{option} {out}: a summary after a failure");
            only(folder.path(), &["directory", "image"]);
        }
        ok(folder.path(), &scan(&[option, "out"]));
        only(folder.path(), &["directory", "image", "out"]);
        fs::remove_file(folder.path().join("out")).unwrap();
    }
}

/// `ulimit -f` stands for a disk that fills: the write fails in the middle of the file.
#[test]
fn a_disk_that_fills_leaves_the_old_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    image(folder.path(), "x86_64", 200_000);
    fs::write(folder.path().join("out"), "old").unwrap();
    let program = env!("CARGO_BIN_EXE_swp-pte");
    for option in ["--csv", "--jsonl", "--parquet"] {
        if option == "--parquet" && cfg!(not(feature = "parquet")) {
            continue;
        }
        // The signal ignored, the write says EFBIG.
        let script =
            format!("trap '' XFSZ; ulimit -f 64; exec {program} scan image --arch x86_64 --kernel 6.1 {option} out");
        let output = Command::new("sh").current_dir(folder.path()).args(["-c", &script]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{option}: {error}");
        assert!(error.contains("File too large") && error.contains("out"), "{option}: {error}");
        only(folder.path(), &["image", "out"]);
        assert_eq!(fs::read_to_string(folder.path().join("out")).unwrap(), "old");
    }
}

#[test]
fn a_file_that_shrinks_is_an_error_and_leaves_no_output() {
    let folder = tempfile::tempdir().unwrap();
    // Large enough that it takes a while, and written: holes take none.
    let mut file = fs::File::create(folder.path().join("image")).unwrap();
    let zeros = vec![0; 1 << 20];
    let mut shrunk = 0;
    for (attempt, options) in
        [&[][..], &["--csv", "out"][..], &["--jsonl", "out"][..]].iter().cycle().take(12).enumerate()
    {
        std::io::Seek::rewind(&mut file).unwrap();
        (0..256).for_each(|_| file.write_all(&zeros).unwrap());
        let args = scan(options);
        let mut child = Command::new(env!("CARGO_BIN_EXE_swp-pte"));
        child.current_dir(folder.path()).args(&args).stderr(std::process::Stdio::piped());
        let child = child.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(10 * (attempt as u64 / 3 + 1)));
        file.set_len(8).unwrap();
        let output = child.wait_with_output().unwrap();
        // It can have been too early or too late; what must never happen is a signal or half a file.
        let error = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            Some(0) => {}
            Some(1) => {
                shrunk += 1;
                assert!(error.contains("shrank"), "{error}");
                only(folder.path(), &["image"]);
            }
            other => panic!("{args:?}: {other:?} {:?} {error}", output.status),
        }
        let _ = fs::remove_file(folder.path().join("out"));
    }
    assert!(shrunk > 0, "the file never shrank in time");
}

#[test]
fn guess_finds_the_layout_or_says_that_it_cannot_tell() {
    let folder = tempfile::tempdir().unwrap();
    for variant in ["x86_64", "arm64", "s390", "ppc-book3s64-64k", "riscv-rv64"] {
        image(folder.path(), variant, 20_000);
        let guess: Value = serde_json::from_str(&ok(folder.path(), &["guess", "image", "--json"])).unwrap();
        let best = &guess["ranking"][0];
        assert_eq!((&best["variant"], &best["usual_endian"]), (&variant.into(), &true.into()), "{guess}");
        assert!(ok(folder.path(), &["guess", "image"]).contains("explain"), "{variant}");
    }
    fs::write(folder.path().join("image"), [0; 65536]).unwrap();
    assert!(fails(folder.path(), &["guess", "image"], 1).contains("cannot tell"));
    fs::write(folder.path().join("image"), [0xff; 65536]).unwrap();
    assert!(fails(folder.path(), &["guess", "image"], 1).contains("cannot tell"));
}

/// The rows of the Parquet file, read by its own library, are those of the CSV.
#[cfg(feature = "parquet")]
#[test]
fn parquet_has_the_rows_of_the_csv() {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    let folder = tempfile::tempdir().unwrap();
    for variant in ["x86_64", "ppc-book3s64-4k", "arm64"] {
        image(folder.path(), variant, 20_011);
        ok(folder.path(), &["scan", "image", "--arch", variant, "--parquet", "out"]);
        let csv = ok(folder.path(), &["scan", "image", "--arch", variant, "--csv", "-"]);
        let file = SerializedFileReader::new(fs::File::open(folder.path().join("out")).unwrap()).unwrap();
        let mut lines = csv.lines();
        let names: Vec<_> = lines.next().unwrap().split(',').collect();
        let mut rows = file.get_row_iter(None).unwrap();
        for line in lines {
            let row = rows.next().unwrap().unwrap();
            for ((name, field), (expected, text)) in row.get_column_iter().zip(names.iter().zip(line.split(','))) {
                assert_eq!(name, expected);
                let decimal = text.strip_prefix("0x").map(|hex| u64::from_str_radix(hex, 16).unwrap().to_string());
                let found = field.to_string();
                let found = if found == "null" { String::new() } else { found };
                assert_eq!(found, decimal.unwrap_or_else(|| text.to_owned()), "{name}: {line}");
            }
        }
        assert!(rows.next().is_none());
    }
}

/// An 8xx with 16K pages keeps an entry as four words: the summary says how they were counted, and how else they could be.
#[test]
fn the_summary_says_whether_copies_were_counted() {
    let folder = tempfile::tempdir().unwrap();
    let row = newest("ppc-nohash32-8xx").unwrap();
    let word = u32::try_from(row.encode(SwpEntry::from_parts(0, 7).unwrap()).unwrap().bits()).unwrap();
    fs::write(folder.path().join("image"), [word.to_be_bytes(); 4].concat()).unwrap();
    let text = |more: &[&str]| {
        let args = ["scan", "image", "--arch", "ppc-nohash32-8xx", "--kernel", "6.12"];
        ok(folder.path(), &[&args, more].concat())
    };
    assert!(text(&[]).contains("each word is counted: with 16K pages, ask for --page-size 16K\n"), "{}", text(&[]));
    let once = text(&["--page-size", "16K"]);
    assert!(once.contains("an entry is 4 identical words, and is counted once\n"), "{once}");
    let other = ok(folder.path(), &["scan", "image", "--arch", "ppc-nohash32-40x", "--kernel", "6.10"]);
    assert!(!other.contains("page-size") && !other.contains("identical"), "{other}");
}
