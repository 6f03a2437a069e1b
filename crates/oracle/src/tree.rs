//! The kernel's source tree: named, unpacked if it comes as a package, and only ever read.

use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use swp_pte::{KernelVersion, Release};

use super::headers::Configured;

/// A source tree.
#[derive(Debug)]
pub(super) struct Tree {
    /// Absolute.
    pub(super) path: PathBuf,
    /// As its Makefile says: `6.12.117`, `7.3-rc1`.
    pub(super) release: String,
    /// The same, as looked up in the atlas.
    pub(super) version: KernelVersion,
    /// For headers of an installed kernel: its configuration.
    pub(super) configured: Option<Configured>,
}

/// Text of sources that no header needs, from the top of the tree; the Kconfig files beside them stay.
const NOT_NEEDED: [&str; 8] = [
    "Documentation/*.[!K]*",
    "drivers/*.[cS]",
    "sound/*.[chS]",
    "fs/*.[cS]",
    "net/*.[cS]",
    "crypto/*.[cS]",
    "tools/testing/*",
    "tools/perf/*",
];

impl Tree {
    /// The tree that the user named: a folder, or `debian:X.Y` for an installed `linux-source-X.Y`.
    pub(super) fn open(name: &str, build: &Path) -> Result<Self> {
        let path = match name.strip_prefix("debian:") {
            Some(series) => unpack(series, build)?,
            None => PathBuf::from(name),
        };
        let path = fs::canonicalize(&path).with_context(|| format!("no kernel tree at {}", path.display()))?;
        let release = release(&path)?;
        let version: KernelVersion =
            release.parse().map_err(|error| anyhow::anyhow!("{}: {release:?}: {error}", path.display()))?;
        if version < KernelVersion::new(3, 10) {
            bail!("{} is Linux {release}; the oracle knows trees from 3.10 on", path.display());
        }
        if path.join(".config").exists() || path.join("include/config").exists() {
            bail!(
                "{} was built in place, and the kernel then refuses to build elsewhere: run `make mrproper` there, or \
                 give a clean checkout (git worktree)",
                path.display()
            );
        }
        Ok(Self { path, release, version, configured: None })
    }

    /// Why the tree cannot have a variant that needs a word in a file.
    pub(super) fn lacks(&self, (file, word): (&str, &str)) -> Option<String> {
        let there = fs::read_to_string(self.path.join(file)).is_ok_and(|text| text.contains(word));
        (!there).then(|| format!("{file} of this tree has no {word}"))
    }

    /// A short name of its own, for a folder.
    pub(super) fn name(&self) -> String {
        let mut hasher = std::hash::DefaultHasher::new();
        self.path.hash(&mut hasher);
        format!("{}-{:08x}", self.series(), hasher.finish() & 0xffff_ffff)
    }

    /// What vector files are named for: `6.12`, or all of the release of an installed or a vendor's kernel.
    pub(super) fn label(&self) -> String {
        let vendors = self.release.parse::<Release>().is_ok_and(|release| release.vendor().is_some());
        if self.configured.is_some() || vendors { self.release.clone() } else { self.series() }
    }

    fn series(&self) -> String {
        format!("{}.{}", self.version.major, self.version.minor)
    }
}

/// What the top Makefile calls itself.
fn release(tree: &Path) -> Result<String> {
    let makefile = tree.join("Makefile");
    let text = fs::read_to_string(&makefile)
        .with_context(|| format!("{} is no kernel tree: cannot read its Makefile", tree.display()))?;
    let value = |name: &str| setting(&text, name);
    let (Some(major), Some(minor)) = (value("VERSION"), value("PATCHLEVEL")) else {
        bail!("{} is no kernel tree: its Makefile has no VERSION and PATCHLEVEL", tree.display());
    };
    for needed in ["Kconfig", "include/linux/mm.h", "arch", "scripts"] {
        if !tree.join(needed).exists() {
            bail!("{} is no whole kernel tree: {needed} is missing", tree.display());
        }
    }
    // Red Hat's trees: `RHEL_RELEASE` is the build, there or in a file of its own.
    let own = fs::read_to_string(tree.join("Makefile.rhelver")).unwrap_or_default();
    let red_hat = |name: &str| value(name).or_else(|| setting(&own, name));
    if let (Some(el), Some(build), Some(patch)) = (red_hat("RHEL_MAJOR"), red_hat("RHEL_RELEASE"), value("SUBLEVEL")) {
        return Ok(format!("{major}.{minor}.{patch}-{build}.el{el}"));
    }
    let sublevel = value("SUBLEVEL").filter(|sublevel| sublevel != "0").map(|s| format!(".{s}")).unwrap_or_default();
    Ok(format!("{major}.{minor}{sublevel}{}", value("EXTRAVERSION").unwrap_or_default()))
}

/// `NAME = VALUE` near the top of a makefile; without a value it is none.
fn setting(text: &str, name: &str) -> Option<String> {
    let values = text.lines().take(60).filter_map(|line| line.split_once('='));
    let mut ours = values.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned());
    ours.next().filter(|value| !value.is_empty())
}

/// Where the package of this name puts its archive.
pub(super) fn archive(package: &str) -> PathBuf {
    PathBuf::from(format!("/usr/src/{package}.tar.xz"))
}

/// Unpacks the package's archive, once: a folder under its final name is whole.
fn unpack(series: &str, build: &Path) -> Result<PathBuf> {
    if series.is_empty() || !series.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        bail!("debian:{series}: expected debian:X.Y, as debian:6.12");
    }
    let folder = format!("linux-source-{series}");
    let archive = archive(&folder);
    let facts = fs::metadata(&archive)
        .with_context(|| format!("cannot find {}: apt-get install linux-source-{series}", archive.display()))?;
    // Another version of the package is another tree.
    let modified = facts.modified()?.duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let home = build.join("trees").join(format!("{series}-{}-{modified}", facts.len()));
    let tree = home.join(&folder);
    if tree.is_dir() {
        return Ok(tree);
    }
    let partial = build.join("trees").join(format!("{series}.partial-{}", std::process::id()));
    remove(&partial)?;
    fs::create_dir_all(&partial).with_context(|| format!("cannot create {}", partial.display()))?;
    eprintln!("unpacking {} …", archive.display());
    let mut tar = Command::new("tar");
    tar.arg("-xf").arg(&archive).arg("-C").arg(&partial).args(["--anchored", "--wildcards"]);
    tar.args(NOT_NEEDED.map(|pattern| format!("--exclude={folder}/{pattern}")));
    let output = tar.output().context("cannot run tar: apt-get install tar xz-utils")?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("no reason given").to_owned();
        remove(&partial)?;
        bail!("cannot unpack {}: {why}", archive.display());
    }
    fs::rename(&partial, &home).with_context(|| format!("cannot rename {}", partial.display()))?;
    Ok(tree)
}

/// Removes a folder that may not be there.
pub(super) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
