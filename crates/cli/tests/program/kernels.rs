//! Kernels as people run them, through the program: vendors' releases, files of a kernel, and what contradicts what.

use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

use crate::start::program;

fn run(args: &[&str]) -> Output {
    program(args).env("COLUMNS", "200").output().unwrap()
}

fn object(args: &[&str]) -> Value {
    let output = run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is said on standard error, of a command that must not succeed.
fn refusal(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn decoded(arch: &str, kernel: &str, word: &str, more: &[&str]) -> Value {
    object(&[&["decode", "--json", "--arch", arch, "--kernel", kernel, word], more].concat())
}

/// A file that the tests of `swp-pte-kernel` have.
fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../kernel/tests/files").join(name);
    path.to_str().unwrap().to_owned()
}

#[test]
fn words_of_rhel_9_before_and_after_its_markers() {
    let [before, after] = ["5.14.0-162.6.1.el9_1", "5.14.0-427.13.1.el9_4"];
    for (arch, word, swp_type, exclusive, soft_dirty) in [
        ("arm64", "0x41004", [1, 0], [json!(null), json!(true)], json!(null)),
        ("x86_64", "0x7fffffffff7de08", [0, 0], [json!(null), json!(true)], json!(false)),
        ("s390", "0x410e00", [0, 0], [json!(null), json!(true)], json!(false)),
        ("ppc-book3s64-64k", "0x4000000000410020", [0, 0], [json!(null), json!(true)], json!(false)),
    ] {
        for (i, build) in [before, after].into_iter().enumerate() {
            for kernel in [build.to_owned(), format!("Linux version {build}.{arch} (mockbuild@x) #1 SMP")] {
                let word = decoded(arch, &kernel, word, &[]);
                assert_eq!(
                    (&word["type"], &word["exclusive"]),
                    (&json!(swp_type[i]), &exclusive[i]),
                    "{kernel} {arch}"
                );
                assert_eq!((&word["kernel"], word.get("assumed")), (&json!("5.14"), None), "{word}");
            }
        }
        assert_eq!(decoded(arch, after, word, &[])["soft_dirty"], soft_dirty, "{arch}");
    }
    // Before the markers the bit is ppc's soft-dirty, and a stray one elsewhere.
    assert_eq!(decoded("ppc-book3s64-64k", before, "0x4000000000410020", &[])["soft_dirty"], true);
    assert_eq!(decoded("s390", before, "0x410e00", &[])["stray"], "0x800");
    let text = run(&["decode", "--arch", "s390", "--kernel", before, "0x410e00"]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("no upstream kernel leaves a swap PTE so"));
}

/// The word of a type of `x86_64`, and what it is.
fn leaf(kernel: &str, swp_type: u64, more: &[&str]) -> Value {
    let word = format!("{:#x}", swp_type << 59 | 0x07ff_ffff_ffff_7c00);
    decoded("x86_64", kernel, &word, more)["softleaf"].clone()
}

#[test]
fn what_is_not_known_is_unnamed_and_the_build_names_it() {
    let kernel = "5.14.0-284.11.1.el9_2.x86_64";
    assert_eq!(leaf(kernel, 23, &[]), json!({ "name": "unnamed", "candidates": ["swap", "hwpoison"] }));
    assert_eq!(leaf(kernel, 23, &["--config", "PTE_MARKER=y"])["name"], "hwpoison");
    assert_eq!(leaf(kernel, 24, &["--config", "PTE_MARKER=n"])["name"], "hwpoison");
    assert_eq!(leaf(kernel, 31, &["--config", "PTE_MARKER=y"])["name"], "marker");
    let name = ["encode", "--arch", "x86_64", "--kernel", kernel, "--type", "hwpoison", "--offset", "1"];
    let output = run(&name);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("hwpoison can be 23 or 24"), "{said}");
}

#[test]
fn openeuler_has_one_type_more() {
    let arm64 = |kernel: &str, swp_type: u64, more: &[&str]| {
        let word = format!("{:#x}", swp_type << 3 | 0x41 << 8);
        decoded("arm64", kernel, &word, more)["softleaf"]["name"].clone()
    };
    let kernel = "6.6.0-28.0.0.34.oe2403.aarch64";
    assert_eq!([22, 30, 31].map(|number| arm64(kernel, number, &[])), ["hwpoison", "marker", "userswap"]);
    assert_eq!(arm64(kernel, 31, &["--config", "USERSWAP=n"]), "marker");
    assert_eq!([23, 31].map(|number| arm64("6.6.9", number, &[])), ["hwpoison", "marker"]);
}

#[test]
fn a_hwpoison_entry_of_a_stock_debian_is_one() {
    let config = file("config-6.12-amd64");
    let map = file("System.map");
    for more in [&["--config", config.as_str()][..], &["--vmlinux", map.as_str()], &["--config", "DEVICE_PRIVATE=n"]] {
        assert_eq!(leaf("6.12.117", 27, more)["name"], "hwpoison", "{more:?}");
    }
    // Of an upstream kernel that nobody spoke of, everything is taken to be on; Debian's is known.
    assert_eq!(leaf("6.12.117", 27, &[])["name"], "device-private-write");
    assert_eq!(leaf("6.12.117+deb13-amd64", 27, &[])["name"], "hwpoison");
}

#[test]
fn what_was_assumed_is_said_and_upstream_is_quiet() {
    for kernel in ["6.12", "6.12.9", "v6.2-rc4-480-g0123456789ab", "6.12.0-rc1+", "5.14.0-427.13.1.el9_4.x86_64"] {
        let output = run(&["decode", "--arch", "x86_64", "--kernel", kernel, "0x7fffffffff7de08"]);
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{kernel}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    for (kernel, why) in [
        ("6.8.0-48-generic", "the record has no Ubuntu kernel of 6.8"),
        ("6.4.0-150600.23.25-default", "the record has no SUSE kernel of 6.4"),
        ("6.12.9-somebodys", "does not know whose kernel this is"),
        ("9.9", "7.3 is the newest kernel measured"),
        ("5.14.0-611.5.1.el9_7.x86_64", "builds of RHEL were read up to 570.32.1"),
    ] {
        let args = |command: &'static str| [command, "x86_64", "--kernel", kernel, "--json"];
        let word = decoded("x86_64", kernel, "0x7fffffffff7de08", &[]);
        let assumed = word["assumed"].as_str().unwrap_or_default();
        assert!(assumed.contains(why) && assumed.contains(kernel), "{kernel}: {word}");
        let encoded = ["encode", "--arch", "x86_64", "--kernel", kernel, "--json", "--type", "0", "--offset", "1"];
        assert_eq!(object(&encoded)["assumed"], assumed, "{kernel}");
        let layout = ["layout", "x86_64", "--kernel", kernel, "--format", "json"];
        assert_eq!(object(&layout)["assumed"], assumed, "{kernel}");
        let place = String::from_utf8(run(&args("place")).stdout).unwrap();
        let place: Value = serde_json::from_str(place.lines().next().unwrap()).unwrap();
        assert_eq!(place["assumed"], assumed, "{kernel}");
        let text = run(&["decode", "--arch", "x86_64", "--kernel", kernel, "0x7fffffffff7de08"]);
        let said = String::from_utf8_lossy(&text.stderr).into_owned();
        assert_eq!(said.lines().count(), 1, "{kernel}: {said}");
        assert!(said.starts_with("note: ") && said.contains(why), "{kernel}: {said}");
    }
    let diff = object(&["diff", "x86_64", "--from", "5.10", "--to", "6.8.0-48-generic", "--json"]);
    assert!(diff["to"]["assumed"].as_str().is_some_and(|assumed| assumed.contains("Ubuntu")), "{diff}");
    assert_eq!(diff["from"].get("assumed"), None);
}

#[test]
fn contradictions_are_shown_with_both_sides() {
    let config = file("config-6.12-amd64");
    let map = file("System.map");
    let decode = |kernel: &str, more: &[&str]| {
        refusal(&[&["decode", "--arch", "x86_64", "--kernel", kernel, "0x7fffffffff7de08"], more].concat())
    };
    let both = decode("5.14.0-427.13.1.el9_4.x86_64", &["--config", &config]);
    assert!(both.contains("5.14.0-427.13.1.el9_4.x86_64 (--kernel)") && both.contains("6.12.117"), "{both}");
    let both = decode("6.12", &["--config", "MIGRATION=y", "--config", "MIGRATION=n"]);
    assert!(both.contains("CONFIG_MIGRATION is y (--config), but n (--config)"), "{both}");
    let both = decode("6.12.117", &["--config", &config, "--config", "DEVICE_PRIVATE=y"]);
    assert!(both.contains("CONFIG_DEVICE_PRIVATE is n") && both.contains("but y (--config)"), "{both}");
    // 27 is what is left with DEVICE_PRIVATE off only.
    let both = decode("6.12", &["--vmlinux", &map, "--config", "DEVICE_PRIVATE=y"]);
    assert!(both.contains("MAX_SWAPFILES is 27"), "{both}");
    let both = refusal(&["decode", "--arch", "arm64", "--config", &config, "0x41004"]);
    assert!(both.contains("arm64 (--arch), but x86_64"), "{both}");
    // A release can say its machine.
    for (arch, kernel, machine) in [
        ("arm64", "5.14.0-427.13.1.el9_4.x86_64", "x86_64"),
        ("x86_64", "6.12.117+deb13-arm64", "aarch64"),
        ("s390", "6.6.0-28.0.0.34.oe2403.aarch64", "aarch64"),
    ] {
        let both = refusal(&["decode", "--arch", arch, "--kernel", kernel, "0x41004"]);
        assert!(both.contains(&format!("{arch} (--arch), but {machine} (the end of {kernel})")), "{both}");
    }
    let alone = object(&["decode", "--kernel", "5.14.0-427.13.1.el9_4.aarch64", "--json", "0x41004"]);
    assert_eq!((&alone["variant"], &alone["exclusive"]), (&json!("arm64"), &json!(true)), "{alone}");
}

#[test]
fn kernel_says_what_it_learned_and_from_what() {
    let (config, map) = (file("config-6.12-amd64"), file("System.map"));
    let told = object(&["kernel", &config, &map, "--json"]);
    assert_eq!(told["release"]["value"], "6.12.117");
    assert_eq!(told["max_swapfiles"]["value"], json!([27]));
    assert_eq!(told["options"]["value"]["DEVICE_PRIVATE"], false);
    assert_eq!((&told["variant"], &told["numbering"]["max_swapfiles"]), (&json!("x86_64"), &json!(27)));
    assert_eq!(told["numbering"]["types"][0], json!({ "type": 27, "meanings": ["hwpoison"] }));
    assert!(told["max_swapfiles"]["from"].as_str().is_some_and(|from| from.contains("System.map")));
    let el9 = object(&["kernel", "--arch", "arm64", "--kernel", "5.14.0-427.13.1.el9_4.aarch64", "--json"]);
    assert_eq!((&el9["bits"]["grade"], &el9["layout"]["first"]), (&json!("measured"), &json!("5.19")));
    let nothing = run(&["kernel", "Cargo.toml"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("neither an ELF file"));
}

/// A file of the kernel tells the architecture too.
#[test]
fn the_machine_that_runs_this_can_be_asked() {
    let output = run(&["kernel", "--json"]);
    // Whatever can be read there, it is an object or a reason.
    assert!(output.status.success() != output.stdout.is_empty());
}

/// BTF whose only type is `enum pageflags` with one enumerator.
fn btf(enumerator: &str) -> Vec<u8> {
    let strings = format!("\0pageflags\0{enumerator}\0");
    let types = [1_u32, 6 << 24 | 1, 4, 11, 0];
    let sizes = [24, 0, 20, 20, u32::try_from(strings.len()).unwrap()];
    let words = sizes.into_iter().chain(types).flat_map(u32::to_le_bytes);
    [0x9f, 0xeb, 1, 0].into_iter().chain(words).chain(strings.into_bytes()).collect()
}

#[test]
fn btf_says_whether_the_marker_series_is_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, enumerator: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, btf(enumerator)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (with, without) = (path("with", "PG_anon_exclusive"), path("without", "PG_locked"));
    let read = |kernel: &str, file: &str| decoded("arm64", kernel, "0x41004", &["--vmlinux", file]);
    // A vendor that is not in the record, and took the series.
    let suse = "5.14.21-150500.55.68-default";
    let (old, new) = (read(suse, &without), read(suse, &with));
    assert_eq!((&old["type"], &new["type"]), (&json!(1), &json!(0)));
    assert!(old["assumed"].as_str().is_some_and(|line| line.contains("no SUSE kernel of 5.14")), "{old}");
    assert!(new["assumed"].as_str().is_some_and(|line| line.contains("its bits are taken for those of 5.19")), "{new}");
    assert_eq!(read("5.14.0-427.13.1.el9_4.aarch64", &with)["exclusive"], true);
    // What the record knows is contradicted.
    for (kernel, file) in [("5.14", &with), ("6.12", &without), ("5.14.0-427.13.1.el9_4.aarch64", &without)] {
        let both = refusal(&["decode", "--arch", "arm64", "--kernel", kernel, "--vmlinux", file, "0x41004"]);
        assert!(both.contains("PG_anon_exclusive") && both.contains(kernel), "{both}");
    }
}

/// RHEL 7 is 3.10 by name: layouts that no release of upstream's had, inverted from build 862.11.6 on.
#[test]
fn words_and_entries_of_rhel_7() {
    for (kernel, word) in [
        ("3.10.0-514.26.2.el7.x86_64", "0x208280"),
        ("3.10.0-693.21.1.el7.x86_64", "0x208280"),
        ("3.10.0-862.9.1.el7.x86_64", "0x208280"),
        ("3.10.0-862.11.6.el7.x86_64", "0xfffffffffff7c80"),
        ("3.10.0-1160.119.1.el7.x86_64", "0xfffffffffff7c80"),
    ] {
        let read = decoded("x86_64", kernel, word, &[]);
        assert_eq!((&read["type"], &read["offset"]), (&json!(1), &json!("0x41")), "{kernel}: {read}");
        assert_eq!((&read["soft_dirty"], read.get("assumed")), (&json!(true), None), "{kernel}: {read}");
    }
    // Extended support's builds got what the next minor release has, and nobody published which.
    for kernel in ["3.10.0-123.el7.x86_64", "3.10.0-514.55.4.el7.x86_64", "3.10.0-693.37.4.el7.x86_64"] {
        let why = refusal(&["decode", "--arch", "x86_64", "--kernel", kernel, "0x208280"]);
        assert!(why.contains("is not known"), "{kernel}: {why}");
    }
    // Entries are kept as in 3.10: the type above bit 57.
    let entry = decoded("x86_64", "3.10.0-1160.119.1.el7.x86_64", "0x200000000000041", &["--entry"]);
    assert_eq!((&entry["type"], &entry["offset"]), (&json!(1), &json!("0x41")), "{entry}");
    // `CONFIG_HMM` is on in its stock kernels since then, and before nobody knows.
    let [old, new] = ["3.10.0-693.21.1.el7.x86_64", "3.10.0-1160.119.1.el7.x86_64"]
        .map(|kernel| object(&["kernel", "--kernel", kernel, "--json"]));
    assert_eq!((&old["numbering"]["max_swapfiles"], &new["numbering"]["max_swapfiles"]), (&json!(27), &json!(27)));
    // Offset bit 0 at bit 7, and a type at bit 5.
    let s390 = decoded("s390", "3.10.0-1160.el7.s390x", "0x40486", &[]);
    assert_eq!((&s390["type"], &s390["offset"]), (&json!(1), &json!("0x81")), "{s390}");
    let power = decoded("ppc-book3s64-64k", "3.10.0-1160.el7.ppc64le", "0x1040000020", &[]);
    assert_eq!((&power["type"], &power["offset"]), (&json!(1), &json!("0x41")), "{power}");
}

/// The same before 4.1, where the record has no backend: layouts as data.
#[test]
fn words_of_old_kernels_of_upstream() {
    for (arch, kernel, word, offset) in [
        ("s390", "3.10.105", "0x40487", "0x81"),
        ("s390", "4.0.4", "0x40486", "0x81"),
        ("s390", "4.1.15", "0x41604", "0x41"),
        ("arm64", "4.0.4", "0x4104", "0x41"),
        ("x86_64", "3.14.79", "0x8282", "0x41"),
        ("x86_64", "4.0", "0x8202", "0x41"),
        ("ppc-book3s64-4k", "4.0.4", "0x82040000", "0x41"),
        ("ppc-book3s64-64k", "3.10.105", "0x104080000000", "0x41"),
    ] {
        let read = decoded(arch, kernel, word, &[]);
        assert_eq!((&read["type"], &read["offset"]), (&json!(1), &json!(offset)), "{arch} {kernel}: {read}");
    }
    // Bit 11 is no bit of an entry, and the kernel's decoder reads it into the offset.
    let odd = decoded("s390", "4.0", "0x40c06", &[]);
    assert_eq!(odd["offset"], json!("0x81"), "{odd}");
    assert!(
        odd["reserved_set"].is_array() || odd.to_string().contains("0x800") || odd.to_string().contains("bit 11"),
        "{odd}"
    );
}

/// RHEL 8 is 4.18 by name: its `x86_64` inverts the offset, and its entries are those of 4.20.
#[test]
fn words_and_entries_of_rhel_8() {
    let word = decoded("x86_64", "4.18.0-553.16.1.el8_10.x86_64", "0x7ffffffffff7c06", &[]);
    assert_eq!((&word["type"], &word["offset"]), (&json!(0), &json!("0x41")), "{word}");
    assert_eq!(
        (&word["soft_dirty"], &word["uffd_wp"], word.get("assumed")),
        (&json!(true), &json!(true), None),
        "{word}"
    );
    let entry = decoded("x86_64", "4.18.0-553.16.1.el8_10.x86_64", "0x400000000000041", &["--entry"]);
    assert_eq!((&entry["type"], &entry["offset"]), (&json!(1), &json!("0x41")), "{entry}");
    let old = decoded("x86_64", "4.18.0-80.el8.x86_64", "0x7ffffffffff7c02", &[]);
    assert!(old["assumed"].as_str().is_some_and(|line| line.contains("were read from 240 on")), "{old}");
}

#[test]
fn without_an_architecture_what_was_assumed_is_said_once() {
    let said = |kernel: &str| String::from_utf8(run(&["decode", "--kernel", kernel, "0x41e02"]).stderr).unwrap();
    let ubuntu = said("6.8.0-48-generic");
    assert_eq!(ubuntu.lines().filter(|line| line.contains("no Ubuntu kernel")).count(), 1, "{ubuntu}");
    assert!(!said("5.14.0-427.13.1.el9_4.x86_64").contains("the record has no"));
}
