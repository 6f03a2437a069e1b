//! Debian packages, installed with a word of what is done.

use std::process::Command;

use anyhow::{Context, Result, bail};

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
