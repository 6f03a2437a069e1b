//! The tasks of this repository that have no program of their own. `cargo xtask` lists all and starts this one for these.

mod asm;
mod ci;
mod cross;
mod generate;
mod package;
mod tidy;
mod vectors;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask_shared::files;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The tasks of swp-pte that have no program of their own",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// List the vector files of this repository, or pin their counts
    Vectors(vectors::Args),
    /// Write the pictures of the layouts and the tables of the README from the atlas
    Generate(generate::Args),
    /// Read the compiled functions of every layout: no call, no panic path, no loop, at most the branches they need
    Asm(asm::Args),
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
        Task::Vectors(args) => vectors::run(&args),
        Task::Generate(args) => generate::run(&args),
        Task::Asm(args) => asm::run(&args),
        Task::Cross(args) => cross::run(&args),
        Task::Package => package::run(),
        Task::Tidy => tidy::run(),
        Task::Ci(args) => ci::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
