//! `swp-pte walk` and `swp-pte ps` on dumps of real machines, held against what these machines said themselves
//! (`tests/dumps`).

#![cfg(unix)]

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::Value;
use swp_pte_dump::{Memory, Options};

use crate::start::{fails, ok, swp_pte};

const DUMPS: [&str; 3] = ["x86_64", "arm64", "s390"];

fn dumps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/dumps")
}

/// Unpacks a dump into a folder, as `NAME.elf`, and gives its bytes.
fn unpack(folder: &Path, name: &str) -> Vec<u8> {
    let packed = File::open(dumps().join(format!("{name}.elf.gz"))).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut bytes).unwrap();
    fs::write(folder.join(format!("{name}.elf")), &bytes).unwrap();
    bytes
}

fn truth(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(dumps().join(format!("{name}.truth.json"))).unwrap()).unwrap()
}

fn number(value: &Value) -> u64 {
    match value {
        Value::String(text) => u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap(),
        other => other.as_u64().unwrap(),
    }
}

/// Rows by address.
fn rows(json: &str) -> HashMap<u64, Value> {
    let rows = json.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| (number(&row["va"]), row)).collect()
}

/// How many of the addresses are as the machine said; each that is not is printed.
fn right(name: &str, rows: &HashMap<u64, Value>) -> usize {
    let truth = truth(name);
    let is_right = |told: &&Value| {
        let row = rows.get(&number(&told["va"]));
        let good = match row {
            None => told["word"].is_null(),
            Some(row) => {
                let marker = |key: &str| told[key].is_null() || row[key].as_bool().unwrap_or(false) == told[key];
                !told["word"].is_null()
                    && number(&row["word"]) == number(&told["word"])
                    && (row["kind"] == "present") == told["present"]
                    && (row["kind"] == "swap") == told["swapped"]
                    && (told["type"].is_null() || row["type"] == told["type"])
                    && (told["offset"].is_null() || number(&row["offset"]) == number(&told["offset"]))
                    && ["exclusive", "soft_dirty", "uffd_wp"].into_iter().all(marker)
            }
        };
        if !good {
            println!("{name}: {told} is {row:?}");
        }
        good
    };
    truth["rows"].as_array().unwrap().iter().filter(is_right).count()
}

#[test]
fn every_address_is_read_right_from_the_dump_and_the_pid_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in DUMPS {
        unpack(folder.path(), name);
        let (file, pid) = (format!("{name}.elf"), truth(name)["pid"].to_string());
        let json = ok(folder.path(), &["walk", &file, "--pid", &pid, "--json"]);
        assert_eq!(right(name, &rows(&json)), 260, "{name}");
        // The room of `swap_info` says that this kernel has no device memory: the type is hwpoison's. On arm64 the symbol behind
        // it is aligned, so that less room is possible too, and both are said.
        let poisoned = json.lines().filter(|line| line.contains("\"type\":27,")).collect::<Vec<_>>();
        let expected = match name {
            "x86_64" => "\"name\":\"hwpoison\"",
            _ => "\"candidates\":[",
        };
        assert_eq!(poisoned.len(), usize::from(name != "s390"), "{name}");
        assert!(poisoned.iter().all(|line| line.contains(expected) && line.contains("hwpoison")), "{poisoned:?}");
        // The same by name, in a range, without what is present, and in the other formats.
        let by_name = ok(folder.path(), &["walk", &file, "--comm", "victim", "--json"]);
        assert_eq!(by_name, json, "{name}");
        let all = rows(&json);
        let swapped = ok(folder.path(), &["walk", &file, "--pid", &pid, "--json", "--swapped"]);
        let absent: Vec<_> = json.lines().filter(|line| !line.contains("\"kind\":\"present\"")).collect();
        assert_eq!(swapped.lines().collect::<Vec<_>>(), absent, "{name}");
        let csv = ok(folder.path(), &["walk", &file, "--pid", &pid, "--csv"]);
        assert_eq!(csv.lines().count(), json.lines().count() + 1, "{name}");
        for line in csv.lines().skip(1) {
            let columns: Vec<_> = line.split(',').collect();
            let row = &all[&u64::from_str_radix(&columns[2][2..], 16).unwrap()];
            let text = |value: &Value| match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let keys = ["pid", "comm", "va", "level", "table", "word", "kind", "type", "offset"];
            let keys: Vec<_> = keys.iter().map(|key| text(&row[*key])).collect();
            assert_eq!(columns[..9], keys, "{name}");
            let markers = ["exclusive", "soft_dirty", "uffd_wp"].map(|key| text(&row[key]));
            assert_eq!(columns[9..12], markers, "{name}");
            assert_eq!(columns[12], text(&row["stray"]), "{name}");
            assert_eq!(columns[13], text(&row["softleaf"]["name"]), "{name}");
        }
    }
}

#[test]
fn a_range_is_what_is_asked_for_and_threads_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    unpack(folder.path(), "x86_64");
    let all = ok(folder.path(), &["walk", "x86_64.elf", "--pid", "128", "--json"]);
    let one = ok(folder.path(), &["walk", "x86_64.elf", "--pid", "128", "--json", "--threads", "1"]);
    assert_eq!(all, one);
    let range = "0x123456789000-0x12345678afff";
    let some = ok(folder.path(), &["walk", "x86_64.elf", "--pid", "128", "--json", "--range", range]);
    let addresses: Vec<_> =
        some.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["va"].clone()).collect();
    assert_eq!(addresses, ["0x123456789000", "0x12345678a000"]);
    assert!(all.contains(some.trim_end()));
}

/// A dump whose note is not one any more; with `physical` it is memory at that address.
fn without_note(mut bytes: Vec<u8>, physical: Option<u64>) -> Vec<u8> {
    let big = bytes[5] == 2;
    let header = 64;
    let kind = if physical.is_some() { 1_u32 } else { 0 };
    let kind = if big { kind.to_be_bytes() } else { kind.to_le_bytes() };
    bytes[header..header + 4].copy_from_slice(&kind);
    let physical = physical.unwrap_or_default();
    bytes[header + 24..header + 32].copy_from_slice(&if big { physical.to_be_bytes() } else { physical.to_le_bytes() });
    bytes
}

#[test]
fn what_a_dump_does_not_say_is_found_in_memory_or_can_be_given() {
    let folder = tempfile::tempdir().unwrap();
    for name in DUMPS {
        let bytes = unpack(folder.path(), name);
        let (truth, file) = (truth(name), format!("{name}.elf"));
        let pid = truth["pid"].to_string();
        let before = ok(folder.path(), &["walk", &file, "--pid", &pid, "--json"]);
        // The text, wherever it is in memory, as s390's dumps have it.
        let dump = swp_pte_dump::Dump::of_bytes(bytes.clone(), &Options::default()).unwrap();
        fs::write(folder.path().join("vmcoreinfo"), dump.vmcoreinfo().unwrap()).unwrap();
        fs::write(folder.path().join(&file), without_note(bytes.clone(), Some(0x7_7000_0000))).unwrap();
        let found = ok(folder.path(), &["walk", &file, "--pid", &pid, "--json"]);
        assert_eq!(found, before, "{name}");
        // Nowhere: the message says what to give.
        fs::write(folder.path().join(&file), without_note(bytes, None)).unwrap();
        let why = fails(folder.path(), &["walk", &file, "--pid", &pid], 1);
        assert!(why.contains("VMCOREINFO") && why.contains("--vmcoreinfo FILE") && why.contains("--pgd"), "{why}");
        let given = ok(folder.path(), &["walk", &file, "--pid", &pid, "--json", "--vmcoreinfo", "vmcoreinfo"]);
        assert_eq!(given, before, "{name}");
        // By hand: the root of the tables and the kernel are enough for the words. How it was built is assumed then.
        let (pgd, release) = (truth["pgd_phys"].as_str().unwrap(), truth["release"].as_str().unwrap());
        let given = ok(folder.path(), &["walk", &file, "--pgd", pgd, "--kernel", release, "--json"]);
        assert_eq!(right(name, &rows(&given)), 260, "{name}");
    }
}

#[test]
fn the_summary_counts_and_ps_lists() {
    let folder = tempfile::tempdir().unwrap();
    for name in DUMPS {
        unpack(folder.path(), name);
        let (file, pid) = (format!("{name}.elf"), truth(name)["pid"].to_string());
        let listed = ok(folder.path(), &["ps", &file, "--json"]);
        let mut processes = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let process = processes.find(|one| one["pid"] == truth(name)["pid"]).unwrap();
        assert_eq!((&process["comm"], &process["pgd"]), (&"victim".into(), &truth(name)["pgd_phys"]), "{name}");
        let text = ok(folder.path(), &["walk", &file, "--pid", &pid]);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let json = ok(folder.path(), &["walk", &file, "--pid", &pid, "--json"]);
        for swp_type in [0, 1] {
            let count = json.lines().filter(|line| line.contains(&format!("\"type\":{swp_type},"))).count();
            let line =
                text.lines().find(|line| line.contains(&format!("swap file {swp_type} ")) && !line.starts_with("swap"));
            assert!(line.unwrap().split_whitespace().any(|word| word == count.to_string()), "{name} {count}: {text}");
        }
    }
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--pid", "77777"], 1);
    assert!(why.contains("no process 77777") && why.contains("swp-pte ps"), "{why}");
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--comm", "nobody"], 1);
    assert!(why.contains("is called \"nobody\" among"), "{why}");
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--comm", "Victim"], 1);
    assert!(why.contains("(\"victim\" is there)"), "{why}");
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--pid", "init"], 2);
    assert!(why.contains("not a number"), "{why}");
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--csv", "there/is/none"], 1);
    assert!(why.contains("cannot write there/is/none: No such file") && !why.contains(".part"), "{why}");
    fails(folder.path(), &["walk", "x86_64.elf", "--check", "--csv"], 2);
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--pid", "2"], 1);
    assert!(why.contains("thread of the kernel"), "{why}");
    fails(folder.path(), &["walk", "x86_64.elf", "--range", "0x2000-0x1000"], 2);
    fails(folder.path(), &["walk", "x86_64.elf", "--pid", "1", "--all"], 2);
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--pid", "128", "--kernel", "6.1"], 2);
    assert!(why.contains("6.12.117") && why.contains("6.1 "), "{why}");
    let why = fails(folder.path(), &["walk", "x86_64.elf", "--pid", "128", "--arch", "arm64"], 1);
    assert!(why.contains("aarch64") && why.contains("x86_64"), "{why}");
}

/// The rows of the Parquet file, read by its own library, are those of `--json`.
#[cfg(feature = "parquet")]
#[test]
fn parquet_has_the_rows_of_json() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for name in DUMPS {
        unpack(folder, name);
        let (file, pid) = (format!("{name}.elf"), truth(name)["pid"].to_string());
        for more in [&[][..], &["--swapped"]] {
            let asked = [&["walk", &file, "--pid", &pid][..], more].concat();
            let json = ok(folder, &[&asked[..], &["--json"]].concat());
            ok(folder, &[&asked[..], &["--parquet", "out.parquet"]].concat());
            let reader = SerializedFileReader::new(File::open(folder.join("out.parquet")).unwrap()).unwrap();
            let about = reader.metadata().file_metadata().key_value_metadata().unwrap();
            let about = |key: &str| about.iter().find(|one| one.key == key).and_then(|one| one.value.clone());
            assert_eq!(about("swp-pte.variant").as_deref(), Some(name));
            assert!(about("swp-pte.kernel").is_some());
            let columns = csv_header(folder, &file, &pid);
            let mut rows = reader.get_row_iter(None).unwrap();
            let mut lines = json.lines();
            for line in lines.by_ref() {
                let expected: Value = serde_json::from_str(line).unwrap();
                let row = rows.next().unwrap().unwrap();
                let mut names = Vec::new();
                for (name, field) in row.get_column_iter() {
                    let found = match field {
                        Field::Null => Value::Null,
                        Field::Bool(set) => (*set).into(),
                        Field::UByte(number) => (*number).into(),
                        // Hex in JSON, but for the number of the process.
                        Field::ULong(number) if name == "pid" => (*number).into(),
                        Field::ULong(number) => format!("{number:#x}").into(),
                        Field::Str(text) => text.as_str().into(),
                        other => panic!("{name}: {other:?}"),
                    };
                    let key = &expected[name];
                    assert_eq!(&found, if name == "softleaf" { &key["name"] } else { key }, "{name} of {line}");
                    names.push(name.as_str());
                }
                assert_eq!(names.join(","), columns);
            }
            assert!(rows.next().is_none() && lines.next().is_none());
        }
    }
}

/// The columns, as CSV has them.
#[cfg(feature = "parquet")]
fn csv_header(folder: &Path, file: &str, pid: &str) -> String {
    let csv = ok(folder, &["walk", file, "--pid", pid, "--csv", "--range", "0-0xfff"]);
    csv.lines().next().unwrap().to_owned()
}

/// Changes the word of an address.
fn plant(bytes: &mut [u8], row: &Value, shift: u32, word: u64) {
    let dump = swp_pte_dump::Dump::of_bytes(bytes.to_vec(), &Options::default()).unwrap();
    let at = number(&row["table"]) + (number(&row["va"]) >> shift & 0x1ff) * 8;
    let position = usize::try_from(dump.file_position(at).unwrap()).unwrap();
    bytes[position..position + 8].copy_from_slice(&word.to_le_bytes());
}

#[test]
fn a_machine_is_checked_and_what_cannot_be_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = unpack(folder.path(), "x86_64");
    let all = rows(&ok(folder.path(), &["walk", "x86_64.elf", "--pid", "128", "--json"]));
    let clean = ok(folder.path(), &["walk", "x86_64.elf", "--check"]);
    assert!(clean.contains("162 entries"), "{clean}");
    let mut exclusive: Vec<_> = all.values().filter(|row| row["exclusive"] == true).collect();
    exclusive.sort_by_key(|row| number(&row["va"]));
    let [one, two, three, ..] = exclusive.as_slice() else { panic!("{exclusive:?}") };
    // One page for two entries, both exclusive; and a page behind the end of its file.
    plant(&mut bytes, two, 12, number(&one["word"]));
    let layout = swp_pte_atlas::newest("x86_64").unwrap();
    let beyond = layout.encode(swp_pte::SwpEntry::from_parts(1, 8192).unwrap()).unwrap().bits();
    plant(&mut bytes, three, 12, beyond);
    fs::write(folder.path().join("x86_64.elf"), bytes).unwrap();
    let output = swp_pte(folder.path(), &["walk", "x86_64.elf", "--check", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found: Vec<_> = found.iter().map(|one| (one["check"].as_str().unwrap(), one["va"].clone())).collect();
    assert_eq!(
        found,
        [
            ("shared-exclusive", one["va"].clone()),
            ("shared-exclusive", two["va"].clone()),
            ("beyond-file", three["va"].clone())
        ]
    );
    let text = swp_pte(folder.path(), &["walk", "x86_64.elf", "--check"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("named by 2 entries") && text.lines().all(|line| line.chars().count() <= 80), "{text}");
}
