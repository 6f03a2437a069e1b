//! `--setup`: installs what an engine needs, from Debian packages, and says what it does.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::engine::Choice;
use super::targets::Target;
use super::{container, native};

pub(super) fn run(choice: Choice, targets: &[&'static Target]) -> Result<()> {
    install(&native::missing(targets.iter().copied()).into_iter().map(|need| need.package).collect::<Vec<_>>())?;
    let left = native::missing(targets.iter().copied());
    if let Some(need) = left.first() {
        bail!("{} is installed, and {} is still not there: is this Debian bookworm or newer?", need.package, need.path);
    }
    println!("setup: the native engine is complete for {} targets", targets.len());
    if choice == Choice::Cross { container::setup(targets) } else { Ok(()) }
}

/// Whether the native engine is complete for these targets.
pub(super) fn check(targets: &[&'static Target]) -> Result<()> {
    let missing: Vec<_> = native::missing(targets.iter().copied()).into_iter().map(|need| need.package).collect();
    if !missing.is_empty() {
        bail!("the native engine needs: apt-get install --no-install-recommends {}", missing.join(" "));
    }
    println!("the native engine is complete for {} targets", targets.len());
    Ok(())
}

/// Installs Debian packages; where that cannot be done from here, says which command does it.
pub(super) fn install(packages: &[String]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    println!("setup: apt-get install {list}");
    for arguments in [
        vec!["update"],
        [vec!["install", "--yes", "--no-install-recommends"], packages.iter().map(String::as_str).collect()].concat(),
    ] {
        let status = Command::new("apt-get")
            .args(["-o", "DPkg::Lock::Timeout=300", "-qq"])
            .args(&arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()
            .with_context(|| format!("there is no apt-get here; the native engine needs Debian's {list}"))?;
        if !status.success() {
            bail!("apt-get failed; as root: apt-get update && apt-get install --no-install-recommends {list}");
        }
    }
    Ok(())
}
