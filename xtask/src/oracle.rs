//! `cargo xtask oracle`: starts the program of `crates/oracle`, which is a crate of its own so that whoever runs another
//! task does not wait for it to be compiled.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::files;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Given to the oracle as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// The oracle's exit code is ours: 3 and 4 are said by no other error.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let manifest = files::root().join("Cargo.toml");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--release", "--package", "swp-pte-oracle", "--manifest-path"]).arg(manifest);
    let status = cargo.arg("--").args(&args.arguments).status().context("cannot run cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
