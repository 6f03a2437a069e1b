//! Options that choose how words are read: `--level`, `--pfn-bits`, and names of architectures.

use serde_json::{Value, json};

use crate::start::{fed, program, texts};

/// Runs the program with a text on standard input: whether it succeeded, its output, its errors.
fn run(args: &[&str], input: &str) -> (bool, String, String) {
    let (code, text, error) = texts(&fed(program(args), input.as_bytes()));
    (code == Some(0), text, error)
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

/// The layout of the manual: type in bits 5 to 9, offset from bit 10 on.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/layout.toml");

#[test]
fn a_layout_of_ones_own_is_taken_wherever_a_layout_is() {
    // Type 1, offset 0x41; the log says another kernel, whose layout is not asked then.
    let log = "CPU: 0 PID: 1 Comm: a Not tainted 6.12.9-arm64 #1\nBUG: Bad page map in process a  pte:00010420 pmd:00010420\n";
    let (good, text, error) = run(&["log", "--json", "--layout", OWN], log);
    assert!(good, "{error}");
    for line in text.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&object["variant"], &object["type"], &object["offset"]),
            (&json!("example"), &json!(1), &json!("0x41"))
        );
    }
    assert_eq!(text.lines().count(), 2, "{text}");
    let (good, text, error) = run(&["diff", "arm64", "--from", "6.12", "--layout", OWN], "");
    assert!(
        good && text.contains("arm64 in 6.12") && text.contains("bits 10-6") && text.contains("bits 9-5"),
        "{text}{error}"
    );
    let (good, ..) = run(&["diff", "arm64", "--from", "6.12", "--to", "6.1", "--layout", OWN], "");
    assert!(!good && !run(&["diff", "arm64", "--from", "6.12"], "").0);
    // Words of this layout only: the offset has no bit below 10, which no other architecture's leaves free so.
    let image = tempfile::NamedTempFile::new().unwrap();
    let words = (1..4096_u64).flat_map(|i| (i << 10 | (i & 1) << 5 | 2).to_le_bytes());
    std::fs::write(image.path(), words.collect::<Vec<_>>()).unwrap();
    let guess = ["guess", image.path().to_str().unwrap(), "--json", "--top", "300"];
    let shown = |args: &[&str]| serde_json::from_str::<Value>(&run(args, "").1).unwrap()["ranking"].clone();
    let own = |ranking: &Value| ranking.as_array().unwrap().iter().filter(|one| one["variant"] == "example").count();
    assert_eq!(own(&shown(&guess)), 0);
    let with = shown(&[&guess[..], &["--layout", OWN]].concat());
    assert_eq!(own(&with), 2, "in both byte orders");
}

#[test]
fn an_option_of_the_build_that_is_said_twice_differently_is_refused() {
    let decode = ["decode", "--arch", "x86_64", "--kernel", "6.12", "--config", "DEVICE_PRIVATE=n"];
    let (good, text, error) = run(&[&decode[..], &["--config", "DEVICE_PRIVATE=y", "0x0"]].concat(), "");
    assert!(!good && text.is_empty() && error.contains("DEVICE_PRIVATE is n") && error.contains("but y"), "{error}");
    assert!(run(&[&decode[..], &["--config", "DEVICE_PRIVATE=n", "0x0"]].concat(), "").0);
}

#[test]
fn a_bit_that_two_fields_can_give_is_explained() {
    let (_, text, _) = run(&["place", "arm64", "--kernel", "5.18"], "");
    assert!(text.contains("Bits 6-2 are listed twice: there either field can give a bit"), "{text}");
}

#[test]
fn a_matrix_is_what_svg_draws_without_a_variant() {
    let (good, text, error) = run(&["layout", "--format", "svg"], "");
    assert!(good && text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{error}");
    for row in swp_pte_atlas::ROWS {
        assert!(text.contains(&format!("\n{}\n", row.variant())), "{}", row.variant());
    }
}

#[test]
fn frames_that_are_not_known_say_so_and_are_null() {
    let mut unknown = Vec::new();
    for variant in swp_pte_atlas::variants() {
        let row = swp_pte_atlas::newest(variant).unwrap();
        // A word that this architecture's kernels take for present.
        let layout = row.layout();
        let words = layout.present.iter().flat_map(|pattern| [0, 0x1000, u64::MAX].map(|more| pattern.value | more));
        let words = words.map(|word| word & layout.word_mask());
        let word = words.into_iter().find(|word| layout.kind(*word) == swp_pte::PteKind::Present);
        let word = word.unwrap_or_else(|| panic!("no present word of {variant}"));
        let word = format!("{word:#x}");
        let kernel = row.layout().source.kernels.last.unwrap_or_else(swp_pte_atlas::newest_measured).to_string();
        let target = ["--arch", variant, "--kernel", &kernel];
        let (good, text, error) = run(&[&["decode"], &target[..], &[&word]].concat(), "");
        assert!(good && text.contains("kind        present"), "{variant}: {text}{error}");
        let is_null = decoded(&target, &word)["frame"].is_null();
        assert_eq!(is_null, text.contains("frame       not known for this architecture"), "{variant}: {text}");
        unknown.extend(is_null.then_some(variant));
    }
    let mips = unknown.iter().filter(|variant| variant.starts_with("mips")).count();
    assert!(mips >= 4 && unknown.contains(&"sh-x2tlb") && unknown.contains(&"ppc-nohash32-pte64"), "{unknown:?}");
    assert!(unknown.len() < 12, "{unknown:?}");
}
