//! The tasks of this repository that have no program of their own. `cargo xtask` lists all and starts this one for these.

mod asm;
mod c;
mod ci;
mod cross;
mod generate;
mod package;
mod page;
mod prose;
mod python;
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
    /// Write the pictures of the layouts and the tables of the pages from the atlas
    Generate(generate::Args),
    /// Read the compiled functions of every layout: no call, no panic path, no loop, at most the branches they need
    Asm(asm::Args),
    /// Compile for foreign machines and run the tests there: other byte orders, other word sizes, no operating system
    Cross(cross::Args),
    /// Check what users of the published crates meet: features, the oldest compiler, the packages
    Package,
    /// Make the page in the browser, docs/decode.html; whether it is of these sources, and says what the program says
    Page(page::Args),
    /// Build the C library, its header and pkg-config file, and run its tests in C, here and on foreign machines
    C(c::Args),
    /// Build the Python package into an environment of its own and run its tests; time it
    Python(python::Args),
    /// Check what no compiler checks
    Tidy,
    /// Everything that CI runs, in two lanes, up to the first failure
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Vectors(args) => vectors::run(&args),
        Task::Generate(args) => generate::run(&args),
        Task::Asm(args) => asm::run(&args),
        Task::Cross(args) => cross::run(&args),
        Task::Package => package::run(),
        Task::Page(args) => page::run(&args),
        Task::C(args) => c::run(&args),
        Task::Python(args) => python::run(&args),
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

#[cfg(test)]
mod tests {
    //! The front lists what is here by hand: it depends on nothing.

    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_front_lists_every_task_of_this_program_and_no_other() {
        // From the table on, each task is named in one piece.
        let front = include_str!("../front/src/main.rs");
        let listed: Vec<&str> = front
            .split("Task {")
            .filter(|task| task.contains("package: OTHERS"))
            .filter_map(|task| task.split("name: \"").nth(1)?.split('"').next())
            .collect();
        let command = Cli::command();
        let ours: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(listed, ours);
    }
}
