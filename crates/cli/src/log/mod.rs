//! `swp-pte log`: the words and entries in a kernel's log, each read as the kernel that wrote the log reads it.
//!
//! A log is read line by line and never kept. A report names its kernel and architecture some lines below its words, so that
//! these wait for them: `machines` holds what waits, for each host of the log; `kernel` finds the layout; `agree` holds a
//! word against the entry of the same message; `print` says what came of it.

mod agree;
mod clean;
mod kernel;
mod machines;
mod print;

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use crate::input::Lines;
use crate::kconfig::BuildArgs;
use crate::swap_files::SwapFilesArgs;
use crate::target::{KernelArgs, NameParser, Wanted};
use crate::{Error, output};

use machines::{Machines, Waiting};
use print::Printer;

/// The options of `log`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The log; - or nothing is standard input
    file: Option<PathBuf>,
    /// The architecture or variant, where the log does not say
    #[arg(long, value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    arch: Option<Wanted>,
    /// Read every word and entry by a layout of your own, as TOML, whatever the log says
    #[arg(long, value_name = "TOML", conflicts_with_all = ["arch", "vmlinux"])]
    layout: Option<PathBuf>,
    /// The kernel, where the log does not say
    #[command(flatten)]
    kernel: KernelArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    files: SwapFilesArgs,
    /// One JSON object for each word or entry
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  dmesg | swp-pte log
  swp-pte log /var/log/kern.log
  journalctl -k -b -1 | swp-pte log --json
  swp-pte log console.txt --arch arm64 --kernel 6.6

Kernel and architecture are taken from the log: from the lines of the report that a word stands in, else from those before
it. Exits with 1 if something was found that could not be read.";

/// Reads a log and prints what is in it.
///
/// # Errors
/// [`Error::Io`] for a log that cannot be read; [`Error::Input`] at the end if something in it could not.
pub fn run(args: &Args) -> Result<(), Error> {
    let options = kernel::Options::of(args)?;
    let files = args.files.load(options.page_shift())?;
    let mut out: Box<dyn Write> = if args.json { Box::new(output::data()) } else { Box::new(output::text()) };
    let mut printer = Printer::new(args.json, options, files);
    match args.file.as_deref().filter(|file| *file != Path::new("-")) {
        None => {
            let stdin = io::stdin();
            if stdin.is_terminal() {
                output::complain("note", &"reading a log from the terminal; Ctrl-D ends");
            }
            read(stdin.lock(), "standard input", &mut printer, &mut out)?;
        }
        Some(path) => {
            let what = format!("cannot read {}", path.display());
            let file = File::open(path).map_err(Error::io(what))?;
            read(file, &path.display().to_string(), &mut printer, &mut out)?;
        }
    }
    out.flush()?;
    printer.verdict()
}

/// Reads a log of which no option says anything, and prints what is in it as JSON; how many words and entries were found. For
/// fuzzers.
///
/// # Errors
/// Those of the output.
pub fn objects(log: &[u8], out: &mut dyn Write) -> Result<usize, Error> {
    let mut printer = Printer::new(true, kernel::Options::default(), None);
    read(log, "log", &mut printer, out)?;
    Ok(printer.found())
}

/// Each line once, as text without colours.
fn read(reader: impl Read, name: &str, printer: &mut Printer, out: &mut dyn Write) -> Result<(), Error> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let cannot = || format!("cannot read {name}");
    let begin = reader.fill_buf().map_err(Error::io(cannot()))?;
    if let Some(how) = clean::compressed(begin) {
        return Err(Error::Input(format!("{name} is compressed: {how} {name} | swp-pte log")));
    }
    let mut lines = Lines::new(reader);
    let mut machines = Machines::default();
    let (mut text, mut number) = (String::new(), 0);
    while let Some(bytes) = lines.bytes().map_err(Error::io(cannot()))? {
        number += 1;
        clean::line(bytes, &mut text);
        machines.line(number, &text, &mut |waiting: Waiting<'_>| printer.print(out, &waiting))?;
    }
    machines.end(&mut |waiting: Waiting<'_>| printer.print(out, &waiting))?;
    printer.lines = number;
    Ok(())
}
