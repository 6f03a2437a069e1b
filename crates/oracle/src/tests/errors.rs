//! Trees that are none, builds that fail, programs that talk nonsense, folders that cannot be written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::ask::{Answers, Program};
use crate::build::{Build, Built};
use crate::tools::{self, Tool};
use crate::tree::Tree;
use crate::variants::{VARIANTS, Variant};
use crate::write::{Kind, Output, write};

/// An empty folder of the test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("swp-pte-oracle-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A tree that looks like a kernel from outside; `rules` are those of its Makefile.
fn tree(name: &str, version: (u16, u16), rules: &str) -> PathBuf {
    let tree = folder(name);
    for dir in ["arch", "scripts", "include/linux"] {
        fs::create_dir_all(tree.join(dir)).unwrap();
    }
    fs::write(tree.join("Kconfig"), "").unwrap();
    fs::write(tree.join("include/linux/mm.h"), "").unwrap();
    let (major, minor) = version;
    let makefile = format!("VERSION = {major}\nPATCHLEVEL = {minor}\nSUBLEVEL = 7\nEXTRAVERSION = -rc1\n{rules}");
    fs::write(tree.join("Makefile"), makefile).unwrap();
    tree
}

fn refused(path: &Path, reason: &str) {
    let error = Tree::open(&path.display().to_string(), path).unwrap_err();
    assert!(format!("{error:#}").contains(reason), "{error:#}");
}

#[test]
fn what_is_no_kernel_is_said_so() {
    let empty = folder("empty");
    refused(&empty, "is no kernel tree: cannot read its Makefile");
    refused(&empty.join("nowhere"), "no kernel tree at");
    fs::write(empty.join("Makefile"), "all:\n\ttrue\n").unwrap();
    refused(&empty, "has no VERSION and PATCHLEVEL");
    fs::write(empty.join("Makefile"), "VERSION = 6\nPATCHLEVEL = 12\n").unwrap();
    refused(&empty, "Kconfig is missing");
    refused(&tree("old", (3, 9), ""), "knows trees from 3.10 on");
    let built = tree("built", (6, 12), "");
    fs::write(built.join(".config"), "").unwrap();
    refused(&built, "make mrproper");
    for name in ["debian:", "debian:../x", "debian:0.1"] {
        assert!(Tree::open(name, &empty).is_err(), "{name}");
    }
}

#[test]
fn the_release_is_that_of_the_makefile() {
    let tree = Tree::open(&tree("release", (6, 12), "").display().to_string(), Path::new("/nowhere")).unwrap();
    assert_eq!((tree.release.as_str(), tree.label()), ("6.12.7-rc1", "6.12".into()));
}

fn build(name: &str, rules: &str) -> (anyhow::Result<Built>, PathBuf, PathBuf) {
    build_variant(&VARIANTS[0], name, rules)
}

fn build_variant(variant: &Variant, name: &str, rules: &str) -> (anyhow::Result<Built>, PathBuf, PathBuf) {
    let source = tree(name, (6, 12), rules);
    let tree = Tree::open(&source.display().to_string(), &source).unwrap();
    let home = folder(&format!("{name}-home"));
    let build = Build::new(&tree, variant, &home, false).unwrap();
    (build.run(&|_| ()), build.log.clone(), source)
}

#[test]
fn a_failed_build_names_its_log_and_its_last_words() {
    let (result, log, _) = build("fails", "x86_64_defconfig:\n\t@echo 'No space left on device' >&2; exit 1\n");
    let error = format!("{:#}", result.unwrap_err());
    assert!(error.contains("x86_64_defconfig failed") && error.contains("No space left on device"), "{error}");
    assert!(error.contains(&log.display().to_string()) && log.is_file(), "{error}");
}

#[test]
fn what_a_tree_does_not_have_is_skipped_with_the_reason() {
    let (result, ..) = build("lacks", "other:\n\ttrue\n");
    assert!(matches!(result.unwrap(), Built::Skipped(reason) if reason == "this tree has no x86_64_defconfig"));
    let rules = "x86_64_defconfig:\n\t@touch $(O)/.config\nolddefconfig:\n\t@: > $(O)/.config\n";
    let (result, ..) = build_variant(&VARIANTS[1], "refuses", &rules.replace("x86_64_", ""));
    let reason = "this tree's configuration does not allow CONFIG_ARM64_4K_PAGES=y";
    assert!(matches!(result.unwrap(), Built::Skipped(it) if it == reason));
}

#[test]
fn a_build_starts_empty_and_leaves_the_tree_alone() {
    let rules = "x86_64_defconfig:\n\t@test ! -e $(O)/left.over && touch $(O)/left.over && exit 1\n";
    let source = tree("again", (6, 12), rules);
    let before = fs::read_dir(&source).unwrap().count();
    let tree = Tree::open(&source.display().to_string(), &source).unwrap();
    let home = folder("again-home");
    // Both end alike: the second finds nothing of the first.
    for _ in 0..2 {
        let error = Build::new(&tree, &VARIANTS[0], &home, false).unwrap().run(&|_| ()).unwrap_err();
        assert!(format!("{error:#}").contains("Error 1"), "{error:#}");
    }
    assert_eq!(fs::read_dir(&source).unwrap().count(), before);
}

#[test]
fn a_missing_compiler_is_named_with_its_package() {
    let tools = [
        Tool { name: "no-such-gcc".into(), package: "gcc-none".into() },
        Tool { name: "sh".into(), package: "dash".into() },
    ];
    let error = tools::require(&tools).unwrap_err().to_string();
    assert_eq!(error, "missing: no-such-gcc\ninstall with: apt-get install --no-install-recommends gcc-none");
    let all: Vec<_> = VARIANTS.iter().collect();
    let packages: Vec<_> = tools::needed(&all).into_iter().map(|tool| tool.package).collect();
    for package in ["gcc-s390x-linux-gnu", "gcc-powerpc-linux-gnu", "qemu-user", "flex", "libssl-dev"] {
        assert!(packages.iter().any(|it| it == package), "{package}");
    }
}

/// A program that is a shell script.
fn script(name: &str, text: &str) -> PathBuf {
    let path = folder(name).join("program");
    fs::write(&path, format!("#!/bin/sh\ncat >/dev/null\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_program_that_talks_nonsense_is_an_error() {
    for (name, text, reason) in [
        ("silent", "", "cut short"),
        ("short", "printf abc", "cut short"),
        ("talkative", "head -c 1000 /dev/zero", "more than it was asked for"),
        ("crash", "kill -SEGV $$", "ended with"),
    ] {
        let path = script(name, text);
        let mut program = Program { path: &path, emulator: &[] };
        let error = format!("{:#}", program.entries(&[(1, 2)]).unwrap_err());
        assert!(error.contains(reason), "{name}: {error}");
    }
    let path = script("maybe", "head -c 1000 /dev/zero | tr '\\0' '\\2'");
    let error = Program { path: &path, emulator: &[] }.words(&[0]).unwrap_err();
    assert!(error.to_string().contains("yes or no"), "{error}");
    let path = script("constants", "echo MAX_SWAPFILES many");
    assert!(Program { path: &path, emulator: &[] }.constants().is_err());
    let mut missing = Program { path: &path, emulator: &["qemu-none"] };
    assert!(format!("{:#}", missing.constants().unwrap_err()).contains("cannot run"));
}

#[test]
fn files_are_written_all_or_none() {
    let folder = folder("write");
    let output = |name: &str| Output { kind: Kind::Vectors, name: name.into(), text: "new\n".into() };
    fs::write(folder.join("a"), "old\n").unwrap();
    // The second cannot be written: its place is taken by a folder.
    fs::create_dir(folder.join(".b.partial")).unwrap();
    let (a, b) = (output("a"), output("b"));
    assert!(write(&folder, &[&a, &b]).unwrap_err().to_string().contains(".b.partial"));
    assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "old\n");
    assert!(!folder.join(".a.partial").exists());
    fs::remove_dir(folder.join(".b.partial")).unwrap();
    write(&folder, &[&a, &b]).unwrap();
    assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "new\n");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
}
