//! Words without `--arch`: what every variant makes of them, side by side. Nothing is guessed; the reader judges.

use std::io::Write;

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Table};
use swp_pte::DecodeError;
use swp_pte_atlas::variants;

use super::{Args, each};
use crate::input::number;
use crate::reading::{Reader, Reading};
use crate::target::{Target, variant};
use crate::{Error, output};

/// The column that says what a word is.
const IS: usize = 2;

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let kernel = args.target.kernel();
    let build = args.target.build();
    let found = |name| variant(name).ok().and_then(|variant| Target::find(variant, kernel).ok());
    let targets: Vec<_> = variants().filter_map(found).map(|target| Target { build, ..target }).collect();
    if targets.is_empty() {
        return Err(Error::Usage(
            "no variant of the record has this kernel: `swp-pte atlas` lists what is known".into(),
        ));
    }
    let which = if kernel.is_some() { "its layout in this kernel" } else { "its newest layout" };
    output::complain("note", &format!("no --arch given: this is what each variant reads, by {which}"));
    let mut out = output::text();
    let mut separator = "";
    each(args, |place, line| {
        let word = line.fault.map_or_else(|| number(&line.text), |fault| Err(fault.into()));
        match word {
            Ok(word) => {
                writeln!(out, "{separator}{word:#x}\n{}", table(&targets, word).trim_fmt())?;
                separator = "\n";
            }
            Err(error) => return place.complain(&mut out, &line.text, &error),
        }
        Ok(true)
    })?;
    out.flush()?;
    Ok(())
}

fn table(targets: &[Target], word: u64) -> Table {
    let mut table = output::table(["variant", "kernels", "is", "type", "offset", "flags", "stray"]);
    // In a narrow terminal the names of entries are cut, at their hyphens, and nothing else.
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        if i != IS {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for target in targets {
        let (variant, kernels) = (target.row.variant(), target.row.layout().source.kernels);
        let cells = match Reader::new(target).read(word) {
            Ok(reading) => cells(&reading),
            Err(DecodeError::WordTooWide { width, .. }) => {
                [format!("more than {width} bits"), String::new(), String::new(), String::new(), String::new()]
            }
            Err(error) => [error.to_string(), String::new(), String::new(), String::new(), String::new()],
        };
        let right = |text: &str| Cell::new(text).set_alignment(CellAlignment::Right);
        let [is, swp_type, offset, flags, stray] = &cells;
        table.add_row([
            Cell::new(variant),
            Cell::new(format!("{kernels:#}")),
            Cell::new(is).set_delimiter('-'),
            right(swp_type),
            right(offset),
            Cell::new(flags),
            right(stray),
        ]);
    }
    table
}

fn cells(reading: &Reading) -> [String; 5] {
    let is = reading.softleaf.as_ref().map_or(reading.kind, |leaf| leaf.name);
    let of_swap = |text: String| if reading.kind == "swap" { text } else { String::new() };
    let flags = [(reading.exclusive, "E"), (reading.soft_dirty, "SD"), (reading.uffd_wp, "WP")];
    let flags: Vec<_> = flags.into_iter().filter(|(set, _)| *set == Some(true)).map(|(_, name)| name).collect();
    let stray = match reading.stray.0.count_ones() {
        0 => String::new(),
        count => count.to_string(),
    };
    [
        is.into(),
        reading.swp_type.map_or_else(String::new, |number| number.to_string()),
        reading.offset.map_or_else(String::new, |offset| offset.to_string()),
        of_swap(flags.join(" ")),
        stray,
    ]
}
