//! Words without `--arch`: what every variant makes of them, side by side. Nothing is guessed; the reader judges.

use std::io::Write;

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Table};
use swp_pte::Flag;
use swp_pte_atlas::variants;

use super::{Args, each};
use crate::input::number;
use crate::reading::{Hex, Reader, Reading, Swap, TooWide, leaf_name};
use crate::target::{Target, Wanted, say_ptes_form};
use crate::{Error, output};

/// The column that says what a word is.
const IS: usize = 2;

pub(super) fn run(args: &Args) -> Result<(), Error> {
    let kernel = args.target.kernel();
    let build = args.target.build();
    let level = args.target.level();
    let found = |name| Target::find(&Wanted::exactly(name), kernel, level).ok();
    let targets: Vec<_> = variants().filter_map(found).map(|target| Target { build, ..target }).collect();
    if targets.is_empty() {
        return Err(Error::Usage(
            "no variant of the record has this kernel: `swp-pte atlas` lists what is known".into(),
        ));
    }
    let which = if kernel.is_some() { "its layout in this kernel" } else { "its newest layout" };
    output::complain("note", &format!("no --arch given: this is what each variant reads, by {which}"));
    let without: Vec<_> = targets.iter().filter(|one| one.has_the_ptes_form()).map(Target::variant).collect();
    if !without.is_empty() {
        say_ptes_form(level, &without.join(", "));
    }
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
            Err(TooWide { width, .. }) => Cells { is: format!("more than {width} bits"), ..Cells::default() },
        };
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(variant),
            Cell::new(format!("{kernels:#}")),
            Cell::new(cells.is).set_delimiter('-'),
            right(cells.swp_type),
            right(cells.offset),
            Cell::new(cells.flags),
            right(cells.stray),
        ]);
    }
    table
}

/// The columns that a word fills.
#[derive(Default)]
struct Cells {
    is: String,
    swp_type: String,
    offset: String,
    flags: String,
    stray: String,
}

fn cells(reading: &Reading) -> Cells {
    let swap = match reading {
        Reading::None { .. } | Reading::Present { .. } => {
            return Cells { is: reading.name().into(), ..Cells::default() };
        }
        Reading::Swap(swap) => swap,
    };
    let Swap { swp_type, offset, stray, .. } = *swap;
    let name = |flag| match flag {
        Flag::Exclusive => "E",
        Flag::SoftDirty => "SD",
        Flag::UffdWp => "WP",
    };
    let flags: Vec<_> =
        swap.flags().into_iter().filter(|(_, set)| *set == Some(true)).map(|(flag, _)| name(flag)).collect();
    Cells {
        is: leaf_name(swap.softleaf.as_ref()).into(),
        swp_type: swp_type.to_string(),
        offset: Hex(offset).to_string(),
        flags: flags.join(" "),
        stray: if stray == 0 { String::new() } else { stray.count_ones().to_string() },
    }
}
