//! `swp-pte guess`: which architecture, kernel and byte order the words of a file come from, with the evidence.

use std::io::Write;
use std::path::PathBuf;

use comfy_table::{Cell, CellAlignment};
use rayon::prelude::*;
use serde_json::{Value, json};
use swp_pte::Bytes;
use swp_pte_scan::{Evidence, PartialWord, Verdict, judge};

use crate::input::plain;
use crate::scan::{number, source};
use crate::target::{Asked, Target};
use crate::{Error, output};

/// The options of `guess`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The image: a file or a block device; - is standard input
    file: PathBuf,
    /// Where to begin, in bytes
    #[arg(long, value_name = "BYTES", value_parser = number)]
    start: Option<u64>,
    /// How much to look at, in bytes; without it, all to the end
    #[arg(long, value_name = "BYTES", value_parser = number)]
    length: Option<u64>,
    /// How many explanations to show; those that are as good as the best are always shown
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = plain::<usize>)]
    top: usize,
    /// A layout of your own to be held against the words too, as TOML
    #[arg(long, value_name = "TOML")]
    layout: Option<PathBuf>,
    /// The ranking as one JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte guess tables.bin
  swp-pte guess memory.img --start 0x40000000 --length 0x200000 --top 10 --json

A memory image is mostly not page tables: point --start and --length at some. Exits with 1 if it cannot tell.";

/// Bytes of a piece that is looked at, and how many of them at most: a large file is looked at in places.
const PIECE: u64 = 64 << 10;
const PIECES: u64 = 256;
/// The widest word.
const WORD: u64 = 8;

/// Looks at the words under every layout and prints the ranking.
///
/// # Errors
/// [`Error::Input`]: a file that cannot be read, numbers outside it, and words that say nothing.
pub fn run(args: &Args) -> Result<(), Error> {
    let input = |error: &dyn std::fmt::Display| Error::Input(format!("{}: {error}", args.file.display()));
    let image = source::open(&args.file)?;
    if args.start.is_none() {
        source::refuse_dumps(image.bytes()).map_err(|error| input(&error))?;
    }
    let size = image.bytes().len() as u64;
    let from = args.start.unwrap_or(0);
    let length = args.length.unwrap_or_else(|| size.saturating_sub(from));
    let end = from.checked_add(length).filter(|end| *end <= size);
    let end =
        end.ok_or_else(|| input(&format!("--start and --length reach past the end of the file, {size} bytes")))?;
    if !from.is_multiple_of(WORD) {
        return Err(input(&format!("--start {from} is not on the border of a word of {WORD} bytes")));
    }
    let length = (end - from) / WORD * WORD;
    if length == 0 {
        return Err(input(&format!("there is not one word of {WORD} bytes to look at")));
    }
    // Copied, since the mapping of a piece can take as much memory as a huge page.
    let start = usize::try_from(from).map_err(|error| input(&error))?;
    let mut pieces = Vec::new();
    for (at, length) in places(length) {
        let piece = start + at..start + at + length;
        pieces.push(image.bytes().get(piece.clone()).unwrap_or_default().to_vec());
        image.release_around(piece);
    }
    let mut all = Evidence::candidates();
    if let Some(path) = &args.layout {
        let row = Target::of_file(path, &Asked::default())?.row;
        all.extend(row.layout().memory.orders().map(|order| Evidence::new(row, order)));
    }
    all.par_iter_mut()
        .try_for_each(|evidence| pieces.iter().try_for_each(|piece| evidence.add(piece)))
        .map_err(|error: PartialWord| input(&error))?;
    image.check().map_err(|error| input(&error))?;
    let verdict = judge(&mut all);
    let looked_at = pieces.iter().map(|piece| piece.len() as u64).sum();
    let ranking = Ranking { args, shown: all.len().min(args.top.max(alike(verdict))), all, verdict, length, looked_at };
    if args.json {
        let mut out = output::data();
        writeln!(out, "{}", ranking.json())?;
        out.flush()?;
    } else {
        let mut out = output::text();
        ranking.text(&mut out)?;
        out.flush()?;
    }
    match verdict {
        Verdict::Unclear(why) => Err(input(&format!("cannot tell: {why}"))),
        Verdict::Clear | Verdict::Alike(_) => Ok(()),
    }
}

/// How many of the ranking are the answer.
const fn alike(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Unclear(_) => 0,
        Verdict::Clear => 1,
        Verdict::Alike(alike) => alike,
    }
}

/// Where to look in so many bytes: everywhere, or in a piece of each of as many stretches. Offset and length of each.
fn places(length: u64) -> impl Iterator<Item = (usize, usize)> {
    let pieces = length.div_ceil(PIECE).clamp(1, PIECES);
    (0..pieces).filter_map(move |number| {
        // Not at equal distances exactly: what repeats at such would be all that is seen.
        let stretch = length / PIECES;
        let off = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (stretch.saturating_sub(PIECE) + 1);
        let at = if pieces < PIECES { number * PIECE } else { (stretch * number + off) / WORD * WORD };
        let place = (usize::try_from(at).ok()?, usize::try_from(PIECE.min(length - at)).ok()?);
        Some(place)
    })
}

struct Ranking<'a> {
    args: &'a Args,
    all: Vec<Evidence>,
    shown: usize,
    verdict: Verdict,
    length: u64,
    looked_at: u64,
}

impl Ranking<'_> {
    fn shown(&self) -> impl Iterator<Item = &Evidence> {
        self.all.iter().take(self.shown)
    }

    fn json(&self) -> Value {
        let (verdict, reason) = match self.verdict {
            Verdict::Clear => ("clear", None),
            Verdict::Alike(_) => ("alike", None),
            Verdict::Unclear(why) => ("unclear", Some(why.to_string())),
        };
        let ranking: Vec<_> = self
            .shown()
            .map(|evidence| {
                let source = evidence.row.layout().source;
                json!({
                    "variant": source.variant,
                    "kernels": source.kernels.to_string(),
                    "endian": evidence.order.name(),
                    "usual_endian": evidence.order == evidence.row.layout().memory.order,
                    "score": evidence.score(),
                    "words": evidence.words,
                    "none": evidence.none,
                    "present": evidence.present,
                    "swap": evidence.swap,
                    "implausible": evidence.implausible,
                    "stray": evidence.suspicious,
                    "types": types(evidence).collect::<Vec<_>>(),
                    "offset_max": format!("{:#x}", evidence.max_offset),
                })
            })
            .collect();
        json!({
            "file": self.args.file.display().to_string(),
            "start": self.args.start.unwrap_or(0),
            "length": self.length,
            "looked_at": self.looked_at,
            "verdict": verdict,
            "reason": reason,
            "best": alike(self.verdict),
            "ranking": ranking,
        })
    }

    fn text(&self, out: &mut impl Write) -> std::io::Result<()> {
        let share = |bytes: u64| Bytes(u128::from(bytes));
        writeln!(
            out,
            "{}: {} looked at of {} from {:#x}\n",
            self.args.file.display(),
            share(self.looked_at),
            share(self.length),
            self.args.start.unwrap_or(0)
        )?;
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let header = ["variant", "kernels", "endian", "score", "none %", "present %", "swap %", "wrong %"];
        let mut table = output::table(header, Some(2));
        table.column_iter_mut().for_each(|column| {
            column.set_padding((0, 1));
        });
        for (number, evidence) in self.shown().enumerate() {
            let source = evidence.row.layout().source;
            #[expect(clippy::cast_precision_loss, reason = "a percentage to one place")]
            let percent = |count: u64| right(format!("{:.1}", count as f64 * 100.0 / evidence.words.max(1) as f64));
            let mark = if number < alike(self.verdict) { "* " } else { "" };
            table.add_row([
                Cell::new(format!("{mark}{}", source.variant)),
                Cell::new(format!("{:#}", source.kernels)),
                Cell::new(evidence.order.name()).set_delimiter('-'),
                right(format!("{:.2}", evidence.score())),
                percent(evidence.none),
                percent(evidence.present),
                percent(evidence.swap),
                percent(evidence.suspicious + evidence.implausible),
            ]);
        }
        writeln!(out, "{table}")?;
        if let Some(best) = self.all.first() {
            let (types, offset) = (several(best), best.max_offset);
            writeln!(out, "The first reads swap types {types} and offsets up to {offset:#x} pages.")?;
        }
        writeln!(out, "score: bits of 64 that the layout explains. wrong: words that no kernel wrote.")?;
        match self.verdict {
            Verdict::Clear => writeln!(out, "* explains the words better than any other."),
            Verdict::Alike(alike) => {
                writeln!(out, "* These {alike} read every word alike, and explain them better than any other.")
            }
            Verdict::Unclear(_) => Ok(()),
        }
    }
}

fn types(evidence: &Evidence) -> impl Iterator<Item = u32> {
    let types = evidence.types;
    (0..u32::BITS).filter(move |swp_type| types >> swp_type & 1 == 1)
}

/// `0, 1, 30`, or how many there are.
fn several(evidence: &Evidence) -> String {
    match evidence.types.count_ones() {
        0 => "-".into(),
        count @ 9.. => format!("({count} of them)"),
        _ => types(evidence).map(|swp_type| swp_type.to_string()).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_inside_and_are_all_of_a_small_file() {
        for length in [8, PIECE - 8, PIECE, PIECE + 8, PIECE * 3] {
            assert_eq!(places(length).map(|(_, length)| length as u64).sum::<u64>(), length);
        }
        for length in [PIECE * PIECES, PIECE * PIECES + 8, PIECE * PIECES * 1000 + 16] {
            let places: Vec<_> = places(length).collect();
            assert_eq!(places.len() as u64, PIECES);
            assert!(places.iter().all(|(at, len)| (at + len) as u64 <= length && at % 8 == 0 && len % 8 == 0));
        }
    }
}
