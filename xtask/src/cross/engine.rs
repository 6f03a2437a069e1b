//! What compiles for foreign machines and runs their programs: Debian's cross compilers and qemu (`native`), or
//! `cross` with a container engine.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::targets::Target;
use super::{container, native};

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Choice {
    /// Native where its packages are there, else cross where a container engine is
    Auto,
    /// `cross`, in containers
    Cross,
    /// Debian's cross compilers and qemu, without containers
    Native,
}

/// An engine that is there, and why it was taken.
#[derive(Debug)]
pub(super) enum Engine {
    Native { why: String },
    Cross { container: container::Container, beside: Box<Engine>, why: String },
}

/// Takes what is there; nothing there is an error that lists what to install.
pub(super) fn choose(choice: Choice, targets: &[&'static Target]) -> Result<Engine> {
    let native = || native(targets, choice == Choice::Native);
    let cross = || -> Result<Engine> {
        let container = container::find()?;
        let why = format!("engine: cross, {}", container.describe());
        // Without an operating system there is nothing to run, and cross would compile on the host as well.
        let beside = Box::new(Engine::Native { why: String::new() });
        Ok(Engine::Cross { container, beside, why })
    };
    match choice {
        Choice::Native => native(),
        Choice::Cross => cross(),
        Choice::Auto => native().or_else(|no_native| {
            cross().map_err(|no_cross| {
                no_native
                    .context(format!("no engine is here. cross: {no_cross:#}. native"))
                    .context("nothing ran: `cargo xtask cross --setup` installs the native engine from Debian packages")
            })
        }),
    }
}

/// The native engine, if the toolchain is there and at least one target has its parts.
fn native(targets: &[&'static Target], asked_for: bool) -> Result<Engine> {
    let packages =
        |missing: Vec<super::targets::Need>| missing.into_iter().map(|need| need.package).collect::<Vec<_>>().join(" ");
    let ready = targets.iter().filter(|target| native::missing([**target]).is_empty()).count();
    if ready == 0 {
        bail!(
            "the native engine needs these Debian packages: {}; `cargo xtask cross --setup` installs them",
            packages(native::missing(targets.iter().copied()))
        );
    }
    let because = if asked_for { "as asked for" } else { "its packages are here" };
    let why = format!("engine: native, {because}: {} for {ready} of {} targets", native::toolchain(), targets.len());
    Ok(Engine::Native { why })
}

impl Engine {
    pub(super) fn why(&self) -> &str {
        match self {
            Self::Native { why } | Self::Cross { why, .. } => why,
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Native { .. } => "native",
            Self::Cross { .. } => "cross",
        }
    }

    /// The engine that runs a target in truth: cross has no image for machines without an operating system, and would
    /// compile on the host without a word.
    pub(super) fn for_target(&self, target: &Target) -> &Self {
        match self {
            Self::Cross { beside, .. } if target.is_bare() => beside,
            own => own,
        }
    }

    /// What is missing for a target, if anything.
    pub(super) fn missing(&self, target: &'static Target) -> Option<String> {
        let Self::Native { .. } = self else { return None };
        let packages: Vec<_> = native::missing([target]).into_iter().map(|need| need.package).collect();
        (!packages.is_empty()).then(|| format!("not installed: {}", packages.join(" ")))
    }

    pub(super) fn toolchain(&self) -> String {
        match self {
            Self::Native { .. } => native::toolchain(),
            Self::Cross { container, .. } => container.toolchain(),
        }
    }

    pub(super) fn tests(&self, tree: &Path, target: &Target, check: bool) -> Command {
        match self {
            Self::Native { .. } => native::tests(tree, target, check),
            Self::Cross { container, .. } => container.tests(tree, target, check),
        }
    }

    /// Whether the output shows that the tests ran where the engine runs them.
    pub(super) fn ran_there(&self, text: &str) -> Result<()> {
        match self {
            Self::Native { .. } => Ok(()),
            Self::Cross { .. } => container::ran_there(text),
        }
    }
}
