//! `cargo xtask python`: the Python package of `bindings/python`, built into a virtual environment of its own, with its tests; the same
//! under the address sanitizer; and how fast it decodes arrays.

mod sanitize;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use xtask_shared::files;

/// The options of `python`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Needs Python 3.11 or later with its module venv (Debian's python3 and python3-venv); everything else comes from PyPI into
target/python.")]
pub(crate) struct Args {
    /// The Python of the environment, which is made once
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    python: PathBuf,
    /// Compile optimized, and time arrays of ten million words beside a loop in Rust and what one writes by hand
    #[arg(long)]
    bench: bool,
    /// The tests once more with an extension that the address sanitizer watches; needs gcc's or clang's runtime of it
    #[arg(long, conflicts_with = "bench")]
    sanitize: bool,
    /// Arguments for pytest
    #[arg(last = true, value_name = "PYTEST")]
    pytest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    environment(&args.python)?;
    let mut pip = python();
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.arg(format!("{}[test]", package().display()));
    if !args.bench {
        // The tests find mistakes in either profile; this one has most of it compiled.
        pip.env("MATURIN_PEP517_ARGS", "--profile dev");
    }
    succeed(
        &mut pip,
        "the package does not install: above is what pip said. It has to reach PyPI, or an index like it that PIP_INDEX_URL names, \
         for maturin, pytest and numpy; and cargo, its crates",
    )?;
    if args.bench {
        return succeed(python().arg(package().join("bench.py")).current_dir(files::root()), "bench.py failed");
    }
    succeed(&mut pytest(args), "a test of the Python package failed")?;
    if args.sanitize { sanitize::run(args) } else { Ok(()) }
}

fn package() -> PathBuf {
    files::root().join("bindings/python")
}

fn venv() -> PathBuf {
    files::root().join("target/python")
}

/// The environment's own Python.
fn python() -> Command {
    Command::new(venv().join("bin/python"))
}

fn pytest(args: &Args) -> Command {
    let mut pytest = python();
    pytest.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).args(&args.pytest).current_dir(package());
    pytest
}

/// Makes the environment, if it is not here, or was somewhere else, or its Python is gone.
fn environment(program: &Path) -> Result<()> {
    const WORKS: &str = "import pip, sys; sys.exit(sys.version_info < (3, 11))";
    if python().args(["-c", WORKS]).output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    let name = program.display();
    let version = ask(program, &["-c", "import sys; print(*sys.version_info[:3], sep='.')"]).with_context(|| {
        format!(
            "no Python: {name} does not run. Install Debian's python3 and python3-venv, or name another with --python"
        )
    })?;
    let mut numbers = version.trim().split('.').map_while(|number| number.parse::<u32>().ok());
    if (numbers.next(), numbers.next()) < (Some(3), Some(11)) {
        bail!("{name} is Python {}, and the package needs 3.11 or later: name another with --python", version.trim());
    }
    let folder = venv();
    let folder = folder.to_str().context("the folder of this repository has a name that is no UTF-8")?;
    ask(program, &["-m", "venv", "--clear", folder]).map(drop).with_context(|| {
        format!(
            "{name} cannot make a virtual environment: install Debian's python3-venv, which brings venv and ensurepip"
        )
    })
}

/// What a program prints; if it fails, what it said is the error.
fn ask(program: &Path, arguments: &[&str]) -> Result<String> {
    let Output { status, stdout, stderr } = Command::new(program).args(arguments).output()?;
    if !status.success() {
        let said = [stdout, stderr].concat();
        let said = String::from_utf8_lossy(&said);
        bail!("{}", said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it failed and said nothing"));
    }
    Ok(String::from_utf8(stdout)?)
}

/// Runs a command with its output in view.
fn succeed(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| what.to_owned())?;
    if !status.success() {
        bail!("{what}");
    }
    Ok(())
}
