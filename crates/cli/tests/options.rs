//! Options that choose how words are read: `--level`, `--pfn-bits`, and names of architectures.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Runs the program with a text on standard input: whether it succeeded, its output, its errors.
fn run(args: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_swp-pte"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// The one object of a word.
fn decoded(args: &[&str], word: &str) -> Value {
    let (good, text, error) = run(&[&["decode", "--json"], args, &[word]].concat(), "");
    assert!(good, "{error}");
    serde_json::from_str(&text).unwrap()
}

/// A segment-table entry as a compiled kernel 7.2 writes it: `_SEGMENT_ENTRY_COMM` and `_SEGMENT_ENTRY_INVALID` are bits
/// 4 and 5, the type begins at bit 6, the offset at bit 12.
const SEGMENT: &str = "0x41070";

#[test]
fn s390_has_another_form_one_level_up() {
    let s390 = ["--arch", "s390", "--kernel", "7.2"];
    let pmd = [&s390[..], &["--level", "pmd"]].concat();
    let object = decoded(&pmd, SEGMENT);
    let read = |object: &Value| ["kind", "type", "offset", "exclusive", "level"].map(|key| object[key].clone());
    assert_eq!(read(&object), [json!("swap"), json!(1), json!("0x41"), Value::Null, json!("pmd")]);
    // The same number is another word in a page table.
    let pte = decoded(&s390, SEGMENT);
    assert_ne!((&pte["kind"], &pte["type"]), (&object["kind"], &object["type"]));
    assert!(pte.get("level").is_none());

    let entry = ["--type", "1", "--offset", "0x41"];
    assert_eq!(run(&[&["encode"], &pmd[..], &entry].concat(), "").1, format!("{SEGMENT}\n"));
    let (_, picture, _) = run(&["layout", "s390", "--kernel", "7.2", "--level", "pmd"], "");
    assert!(picture.contains("level pmd") && picture.contains("_SEGMENT_ENTRY_COMM"), "{picture}");
    let (_, layout, _) = run(&["layout", "s390", "--level", "pmd", "--format", "json"], "");
    let layout: Value = serde_json::from_str(&layout).unwrap();
    assert_eq!((&layout["level"], &layout["always_one"]), (&json!("pmd"), &json!("0x30")));

    let (good, _, error) = run(&["decode", "--arch", "s390", "--kernel", "6.12", "--level", "pmd", SEGMENT], "");
    assert!(!good && error.contains("level pmd are known for kernels 7.2 and later"), "{error}");
}

#[test]
fn where_the_record_has_no_other_form_that_of_the_pte_is_used_and_a_note_says_so() {
    let arm64 = ["--arch", "arm64", "--kernel", "6.12"];
    let pmd = [&arm64[..], &["--level", "pmd"]].concat();
    let (mut object, pte) = (decoded(&pmd, "0x41000"), decoded(&arm64, "0x41000"));
    assert_eq!(object.as_object_mut().unwrap().remove("level"), Some(json!("pmd")));
    assert_eq!(std::mem::replace(&mut object["form"], json!("pte")), json!("pmd"));
    assert_eq!(object, pte);
    for args in [&["decode", "0x0"][..], &["encode", "--type", "0", "--offset", "1"]] {
        let (_, _, error) = run(&[args, &pmd].concat(), "");
        assert!(error.contains("no other form of an entry at level pmd for arm64"), "{error}");
        let (_, _, error) = run(&[args, &arm64].concat(), "");
        assert_eq!(error, "");
    }
    for args in [&["decode", "--level", "pmd", "0x0"][..], &["layout", "--level", "pmd"]] {
        let (_, _, error) = run(args, "");
        let note = error.lines().find(|line| line.contains("no other form")).unwrap();
        assert!(note.contains("x86_64, arm64, ppc") && !note.contains("s390"), "{note}");
    }
}

#[test]
fn what_was_decoded_at_one_level_is_not_encoded_at_another() {
    let s390 = ["--arch", "s390", "--kernel", "7.2", "--json"];
    let at = |level| [&s390[..], &["--level", level]].concat();
    for (level, other, word) in [("pmd", "pte", SEGMENT), ("pte", "pmd", "0x41e02")] {
        let (_, object, _) = run(&[&["decode"], &at(level)[..], &[word]].concat(), "");
        let (good, again, _) = run(&[&["encode"], &at(level)[..]].concat(), &object);
        assert!(good && again.contains(&format!(r#""word":"{word}""#)), "{again}");
        let (good, again, _) = run(&[&["encode"], &at(other)[..]].concat(), &object);
        assert!(!good && again.contains(&format!("level is {level}, but --level says {other}")), "{again}");
    }
}

#[test]
fn pfn_bits_divide_the_offset_of_a_migration_entry() {
    let x86_64 = ["--arch", "x86_64", "--kernel", "6.12"];
    // SWP_PFN_BITS is MAX_PHYSMEM_BITS - PAGE_SHIFT: 46 - 12 with four levels of page tables, 52 - 12 with five.
    let offset = format!("{:#x}", 1_u64 << 34 | 0x1234);
    let entry = ["--type", "migration-write", "--offset", &offset];
    let (_, word, _) = run(&[&["encode"], &x86_64[..], &entry].concat(), "");
    let leaf = |bits: &[&str]| decoded(&[&x86_64, bits].concat(), word.trim())["softleaf"].clone();
    let name = "migration-write";
    assert_eq!(leaf(&[]), json!({ "name": name, "pfn": "0x1234", "young": true, "dirty": false }));
    assert_eq!(leaf(&["--pfn-bits", "34"]), leaf(&[]));
    let five = json!({ "name": name, "pfn": offset, "young": false, "dirty": false });
    assert_eq!(leaf(&["--pfn-bits", "40"]), five);
}

#[test]
fn a_name_of_an_architecture_needs_a_kernel_that_leaves_one_variant() {
    let encode =
        |arch, kernel| run(&["encode", "--arch", arch, "--kernel", kernel, "--type", "0", "--offset", "1"], "");
    let (good, _, note) = encode("riscv64", "6.12");
    assert!(good && note.contains("riscv64 can only be riscv-rv64 in kernel 6.12"), "{note}");
    let (good, word, note) = encode("aarch64", "6.12");
    assert!(good && note.is_empty() && word == "0x1000\n", "{note} {word}");
    let (good, _, error) = encode("ppc64le", "6.12");
    let lines: Vec<_> = error.lines().collect();
    assert!(!good && lines.len() == 3 && lines[1].contains("POWER with 64K pages"), "{error}");
}

#[test]
fn without_an_architecture_the_best_reading_comes_first_and_none_is_lost() {
    // Type 0, offset 0x41, exclusive: as arm64 6.10+ and as s390 write it.
    for (word, best) in [("0x41004", "arm64"), ("0x41e02", "s390")] {
        let shown = |args: &[&str]| {
            let (good, text, error) = run(&[&["decode", word], args].concat(), "");
            assert!(good, "{error}");
            // The columns are as wide as what is in them.
            let squeezed = |row: &str| row.split_whitespace().collect::<Vec<_>>().join(" ");
            text.lines().skip(2).filter(|row| !row.starts_with(' ')).map(squeezed).collect::<Vec<_>>()
        };
        let (some, all) = (shown(&[]), shown(&["--all"]));
        let (fold, rows) = some.split_last().unwrap();
        assert!(rows[0].starts_with(&format!("{best} ")), "{word}: {rows:?}");
        assert_eq!(rows, &all[..rows.len()], "{word}");
        assert_eq!(all.len(), swp_pte_atlas::variants().count(), "{word}");
        let folded = format!("and {} less likely: ", all.len() - rows.len());
        assert!(fold.starts_with(&folded) && fold.ends_with("; --all shows them"), "{fold}");
    }
    let (good, text, _) = run(&["decode", "0x41004", "--json", "--all"], "");
    assert!(!good && text.is_empty(), "{text}");
}
