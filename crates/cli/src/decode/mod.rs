//! `swp-pte decode`: what words say.
//!
//! Words come as arguments or, one a line, on standard input. A line that is no word is reported in its place, and the
//! rest is still decoded.

mod input;
mod survey;
pub(crate) mod text;

use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use swp_pte_atlas::Softleaf;
use swp_pte_forms::{Form, Notation};

use crate::eras::{Answers, Eras};
use crate::input::{Line, Lines, verdict};
use crate::json::{Fault, Object, write_line};
use crate::reading::{PagemapReading, Said};
use crate::scan::Endian;
use crate::swap_files::SwapFilesArgs;
use crate::target::TargetArgs;
use crate::{Error, output};

/// The options of `decode`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    how: FormArgs,
    #[command(flatten)]
    files: SwapFilesArgs,
    /// One JSON object a line, in the order of the input
    #[arg(long)]
    json: bool,
    /// Draw each word, with the bits of its fields
    #[arg(long, requires = "arch", conflicts_with = "json")]
    picture: bool,
    /// Without --arch, what every variant reads, not only those that explain a word best
    #[arg(long, conflicts_with_all = ["json", "picture"])]
    all: bool,
    /// Words, hex with 0x or decimal, or pte:HEX, entry:HEX, pagemap:HEX; without any, one a line on standard input
    #[arg(value_name = "WORD")]
    words: Vec<String>,
}

/// What the numbers are, and how they are written.
#[derive(Clone, Copy, Debug, clap::Args)]
struct FormArgs {
    #[expect(clippy::doc_markdown, reason = "shown in a terminal")]
    /// The numbers are swp_entry_t values, as kernels' messages about swap entries print them, not raw words
    #[arg(long, conflicts_with_all = ["pagemap", "level"])]
    entry: bool,
    /// The numbers are words of /proc/PID/pagemap
    #[arg(long, conflicts_with = "level")]
    pagemap: bool,
    /// All digits are hex, with or without 0x
    #[arg(long)]
    hex: bool,
    /// In which order the bytes of a number are written, as a hex dump shows memory [default: as a number]
    #[arg(long, value_name = "ORDER")]
    byte_order: Option<Endian>,
}

impl FormArgs {
    /// The form of a number without a prefix, where that is not a raw word.
    const fn form(self) -> Option<Form> {
        match (self.entry, self.pagemap) {
            (true, _) => Some(Form::Entry),
            (_, true) => Some(Form::Pagemap),
            _ => None,
        }
    }

    const fn notation(self) -> Notation {
        if self.hex { Notation::Hex } else { Notation::Marked }
    }
}

const EXAMPLES: &str = "\
Examples:
  swp-pte decode --arch x86_64 --kernel 6.12 0x07ffffffffff7c0a
  swp-pte decode --arch s390 --kernel $(uname -r) --picture 0x41e02
  swp-pte decode --arch arm64 --kernel 6.1 --json < words.txt
  swp-pte decode --arch x86_64 --kernel 6.12 --entry 0x7c00000000000001
  swp-pte decode --pagemap 0x4080000000000821
  swp-pte decode 0x41e02                   what the likeliest variants read in a word";

/// An input that was read.
struct Decoded {
    form: Form,
    number: u64,
    answers: Answers,
}

/// Decodes all words.
///
/// # Errors
/// [`Error::Usage`] for a target that there is none of; [`Error::Input`] at the end if a line was no word.
pub fn run(args: &Args) -> Result<(), Error> {
    if !args.target.names_an_arch() {
        return match (args.json, args.how.form()) {
            (true, Some(Form::Pagemap)) => pagemaps(args),
            (true, _) => args.target.target().map(|_| ()),
            (false, _) => survey::run(args),
        };
    }
    let target = args.target.target()?;
    let files = args.files.load(target.build.page_shift.unwrap_or(target.row.layout().page_shift))?;
    args.target.say_if_assumed(&target);
    let eras = Eras::of(&target).with_files(files);
    let inputs = input::Inputs::new(args.how, &target, eras, &args.target.asked()?);
    let mut out: Box<dyn Write> = if args.json { Box::new(output::data()) } else { Box::new(output::text()) };
    let mut first = true;
    // A program that reads JSON has read the manual.
    let mut config_said = args.json || target.build.config_is_given();
    each(args, |place, line| {
        let decoded = line.fault.map_or_else(|| inputs.read(&line.text), |fault| Err(fault.into()));
        if !config_said && decoded.as_ref().is_ok_and(Decoded::depends_on_config) {
            config_said = true;
            out.flush()?;
            output::complain("note", &target.build_assumed());
        }
        match decoded {
            Ok(decoded) if args.json => {
                let Decoded { form, number, answers } = &decoded;
                write_line(&mut out, &Object::with_eras(&line.text, *form, *number, &target, answers))?;
            }
            Ok(decoded) => {
                text::print(&mut out, &target, &decoded, args.picture, first)?;
                first = false;
            }
            Err(error) if args.json => {
                write_line(&mut out, &Fault { input: &line.text, error: &error })?;
                return Ok(false);
            }
            Err(error) => return place.complain(&mut out, &line.text, &error),
        }
        Ok(true)
    })?;
    out.flush()?;
    Ok(())
}

/// Words of pagemap, which say most without a kernel, as JSON.
fn pagemaps(args: &Args) -> Result<(), Error> {
    let mut out = output::data();
    each(args, |_, line| {
        let given = line.fault.map_or_else(|| input::given(args.how, &line.text, None), |fault| Err(fault.into()));
        match given {
            Ok((Form::Pagemap, number)) => {
                let said = Said::Pagemap(PagemapReading::of(number, None));
                write_line(&mut out, &Object::without_target(&line.text, Form::Pagemap, number, &said))?;
                Ok(true)
            }
            Ok((form, _)) => {
                let error = format!("the prefix says {form}: give --arch, or no --pagemap");
                write_line(&mut out, &Fault { input: &line.text, error: &error })?;
                Ok(false)
            }
            Err(error) => {
                write_line(&mut out, &Fault { input: &line.text, error: &error })?;
                Ok(false)
            }
        }
    })?;
    Ok(out.flush()?)
}

/// Where an input stands.
#[derive(Clone, Copy)]
struct Place {
    /// Counted from 1.
    number: usize,
    on_stdin: bool,
}

impl Place {
    /// Says what is wrong with an input, behind what was read before it; the input was not good.
    fn complain(self, out: &mut impl Write, text: &str, error: &str) -> Result<bool, Error> {
        out.flush()?;
        let place = if self.on_stdin { format!("line {}: ", self.number) } else { String::new() };
        output::complain("error", &format!("{place}\"{}\": {error}", output::shown(text)));
        Ok(false)
    }
}

/// Calls `one` for each input. It answers whether the input was good; in the end bad ones are counted.
fn each(args: &Args, mut one: impl FnMut(Place, &Line) -> Result<bool, Error>) -> Result<(), Error> {
    let (mut all, mut bad) = (0_usize, 0_usize);
    let mut count = |place: Place, line: &Line| -> Result<(), Error> {
        all += 1;
        bad += usize::from(!one(place, line)?);
        Ok(())
    };
    if args.words.is_empty() {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            output::complain("note", &"reading words from the terminal, one a line; Ctrl-D ends");
        }
        each_line(BufReader::with_capacity(1 << 16, stdin.lock()), |number, line| {
            count(Place { number, on_stdin: true }, line)
        })?;
    } else {
        for (i, word) in args.words.iter().enumerate() {
            count(Place { number: i + 1, on_stdin: false }, &Line { text: word.clone(), fault: None })?;
        }
    }
    verdict(bad, all, "words could not be decoded")
}

/// Calls `one` for each line of a stream.
fn each_line(reader: impl BufRead, mut one: impl FnMut(usize, &Line) -> Result<(), Error>) -> Result<(), Error> {
    let mut lines = Lines::new(reader);
    let mut number = 0;
    while let Some(line) = lines.read().map_err(Error::io("cannot read standard input"))? {
        number += 1;
        // A blank line separates words for people.
        if line.fault.is_none() && line.text.trim().is_empty() {
            continue;
        }
        one(number, &line)?;
    }
    Ok(())
}

impl Decoded {
    /// Whether the type could be another thing in a kernel that was built with less.
    const fn depends_on_config(&self) -> bool {
        match self.answers.newest.said.swap() {
            Some(swap) => {
                !matches!(swap.softleaf, Some(Softleaf::Swap { .. } | Softleaf::Marker(_) | Softleaf::Unnamed))
            }
            None => false,
        }
    }
}
