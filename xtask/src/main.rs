//! The tasks of this repository. `cargo xtask` lists them.

mod asm;
mod ci;
mod conformance;
mod cross;
mod files;
mod generate;
mod lifecycle;
mod oracle;
mod package;
mod prose;
mod tidy;
mod vectors;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The tasks of swp-pte",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Hold every backend against itself, its data, and what the kernel's compiled headers answered
    Conformance(conformance::Args),
    /// List the vector files of this repository, or pin their counts
    Vectors(vectors::Args),
    /// Write the pictures of the layouts and the tables of the README from the atlas
    Generate(generate::Args),
    /// Read the compiled functions of every layout: no call, no panic path, no loop, at most the branches they need
    Asm(asm::Args),
    /// Explore the life of a page through swap, with the words of every layout, and every safeguard switched off
    Lifecycle(lifecycle::Args),
    /// Build a kernel tree's own swap helpers for every architecture, ask them, and compare
    Oracle(oracle::Args),
    /// Compile for foreign machines and run the tests there: other byte orders, other word sizes, no operating system
    Cross(cross::Args),
    /// Check what users of the published crates meet: features, the oldest compiler, the packages
    Package,
    /// Check what no compiler checks
    Tidy,
    /// Everything that CI runs, in order, up to the first failure
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        None => Cli::command().print_help().map_err(Into::into),
        Some(Task::Conformance(args)) => conformance::run(&args),
        Some(Task::Vectors(args)) => vectors::run(&args),
        Some(Task::Generate(args)) => generate::run(&args),
        Some(Task::Asm(args)) => asm::run(&args),
        Some(Task::Lifecycle(args)) => lifecycle::run(&args),
        Some(Task::Oracle(args)) => return end(oracle::run(&args)),
        Some(Task::Cross(args)) => cross::run(&args),
        Some(Task::Package) => package::run(),
        Some(Task::Tidy) => tidy::run(),
        Some(Task::Ci(args)) => ci::run(&args),
    };
    end(result.map(|()| ExitCode::SUCCESS))
}

fn end(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
