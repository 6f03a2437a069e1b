//! The command line: one line per command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{Error, atlas, decode, diff, encode, guess, kernel, layout, log, manual, output, place, ps, scan, walk};

/// What is given on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "swp-pte",
    version,
    about = "Reads Linux swap page-table entries of any architecture and kernel version",
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// When to use colour
    #[command(flatten)]
    color: colorchoice_clap::Color,
    #[command(subcommand)]
    command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// What words say: kind, type and offset, markers, stray bits
    Decode(decode::Args),
    /// The words and swap entries in a kernel's log, read as the kernel reads them that wrote it
    Log(log::Args),
    /// The word for an entry and its markers
    Encode(encode::Args),
    /// The picture of a layout: as text, SVG, Markdown or JSON
    Layout(layout::Args),
    /// What changed in a variant between two kernels, as pictures
    Diff(diff::Args),
    /// Every legal place for an exclusive marker, with its cost, and the kernel's choice
    Place(place::Args),
    /// The table of every layout: variant, kernels, word, placement and cost of the marker, largest swap file
    Atlas(atlas::Args),
    /// Read every word of a page-table image or a memory image: what is in it, and every swap PTE as a row
    Scan(scan::Args),
    /// Every page on swap of a process in a memory dump: at which address, in which swap file, with which markers
    Walk(walk::Args),
    /// The processes in a memory dump
    Ps(ps::Args),
    /// Which architecture, kernel and byte order the words of a file come from
    Guess(guess::Args),
    /// What a kernel's files, or the machine that this runs on, tell of its swap entries
    Kernel(kernel::Args),
    /// The script with which a shell completes commands, options and variants
    Completions(manual::CompletionsArgs),
    /// The manual pages, as roff for `man`
    Man(manual::ManArgs),
}

impl Command {
    fn run(&self) -> Result<(), Error> {
        match self {
            Self::Decode(args) => decode::run(args),
            Self::Log(args) => log::run(args),
            Self::Encode(args) => encode::run(args),
            Self::Layout(args) => layout::run(args),
            Self::Diff(args) => diff::run(args),
            Self::Place(args) => place::run(args),
            Self::Atlas(args) => atlas::run(args),
            Self::Scan(args) => scan::run(args),
            Self::Walk(args) => walk::run(args),
            Self::Ps(args) => ps::run(args),
            Self::Guess(args) => guess::run(args),
            Self::Kernel(args) => kernel::run(args),
            Self::Completions(args) => manual::completions(args),
            Self::Man(args) => manual::man(args),
        }
    }
}

/// The longest argument: as long as the longest path of Linux. Messages repeat what they are about.
const LONGEST_ARGUMENT: usize = 4096;

/// Parses the command line, runs the command, and says on stderr what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    let result = sane().and_then(|()| {
        let cli = Cli::parse();
        cli.color.write_global();
        cli.command.run()
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has enough of it.
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            output::complain("error", &error);
            error.exit_code()
        }
    }
}

/// Whether the program was started so that it can do anything.
fn sane() -> Result<(), Error> {
    if swp_pte_image::stdout_was_closed() {
        return Err(Error::Input("standard output is closed: nothing could be written".into()));
    }
    let long = std::env::args_os().enumerate().find(|(_, argument)| argument.len() > LONGEST_ARGUMENT);
    long.map_or(Ok(()), |(number, argument)| {
        let begin = output::shown(&argument.to_string_lossy());
        let length = argument.len();
        Err(Error::Usage(format!(
            "argument {number} has {length} bytes, more than any that is understood ({LONGEST_ARGUMENT}): \"{begin}\""
        )))
    })
}
