//! `--setup`: installs what an engine needs, from Debian packages, and says what it does.

use anyhow::{Result, bail};

use super::debian::install;
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
