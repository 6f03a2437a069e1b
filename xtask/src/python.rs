//! `cargo xtask python`: the Python package of `bindings/python`, built into a virtual environment of its own, with its tests; and how
//! fast it decodes arrays.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use xtask_shared::files;

/// The options of `python`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Needs python3, 3.11 or later, with its module venv (Debian's python3-venv); everything else comes from PyPI into
target/python.")]
pub(crate) struct Args {
    /// Compile optimized, and time arrays of ten million words beside a loop in Rust and what one writes by hand
    #[arg(long)]
    bench: bool,
    /// Arguments for pytest
    #[arg(last = true, value_name = "PYTEST")]
    pytest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let package = files::root().join("bindings/python");
    if !venv().join("bin/pip").exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(venv());
        succeed(&mut make, "python3 and its module venv are needed: on Debian, install python3-venv")?;
    }
    let mut pip = Command::new(venv().join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]).arg(format!("{}[test]", package.display()));
    if !args.bench {
        // The tests find mistakes in either profile; this one has most of it compiled.
        pip.env("MATURIN_PEP517_ARGS", "--profile dev");
    }
    succeed(&mut pip, "the package does not install")?;
    if args.bench {
        let mut bench = Command::new(venv().join("bin/python"));
        return succeed(bench.arg(package.join("bench.py")).current_dir(files::root()), "bench.py failed");
    }
    let mut pytest = Command::new(venv().join("bin/python"));
    pytest.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).args(&args.pytest).current_dir(package);
    succeed(&mut pytest, "a test of the Python package failed")
}

fn venv() -> PathBuf {
    files::root().join("target/python")
}

/// Runs a command with its output in view.
fn succeed(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| what.to_owned())?;
    if !status.success() {
        bail!("{what}");
    }
    Ok(())
}
