//! Plants mistakes in copies of a backend, and demands that each is caught where it must be, and not where it cannot be:
//! checks that cannot fail would prove nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use indicatif::ProgressBar;

use super::targets::{TARGETS, Target};
use super::{bare, log, native};
use crate::files;

/// The layout that is damaged, one of the 64-bit ones.
const BACKEND: &str = "crates/arch/x86_64/src/since_5_19.rs";

/// Its predicate that every consumer links, and what makes a backend's functions of it.
const PRESENT: &str = "    present: |raw| raw.present() | raw.prot_none();";
const SKELETON: &str = "crates/core/src/backend.rs";

/// A mistake: what it is called, and what is added where.
struct Fault {
    name: &'static str,
    changes: &'static [(&'static str, &'static str, &'static str)],
}

/// Right where the host's byte order is the table's, wrong everywhere else.
const BYTE_ORDER: Fault = Fault {
    name: "byte-order",
    changes: &[(
        BACKEND,
        PRESENT,
        "    present: |raw| Raw::from_bits(u64::from_le(raw.into_bits())).present() | raw.prot_none();",
    )],
};

/// What a fault path may not do, with the words in which it must be refused.
const FORBIDDEN: [(Fault, &str); 3] = [
    (
        Fault { name: "std", changes: &[("crates/arch/x86_64/src/lib.rs", "#![no_std]", "")] },
        "swp-pte-x86_64 does not compile without std",
    ),
    (
        Fault {
            name: "allocation",
            changes: &[(
                SKELETON,
                "fn decode(self) -> core::result::Result<$crate::SwpEntry, $crate::Undecodable<Self>> {\n                self.decode()",
                "fn decode(self) -> core::result::Result<$crate::SwpEntry, $crate::Undecodable<Self>> {\n                extern crate alloc;\n                \
                 core::hint::black_box(alloc::boxed::Box::new(self.0));\n                self.decode()",
            )],
        },
        "layout x86_64__since_5_19: allocates",
    ),
    (
        Fault {
            name: "panic",
            changes: &[(
                BACKEND,
                PRESENT,
                "    present: |raw| {\n        assert!(raw.into_bits() != 1 << 40, \"planted\");\n        raw.present() | raw.prot_none()\n    };",
            )],
        },
        "layout x86_64__since_5_19: can panic",
    ),
];

pub(super) fn run() -> Result<()> {
    let bar = super::progress();
    let mut missed = Vec::new();
    let mut judge = |name: &str, result: Result<String>| match result {
        Ok(how) => bar.suspend(|| println!("planted {name}: {how}")),
        Err(error) => {
            bar.suspend(|| println!("planted {name}: MISSED"));
            missed.push(format!("{name}: {error:#}"));
        }
    };
    for (fault, words) in &FORBIDDEN {
        judge(fault.name, forbidden(fault, words, &bar));
    }
    // Last: the only one that takes minutes.
    judge(BYTE_ORDER.name, byte_order(&bar));
    bar.finish_and_clear();
    let planted = 1 + FORBIDDEN.len();
    println!("planted: {planted} mistakes, {} caught, {} missed", planted - missed.len(), missed.len());
    if missed.is_empty() { Ok(()) } else { bail!("{}", missed.join("\nerror: ")) }
}

fn target(triple: &str) -> Result<&'static Target> {
    let target = TARGETS.iter().find(|target| target.triple == triple).context("a target of the list")?;
    let missing: Vec<_> = native::missing([target]).into_iter().map(|need| need.package).collect();
    ensure!(missing.is_empty(), "{triple} needs these Debian packages: {}", missing.join(" "));
    Ok(target)
}

/// Caught on s390x by a named check; not caught on the little-endian host, where it changes nothing.
fn byte_order(bar: &ProgressBar) -> Result<String> {
    let s390x = target("s390x-unknown-linux-gnu")?;
    let tree = plant(&BYTE_ORDER)?;
    let mut here = Command::new("/usr/bin/cargo");
    native::debian(&mut here);
    here.current_dir(&tree).args(["test", "--profile", "cross", "--locked", "--target-dir"]).arg(native::target_dir());
    here.args(["--package", "swp-pte-x86_64", "--package", "swp-pte-tests", "--test", "conformance"]);
    let (text, passed) = log::run(&mut here, &log::path("planted-byte-order-here"), bar)?;
    ensure!(passed, "is caught on this little-endian host already:\n{}", log::tail(&text));
    let mut there = native::cargo(&tree, s390x, "test", "std,panic_abort,test");
    there.args(["--profile", "cross", "--locked", "--package", "swp-pte-tests", "--test", "conformance"]);
    let (text, passed) = log::run(&mut there, &log::path("planted-byte-order-s390x"), bar)?;
    ensure!(!passed, "all tests passed on s390x");
    // A tree that does not compile is no proof.
    let named = text.lines().find(|line| line.contains("x86_64 (") && line.contains("check "));
    let named = named.with_context(|| format!("no check named it on s390x:\n{}", log::tail(&text)))?;
    Ok(format!("passes on {}, on s390x caught: {}", std::env::consts::ARCH, named.trim()))
}

/// Caught by the consumers, in the words that name backend and offence.
fn forbidden(fault: &Fault, words: &str, bar: &ProgressBar) -> Result<String> {
    let none = target("x86_64-unknown-none")?;
    let tree = plant(fault)?;
    let Err(error) = bare::link(&tree, none, bar) else { bail!("the consumers linked it") };
    let text = format!("{error:#}");
    ensure!(text.contains(words), "failed, but not with \"{words}\":\n{text}");
    let line = text.lines().find(|line| line.contains(words)).unwrap_or(words);
    Ok(format!("caught: {}", line.trim()))
}

/// A copy of the sources with the mistake in it, in the same place each time so that what was built stays of use.
fn plant(fault: &Fault) -> Result<PathBuf> {
    let tree = native::target_dir().join("planted");
    if tree.exists() {
        fs::remove_dir_all(&tree).with_context(|| format!("cannot remove {}", tree.display()))?;
    }
    for path in files::below(&files::root(), &["rs", "toml", "md", "lock", "jsonl", "json", "c", "h"])? {
        let to = tree.join(path.strip_prefix(files::root())?);
        fs::create_dir_all(to.parent().unwrap_or(&tree))?;
        fs::copy(&path, &to).with_context(|| format!("cannot copy to {}", to.display()))?;
    }
    for (file, before, after) in fault.changes {
        change(&tree.join(file), before, after)?;
    }
    own_version(&tree)?;
    Ok(tree)
}

/// Gives the crates of a copy a version of their own. cargo knows a crate by name, version and place in its workspace, so
/// that what was built from the copy would be taken for what the sources here give, by the next run of the tests.
fn own_version(tree: &Path) -> Result<()> {
    let version = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "\"");
    let planted = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "+planted\"");
    change(&tree.join("Cargo.toml"), version, planted)?;
    let lock = tree.join("Cargo.lock");
    let text = files::read(&lock)?;
    // What comes from elsewhere has a source.
    let packages = text.split("\n\n").map(|package| match package.contains("\nsource = ") {
        true => package.to_owned(),
        false => package.replacen(version, planted, 1),
    });
    fs::write(&lock, packages.collect::<Vec<_>>().join("\n\n"))
        .with_context(|| format!("cannot write {}", lock.display()))
}

/// Replaces the one place where the text is; what follows a line is added to it.
fn change(path: &Path, before: &str, after: &str) -> Result<()> {
    let text = files::read(path)?;
    ensure!(text.matches(before).count() == 1, "{} has not one place with {before:?}", path.display());
    let after = if before.ends_with('\n') { format!("{before}{after}") } else { after.to_owned() };
    fs::write(path, text.replacen(before, &after, 1)).with_context(|| format!("cannot write {}", path.display()))
}
