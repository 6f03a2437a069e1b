//! `cargo xtask tidy`: the promises of ARCHITECTURE.md and CONTRIBUTING.md that no compiler keeps.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use swp_pte_atlas::{ARCHES, ROWS, SECOND_FORMS};
use swp_pte_conformance::subjects;
use xtask_shared::vectors;

use crate::{files, generate, prose};

/// What `core` and the architecture crates may depend on beside each other.
const NO_STD_DEPENDENCIES: [&str; 3] = ["bitfield-struct", "static_assertions", "cfg-if"];

/// The longest source file; one that grows past it has two subjects.
pub(crate) const LONGEST_FILE: usize = 500;

pub(crate) fn run() -> Result<()> {
    let mut broken = Vec::new();
    sources(&mut broken)?;
    manifests(&mut broken)?;
    layouts(&mut broken)?;
    prose::check(&mut broken)?;
    let own = vectors::load(&files::vectors())?;
    broken.extend(vectors::check_manifest(&own).err().map(|error| format!("{error:#}")));
    broken.extend(generate::run(&generate::Args::CHECK).err().map(|error| format!("{error:#}")));
    if broken.is_empty() {
        println!("tidy: all well");
        return Ok(());
    }
    bail!("{}", broken.join("\nerror: "))
}

/// The names of the architecture crates.
fn architectures() -> impl Iterator<Item = &'static str> {
    ARCHES.iter().map(|arch| arch.name)
}

/// The folder of the architecture crates.
fn arch_crates() -> PathBuf {
    files::root().join("crates").join("arch")
}

/// The architecture crate that a file belongs to.
fn architecture(path: &Path) -> Option<&'static str> {
    architectures().find(|arch| path.starts_with(arch_crates().join(arch)))
}

/// What holds for every source file, and for those of the backends.
fn sources(broken: &mut Vec<String>) -> Result<()> {
    for path in files::below(&files::root(), &["rs"])? {
        let (name, text) = (files::relative(&path), files::read(&path)?);
        let mut says = |what: &str| broken.push(format!("{name}: {what}"));
        if !text.starts_with("//!") {
            says("does not open with //! and what the file is");
        }
        if text.lines().count() > LONGEST_FILE {
            says("is longer than 500 lines: has it one subject?");
        }
        let in_crates = path.starts_with(files::root().join("crates"));
        let native = path.starts_with(files::root().join("crates").join("native"));
        // Spelled apart, so that this file does not find itself.
        if in_crates && !native && text.contains(concat!("target", "_arch")) {
            says("asks for the target's architecture, which only crates/native may");
        }
        if let Some(own) = architecture(&path) {
            let not_shared = |folder: &&str| kernel_folders(own).all(|of_own| of_own != *folder);
            for other in architectures().filter(|other| *other != own) {
                if names_crate(&text, other)
                    || kernel_folders(other).filter(not_shared).any(|folder| text.contains(folder))
                {
                    says(&format!("names {other}, another architecture"));
                }
            }
        }
        let no_std = architecture(&path).is_some() || in_crates && name.starts_with("crates/core/");
        if no_std && name.ends_with("src/lib.rs") && !text.contains("#![no_std]") {
            says("is not no_std");
        }
    }
    Ok(())
}

/// Whether a text has the name of an architecture's crate, and not that of one whose name is longer.
fn names_crate(text: &str, arch: &str) -> bool {
    let name = format!("swp_pte_{arch}");
    text.match_indices(&name).any(|(at, _)| {
        let next = text.get(at + name.len()..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_')
    })
}

/// The folders of an architecture in the kernel's tree, by the headers of its layouts: `arch/x86/`. Two can share one.
fn kernel_folders(arch: &str) -> impl Iterator<Item = &'static str> {
    let headers = ROWS.iter().map(|row| row.layout().source).filter(move |source| source.arch == arch);
    headers.filter_map(|source| source.header.find("/include/").and_then(|end| source.header.get(..=end)))
}

/// Every package takes licence and lints from the workspace, and the `no_std` ones depend on nothing else.
fn manifests(broken: &mut Vec<String>) -> Result<()> {
    for path in files::below(&files::root(), &["toml"])? {
        let (name, text) = (files::relative(&path), files::read(&path)?);
        if !name.ends_with("Cargo.toml") || name == "Cargo.toml" {
            continue;
        }
        if !text.contains("license.workspace = true") {
            broken.push(format!("{name}: no licence line (license.workspace = true)"));
        }
        if !text.contains("[lints") {
            broken.push(format!("{name}: no lints"));
        }
        if architecture(&path).is_none() && name != "crates/core/Cargo.toml" {
            continue;
        }
        let dependencies = text.split("[dependencies]").nth(1).unwrap_or_default();
        let names = dependencies.lines().take_while(|line| !line.starts_with('['));
        for dependency in names.filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty()) {
            if dependency != "swp-pte" && !NO_STD_DEPENDENCIES.contains(&dependency) {
                broken.push(format!("{name}: depends on {dependency}, which a fault path may not"));
            }
        }
    }
    Ok(())
}

/// Every layout in the sources is in the list, from which atlas, suite and probe are made, and is there once; and so is
/// every architecture crate.
fn layouts(broken: &mut Vec<String>) -> Result<()> {
    let backends = subjects();
    let listed: Vec<PathBuf> = backends.iter().map(generate::module).collect::<Result<_>>()?;
    for path in files::below(&arch_crates(), &["rs"])? {
        let is_layout = files::read(&path)?.contains("swp_pte::backend! {");
        if is_layout && listed.iter().filter(|listed| **listed == path).count() != 1 {
            broken.push(format!(
                "{}: a layout that is not once in the list, crates/atlas/src/list.rs",
                files::relative(&path)
            ));
        }
        if path.ends_with("src/lib.rs") && architecture(&path).is_none() {
            broken.push(format!("{}: its ARCH is not in ARCHES, crates/atlas/src/list.rs", files::relative(&path)));
        }
    }
    if ROWS.len() + SECOND_FORMS.len() != backends.len() {
        broken.push(format!("the atlas has {} layouts, the suite {}", ROWS.len(), backends.len()));
    }
    Ok(())
}
