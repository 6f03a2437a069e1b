//! The oracle on a real kernel, in CI: `cargo xtask ci` runs these where the packages are (`linux-source-6.12`, the s390
//! compiler, qemu-user). Elsewhere they are ignored, and the run says so.
#![expect(clippy::panic, clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn oracle(kernel: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swp-pte-oracle"));
    command.args(["--kernel", kernel, "--json"]).args(args).output().unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}\n{error}"))
}

/// A native variant and an emulated big-endian one, whose helpers are proved too; then the same tree with the marker of x86_64
/// moved by one bit, and with one word encoded otherwise, which no sample finds.
#[test]
#[ignore = "needs linux-source-6.12 and compilers; cargo xtask ci runs it where they are"]
fn agrees_with_the_kernel_and_finds_a_moved_marker() {
    let output = oracle("debian:6.12", &["--variant", "x86_64", "--variant", "s390", "--prove"]);
    let found = json(&output);
    assert_eq!(output.status.code(), Some(0), "{found}");
    let variants = found["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 2);
    // x86_64 has those for huge pages, too.
    for (variant, helpers) in variants.iter().zip([22, 16]) {
        assert_eq!((&variant["verdict"], &variant["mismatches"]), (&"agrees".into(), &0.into()), "{variant}");
        assert!(variant["entries"].as_u64().unwrap() >= 4000 && variant["words"].as_u64().unwrap() >= 2000);
        let proof = &variant["proof"];
        assert_eq!(
            (&proof["helpers"], &proof["proved"], &proof["failed"]),
            (&helpers.into(), &helpers.into(), &0.into())
        );
    }
    assert!(variants[1]["layout"]["word"].as_str().unwrap().contains("big-endian"), "{}", variants[1]);

    let tree = PathBuf::from(found["tree"].as_str().unwrap());
    let copy = changed(
        &tree,
        "arch/x86/include/asm/pgtable_64_types.h",
        "_PAGE_SWP_EXCLUSIVE\t_PAGE_PWT",
        "_PAGE_SWP_EXCLUSIVE\t_PAGE_PCD",
    );
    let output = oracle(&copy.display().to_string(), &["--variant", "x86_64"]);
    let found = json(&output);
    let _ = fs::remove_dir_all(&copy);
    assert_eq!(output.status.code(), Some(4), "{found}");
    let change = &found["variants"][0]["change"];
    assert_eq!(change["differences"], serde_json::json!(["exclusive: kernel bit 4, ours bit 3"]));
    assert_eq!(change["nearest"]["variant"], "x86_64");

    let copy = changed(
        &tree,
        "arch/x86/include/asm/pgtable_64.h",
        "#define __swp_entry_to_pte(x)\t\t(__pte((x).val))",
        "#define __swp_entry_to_pte(x) (__pte((x).val ^ ((x).val == 0x123456789a0000ULL ? 0x400ULL : 0)))",
    );
    let output = oracle(&copy.display().to_string(), &["--variant", "x86_64", "--prove"]);
    let found = json(&output);
    let _ = fs::remove_dir_all(&copy);
    assert_eq!(output.status.code(), Some(3), "{found}");
    let variant = &found["variants"][0];
    assert_eq!((&variant["failures"], &variant["proof"]["failed"]), (&serde_json::json!([]), &1.into()));
    let refuted = &variant["proof"]["failures"][0];
    assert_eq!((&refuted["helper"], &refuted["got"]), (&"encode".into(), &"0x123456789a0400".into()), "{refuted}");
}

/// The tree as a folder of links, but for one header with one changed line.
fn changed(tree: &Path, header: &str, before: &str, after: &str) -> PathBuf {
    let copy = std::env::temp_dir().join(format!("swp-pte-changed-{}", std::process::id()));
    let _ = fs::remove_dir_all(&copy);
    assert!(Command::new("cp").arg("-as").arg(tree).arg(&copy).status().unwrap().success());
    let text = fs::read_to_string(tree.join(header)).unwrap();
    let changed = text.replace(before, after);
    assert_ne!(text, changed, "{header} has another text by now");
    fs::remove_file(copy.join(header)).unwrap();
    fs::write(copy.join(header), changed).unwrap();
    copy
}
