//! The program against what compiled kernels answered and what running ones wrote: every line of every vector file
//! goes through `swp-pte decode --json`, and every field must be the kernel's.
#![expect(clippy::expect_used, reason = "in a test, a panic is the failure")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::{Value, json};
use swp_pte::{EncodeError, SwpEntry};
use swp_pte_atlas::Row;

use crate::start::{fed, program};

/// The vector files, in the order of their names.
fn files() -> Vec<PathBuf> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut files: Vec<_> = [vectors.clone(), vectors.join("captures")]
        .into_iter()
        .flat_map(|folder| fs::read_dir(folder).expect("tests/vectors is part of the repository"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// The header of a file and its cases.
fn read(path: &Path) -> (Value, Vec<Value>) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.next().unwrap(), lines.collect())
}

/// What the program says of words, one object each.
fn decode(header: &Value, words: &[&str]) -> Vec<Value> {
    let (variant, kernel) = (header["variant"].as_str().unwrap(), header["kernel"].as_str().unwrap());
    // A vendor's stock kernels have the option otherwise than the oracle's build.
    let vendors = kernel.parse::<swp_pte::Release>().unwrap().vendor().is_some();
    let private = vendors.then(|| header["consts"]["CONFIG_DEVICE_PRIVATE"] == 1);
    let private = private.map(|on| format!("--config=DEVICE_PRIVATE={}", if on { "y" } else { "n" }));
    let mut command = program(&["decode", "--arch", variant, "--kernel", kernel, "--json"]);
    command.args(private);
    // As the build has it: of some variants each build has its own.
    command.args(header["consts"]["SWP_PFN_BITS"].as_u64().map(|bits| format!("--pfn-bits={bits}")));
    let output = fed(command, words.join("\n").as_bytes());
    assert!(output.status.success(), "{variant} {kernel}");
    let objects: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), words.len());
    for (object, word) in objects.iter().zip(words) {
        assert_eq!(object["input"], *word);
        assert_eq!(object["word"], *word);
        assert_eq!(object["variant"], header["variant"]);
        assert!(kernel.starts_with(object["kernel"].as_str().unwrap()));
    }
    objects
}

fn kind(none: &Value, present: &Value) -> &'static str {
    match (none == &json!(true), present == &json!(true)) {
        (true, _) => "none",
        (_, true) => "present",
        _ => "swap",
    }
}

/// The names of the swap types above the swap files, by the constants of the build.
fn names(header: &Value) -> BTreeMap<u64, &'static str> {
    let constants = [
        ("SWP_HWPOISON", "hwpoison"),
        ("SWP_MIGRATION_READ", "migration-read"),
        ("SWP_MIGRATION_READ_EXCLUSIVE", "migration-read-exclusive"),
        ("SWP_MIGRATION_WRITE", "migration-write"),
        ("SWP_DEVICE_READ", "device-private-read"),
        ("SWP_DEVICE_WRITE", "device-private-write"),
        ("SWP_DEVICE_EXCLUSIVE_READ", "device-exclusive-read"),
        ("SWP_DEVICE_EXCLUSIVE_WRITE", "device-exclusive-write"),
        ("SWP_DEVICE_EXCLUSIVE", "device-exclusive"),
        ("SWP_PTE_MARKER", "marker"),
        ("SWP_SWAPIN_ERROR", "swapin-error"),
    ];
    constants.into_iter().filter_map(|(constant, name)| Some((header["consts"][constant].as_u64()?, name))).collect()
}

/// Holds what was decoded of a swap PTE against the kernel's type and offset.
fn check_swap(
    header: &Value,
    names: &BTreeMap<u64, &'static str>,
    object: &Value,
    swp_type: &Value,
    offset: &Value,
    what: &str,
) {
    assert_eq!(object["type"], *swp_type, "{what}");
    assert_eq!(object["offset"], *offset, "{what}");
    let swp_type = swp_type.as_u64().unwrap();
    let files = header["consts"]["MAX_SWAPFILES"].as_u64().unwrap_or(22);
    let name = match swp_type {
        number if number < files => "swap",
        32.. => "unknown",
        number => names.get(&number).copied().unwrap_or("marker"),
    };
    let leaf = &object["softleaf"];
    assert_eq!(leaf["name"], name, "{what}");
    let offset = u64::from_str_radix(offset.as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
    if name.starts_with("migration") || name.starts_with("device") || name == "hwpoison" {
        let bits = header["consts"]["SWP_PFN_BITS"].as_u64();
        let pfn = bits.map_or(offset, |bits| offset & ((1 << bits) - 1));
        assert_eq!(leaf["pfn"], format!("{pfn:#x}"), "{what}");
        let bits = bits.filter(|bits| header["consts"]["GENERIC_MAX_OFFSET"].as_u64().unwrap() >> (bits + 1) != 0);
        let flag = |bit: u64| match bits {
            Some(bits) if name.starts_with("migration") => json!(offset >> (bits + bit) & 1 != 0),
            _ => Value::Null,
        };
        assert_eq!((&leaf["young"], &leaf["dirty"]), (&flag(0), &flag(1)), "{what}");
    }
    if name == "marker" {
        let mask = header["consts"]["PTE_MARKER_MASK"].as_u64().unwrap_or(7);
        let flags = leaf["markers"].as_array().unwrap();
        let named = [(1, "uffd-wp"), (2, "poisoned"), (4, "guard")];
        for (bit, name) in named {
            assert_eq!(flags.contains(&json!(name)), offset & mask & bit != 0, "{what}");
        }
        let unknown = offset & !mask;
        assert_eq!(flags.contains(&json!(format!("{unknown:#x}"))), unknown != 0, "{what}");
    }
}

/// Whether the build has the helpers of a marker; without them a file says nothing of its bit.
fn helper(header: &Value, flag: &str) -> bool {
    header["consts"][format!("HAVE_{}", flag.to_uppercase())] != 0
}

fn check_raw(header: &Value, cases: &[Value], file: &str) {
    let names = names(header);
    let words: Vec<_> = cases.iter().map(|case| case["raw"].as_str().unwrap()).collect();
    for (object, case) in decode(header, &words).iter().zip(cases) {
        let what = format!("{file} {}", case["raw"]);
        assert_eq!(object["kind"], kind(&case["none"], &case["present"]), "{what}");
        for flag in ["exclusive", "soft_dirty", "uffd_wp"] {
            // The kernel's helpers look at the bit of any word; it is a marker in a swap PTE only.
            if object["kind"] != "swap" {
                assert!(object[flag].is_null(), "{what} {flag}");
            } else if flag == "exclusive" && is_unseen(header) {
                assert_eq!(case[flag], json!(false), "{what}: the kernel sees its marker");
            } else if !case[flag].is_null() || helper(header, flag) {
                assert_eq!(object[flag], case[flag], "{what} {flag}");
            }
        }
        if object["kind"] == "swap" {
            check_swap(header, &names, object, &case["type"], &case["offset"], &what);
        } else {
            assert!(object["type"].is_null() && object["offset"].is_null() && object["softleaf"].is_null(), "{what}");
        }
    }
}

fn row(header: &Value) -> &'static Row {
    let release = header["kernel"].as_str().unwrap().parse().unwrap();
    swp_pte_atlas::find_release(header["variant"].as_str().unwrap(), &release).unwrap().row
}

/// Whether the kernel's own predicate cannot see the marker: alpha up to 6.12.
fn is_unseen(header: &Value) -> bool {
    let release: swp_pte::Release = header["kernel"].as_str().unwrap().parse().unwrap();
    row(header).layout().unseen_exclusive.is_some_and(|kernels| kernels.contains(release.series()))
}

/// Whether the kernel lost bits of the type, so that the word is another entry's: nios2 before 6.3.
fn loses_type(header: &Value, case: &Value) -> bool {
    let offset = u64::from_str_radix(case["offset"].as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
    let entry = SwpEntry::from_parts(case["type"].as_u64().unwrap(), offset).unwrap();
    matches!(row(header).encode(entry), Err(EncodeError::TypeLost { .. }))
}

fn check_encode(header: &Value, cases: &[Value], file: &str) {
    let names = names(header);
    for marked in ["pte", "exclusive", "soft_dirty", "uffd_wp"] {
        let cases: Vec<_> = cases.iter().filter(|case| case[marked].is_string() && !loses_type(header, case)).collect();
        let words: Vec<_> = cases.iter().map(|case| case[marked].as_str().unwrap()).collect();
        if words.is_empty() {
            continue;
        }
        for (object, case) in decode(header, &words).iter().zip(cases) {
            let what = format!("{file} {} {marked}", case["pte"]);
            if marked == "pte" {
                assert_eq!(object["kind"], kind(&case["none"], &case["present"]), "{what}");
            }
            if object["kind"] != "swap" {
                continue;
            }
            assert_eq!(object["stray"], "0x0", "{what}");
            check_swap(header, &names, object, &case["type"], &case["offset"], &what);
            for flag in ["exclusive", "soft_dirty", "uffd_wp"] {
                let expected = if case[flag].is_null() { Value::Null } else { json!(flag == marked) };
                if !expected.is_null() || helper(header, flag) {
                    assert_eq!(object[flag], expected, "{what} {flag}");
                }
            }
        }
    }
}

fn check_live(header: &Value, cases: &[Value], file: &str) {
    let names = names(header);
    let words: Vec<_> = cases.iter().map(|case| case["pte"].as_str().unwrap()).collect();
    for (object, case) in decode(header, &words).iter().zip(cases) {
        let what = format!("{file} {}", case["pte"]);
        let swapped = case["swapped"] == true || case["guard"] == true;
        assert_eq!(object["kind"], kind(&json!(case["present"] == false && !swapped), &case["present"]), "{what}");
        if case["type"].is_u64() && object["kind"] == "swap" {
            check_swap(header, &names, object, &case["type"], &case["offset"], &what);
            assert_eq!(object["stray"], "0x0", "{what}");
        }
        if case["case"] == "prot_none" && object["kind"] == "present" {
            assert!(object["present_why"].as_str().unwrap().starts_with("PROT_NONE"), "{what}");
        }
    }
}

#[test]
fn every_vector_decodes_as_the_kernel_has_it() {
    files().par_iter().for_each(|path| {
        let (header, cases) = read(path);
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        match header["kind"].as_str().unwrap() {
            "encode" => check_encode(&header, &cases, &file),
            "raw" => check_raw(&header, &cases, &file),
            "live" => check_live(&header, &cases, &file),
            kind => panic!("{file}: kind {kind}"),
        }
    });
}
