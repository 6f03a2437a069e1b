//! `swp-pte encode`: the word for an entry and its markers, from options or from JSON lines.

use std::io::{self, BufReader, IsTerminal, Write};

use serde::Deserialize;
use serde_json::Value;
use swp_pte::{EncodeError, Flag, Level, SwpEntry, SwpType};
use swp_pte_atlas::{SoftleafType, SwapTypes, Word};

use crate::input::{self, Lines, number};
use crate::json::{Fault, Object, write_line};
use crate::reading::{Reader, Reading, Swap};
use crate::target::{Target, TargetArgs};
use crate::{Error, output};

/// The options of `encode`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The swap type: 0 to 31, or by name, as `migration-read` or `marker`
    #[arg(long = "type", value_name = "T", requires = "offset")]
    swp_type: Option<String>,
    /// The swap offset in pages; of other entries a page frame number or a marker's flags
    #[arg(long, value_name = "O", requires = "swp_type")]
    offset: Option<String>,
    /// Set the exclusive marker
    #[arg(long, requires = "swp_type")]
    exclusive: bool,
    /// Set the soft-dirty bit
    #[arg(long, requires = "swp_type")]
    soft_dirty: bool,
    /// Set the uffd-wp bit
    #[arg(long, requires = "swp_type")]
    uffd_wp: bool,
    #[expect(clippy::doc_markdown, reason = "shown in a terminal")]
    /// The objects that `decode --json` prints; without --type they are made of the objects on standard input, one a
    /// line, with the keys type, offset, exclusive, soft_dirty, uffd_wp
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte encode --arch x86_64 --kernel 6.12 --type 0 --offset 0x41 --exclusive
  swp-pte encode --arch arm64 --kernel 6.12 --type migration-write --offset 0x12
  echo '{\"type\": 0, \"offset\": \"0x41\", \"exclusive\": true}' |
    swp-pte encode --arch arm64 --kernel 6.12 --json";

/// An entry as JSON has it; what else an object says is passed over, so that the objects of `decode` will do.
#[derive(Debug, Deserialize)]
struct Request {
    #[serde(rename = "type")]
    swp_type: Value,
    offset: Value,
    exclusive: Option<bool>,
    soft_dirty: Option<bool>,
    uffd_wp: Option<bool>,
    variant: Option<String>,
    level: Option<String>,
}

/// Prints the word, or the objects.
///
/// # Errors
/// [`Error::Usage`] for a target that there is none of; [`Error::Input`] for an entry that the layout cannot hold.
pub fn run(args: &Args) -> Result<(), Error> {
    let target = args.target.target()?;
    let encoder = Encoder::new(target);
    if let (Some(swp_type), Some(offset)) = (&args.swp_type, &args.offset) {
        args.target.say_if_assumed(&target);
        let request = Request {
            swp_type: Value::from(swp_type.as_str()),
            offset: Value::from(offset.as_str()),
            exclusive: Some(args.exclusive),
            soft_dirty: Some(args.soft_dirty),
            uffd_wp: Some(args.uffd_wp),
            variant: None,
            level: None,
        };
        let word = encoder.encode(&request).map_err(Error::Input)?;
        let mut out = output::data();
        if args.json {
            let input = format!("type {swp_type}, offset {offset}");
            encoder.object(&mut out, &input, word)?;
        } else {
            writeln!(out, "{:#x}", word.bits())?;
        }
        out.flush()?;
        return Ok(());
    }
    if !args.json {
        return Err(Error::Usage(
            "give an entry with --type and --offset, or --json and objects on standard input".into(),
        ));
    }
    args.target.say_if_assumed(&target);
    encoder.lines()
}

/// What encodes.
struct Encoder {
    target: Target,
    types: SwapTypes,
    reader: Reader,
}

impl Encoder {
    fn new(target: Target) -> Self {
        Self { target, types: target.types(), reader: target.reader() }
    }

    /// Each line of standard input.
    fn lines(&self) -> Result<(), Error> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            output::complain("note", &"reading objects from the terminal, one a line; Ctrl-D ends");
        }
        let mut lines = Lines::new(BufReader::with_capacity(1 << 16, stdin.lock()));
        let mut out = output::data();
        let (mut all, mut bad) = (0_usize, 0_usize);
        while let Some(line) = lines.read().map_err(Error::io("cannot read standard input"))? {
            if line.fault.is_none() && line.text.trim().is_empty() {
                continue;
            }
            all += 1;
            let request = match line.fault {
                None => request(&line.text),
                Some(fault) => Err(fault.into()),
            };
            match request.and_then(|request| self.encode(&request)) {
                Ok(word) => self.object(&mut out, &line.text, word)?,
                Err(error) => {
                    bad += 1;
                    write_line(&mut out, &Fault { input: &line.text, error: &error })?;
                }
            }
        }
        out.flush()?;
        input::verdict(bad, all, "entries could not be encoded")
    }

    /// The word; the message names the field to blame.
    fn encode(&self, request: &Request) -> Result<Word, String> {
        let layout = self.target.row.layout();
        let variant = layout.source.variant;
        if let Some(other) = &request.variant
            && other != variant
        {
            return Err(format!("variant is {other}, but --arch says {variant}"));
        }
        // An object of `decode` names its variant, and a level that is not the PTE's.
        let level = self.target.level.name();
        let other = request.level.as_deref().or(request.variant.as_ref().map(|_| Level::Pte.name()));
        if let Some(other) = other.filter(|other| *other != level) {
            return Err(format!("level is {other}, but --level says {level}"));
        }
        let swp_type = self.swp_type(&request.swp_type)?;
        let offset = self::value(&request.offset).map_err(|error| format!("offset: {error}"))?;
        let mut word = word(&self.target, swp_type, offset).map_err(|error| error.to_string())?;
        let flags = [
            (Flag::Exclusive, request.exclusive),
            (Flag::SoftDirty, request.soft_dirty),
            (Flag::UffdWp, request.uffd_wp),
        ];
        for (flag, _) in flags.into_iter().filter(|(_, set)| *set == Some(true)) {
            let kernels = layout.source.kernels;
            word =
                word.set(flag).ok_or_else(|| format!("{variant} has no {} bit in kernels {kernels}", flag.name()))?;
        }
        Ok(word)
    }

    /// A swap type by its number or its name.
    fn swp_type(&self, value: &Value) -> Result<u64, String> {
        if let Value::String(name) = value
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            let numbers = (0..=SwpType::MAX.get()).filter_map(|number| SwpType::new(number).ok());
            let above = numbers.map(|number| (number, self.types.meaning(number)));
            let above: Vec<_> = above.filter(|(_, meaning)| *meaning != SoftleafType::Swap).collect();
            let found = above.iter().find(|(_, meaning)| meaning.name() == name).map(|(number, _)| number.get());
            return found.ok_or_else(|| {
                let could = |number: &SwpType| self.types.possible(*number).all().any(|one| one.name() == name);
                let could: Vec<_> = above.iter().filter(|(number, _)| could(number)).map(|(n, _)| n.get().to_string()).collect();
                if !could.is_empty() {
                    return format!(
                        "type: {name} can be {} in this kernel, by how it was built: --config or --vmlinux say, or give the number",
                        could.join(" or ")
                    );
                }
                let names: Vec<_> = above.iter().map(|(_, meaning)| meaning.name()).collect();
                format!("type: this kernel has no {name}; by name it has {}", names.join(", "))
            });
        }
        self::value(value).map_err(|error| format!("type: {error}"))
    }

    /// The object of a word, as `decode` prints it.
    fn object(&self, out: &mut dyn Write, input: &str, word: Word) -> Result<(), Error> {
        write_line(out, &Object::new(input, word.bits(), &self.target, &self.reader.read_word(word)))
    }
}

/// The word of an entry, with all markers clear.
///
/// # Errors
/// The field that the layout cannot hold, with value and limit.
pub fn word(target: &Target, swp_type: u64, offset: u64) -> Result<Word, EncodeError> {
    target.row.encode(SwpEntry::from_parts(swp_type, offset)?)
}

/// A number, or a text that is one.
fn value(value: &Value) -> Result<u64, String> {
    match value {
        Value::String(text) => number(text),
        Value::Number(digits) => digits.as_u64().ok_or_else(|| format!("{digits} is no whole number of 64 bits")),
        Value::Null => Err("missing".into()),
        _ => Err("neither a number nor a text".into()),
    }
}

/// Reads a line of JSON.
///
/// # Errors
/// What is wrong with it, and in which column.
fn request(text: &str) -> Result<Request, String> {
    // Serde would take an array for an object without names.
    if text.trim_start().starts_with('[') {
        return Err("an array where an object should be".into());
    }
    serde_json::from_str(text).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        format!("{reason} at column {}", error.column())
    })
}

/// Whatever a line holds, it is a request or an error, and a request is a word or an error; see [`crate::fuzzing`].
///
/// # Panics
/// If a word does not read as what was asked for.
#[expect(clippy::panic, reason = "fuzzers look for it")]
pub(crate) fn try_line(text: &str, target: Target) {
    let encoder = Encoder::new(target);
    let Ok(request) = request(text) else { return };
    let Ok(word) = encoder.encode(&request) else { return };
    let reading = encoder.reader.read_word(word);
    let Reading::Swap(Swap { swp_type, offset, stray: 0, .. }) = reading else {
        panic!("{text} became {word:?}, which reads as {reading:?}")
    };
    let asked = (encoder.swp_type(&request.swp_type), value(&request.offset));
    assert_eq!(asked, (Ok(swp_type), Ok(offset)), "{text}");
}
