//! The programs that the oracle needs, and the packages that bring them.

use std::collections::BTreeSet;
use std::env;

use anyhow::{Result, bail};

use super::variants::Variant;

/// A program, or a header of a library, and the Debian package that has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) package: String,
}

impl Tool {
    fn new(name: impl Into<String>, package: impl Into<String>) -> Self {
        Self { name: name.into(), package: package.into() }
    }

    /// Whether it is here: a program in the search path, a header in the compiler's folder.
    pub(super) fn found(&self) -> bool {
        if self.name.ends_with(".h") {
            let folders = ["/usr/include", "/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu"];
            return folders.iter().any(|folder| std::path::Path::new(folder).join(&self.name).is_file());
        }
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).any(|folder| folder.join(&self.name).is_file())
    }
}

/// What these variants need, each once.
pub(super) fn needed(variants: &[&Variant]) -> Vec<Tool> {
    let mut tools = vec![
        Tool::new("make", "make"),
        Tool::new("gcc", "gcc"),
        Tool::new("tar", "tar"),
        Tool::new("xz", "xz-utils"),
        Tool::new("flex", "flex"),
        Tool::new("bison", "bison"),
        Tool::new("bc", "bc"),
        Tool::new("perl", "perl"),
        Tool::new("libelf.h", "libelf-dev"),
        Tool::new("openssl/opensslv.h", "libssl-dev"),
    ];
    let mut machines = BTreeSet::new();
    for machine in variants.iter().map(|variant| variant.machine) {
        machines.extend(machine.programs().into_iter().map(|(name, package)| Tool::new(name, package)));
    }
    machines.retain(|tool| !tools.contains(tool));
    tools.extend(machines);
    tools
}

/// An error that names everything missing and the one command that installs it.
pub(super) fn require(tools: &[Tool]) -> Result<()> {
    let missing: Vec<_> = tools.iter().filter(|tool| !tool.found()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|tool| tool.name.as_str()).collect();
    bail!("missing: {}\ninstall with: {}", names.join(", "), install(missing.iter().copied()));
}

/// The command that installs these.
fn install<'a>(tools: impl Iterator<Item = &'a Tool>) -> String {
    let packages: BTreeSet<_> = tools.map(|tool| tool.package.as_str()).collect();
    let packages: Vec<_> = packages.into_iter().collect();
    format!("apt-get install --no-install-recommends {}", packages.join(" "))
}

/// `--check-tools`: lists all, and fails if one is missing.
pub(super) fn list(tools: &[Tool]) -> Result<()> {
    for tool in tools {
        let state = if tool.found() { "found  " } else { "MISSING" };
        println!("{state}  {:32} {}", tool.name, tool.package);
    }
    require(tools)
}
