//! `swp-pte place`: where an exclusive marker may live in a layout, and what each place costs.

use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use comfy_table::{Attribute, Cell};
use serde_json::{Value, json};
use swp_pte::{BitList, Candidate, Layout, Level};
use swp_pte_atlas::{Row, rows_of};
use swp_pte_draw::{Drawing, is_own, title, wrapped};

use crate::kconfig::ConfigArgs;
use crate::target::{KernelArgs, NameParser, Target, Wanted};
use crate::{Error, json as objects, output, user_layout};

/// The options of `place`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The variant
    #[arg(value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    #[arg(required_unless_present = "file")]
    variant: Option<Wanted>,
    #[command(flatten)]
    kernel: KernelArgs,
    /// A user-defined layout, as TOML; docs/layout.toml explains how to write it
    #[arg(long, value_name = "TOML", conflicts_with_all = ["variant", "kernel", "vmlinux"])]
    file: Option<PathBuf>,
    /// Draw the layout with the marker in this bit, in each way that there is
    #[arg(long, value_name = "N", value_parser = crate::input::plain::<u32>, conflicts_with = "json")]
    bit: Option<u32>,
    /// One JSON object per place and line, cheapest first
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte place arm64 --kernel 5.18        what it could have chosen, and chose
  swp-pte place riscv-rv64 --kernel 6.2 --bit 6
  swp-pte place --file docs/layout.toml    a user-defined layout";

/// A legal place, and whether the kernel chose it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    candidate: Candidate,
    chosen: bool,
}

/// Lists the places.
///
/// # Errors
/// [`Error::Usage`] for a layout that there is none of, [`Error::Input`] for a user-defined one that cannot be read.
pub fn run(args: &Args) -> Result<(), Error> {
    match (&args.file, &args.variant) {
        (Some(file), _) => user_layout::read(file)?.with(|layout| show(args, layout, None)),
        (None, Some(variant)) => {
            let target = Target::find(variant, &args.kernel.with_config(&ConfigArgs::default())?, Level::Pte)?;
            target.say_if_assumed(variant);
            show(args, target.row.layout(), target.assumption().as_deref())
        }
        (None, None) => Err(Error::Usage("give a variant or a --file".into())),
    }
}

fn show(args: &Args, layout: &Layout<'_>, assumed: Option<&str>) -> Result<(), Error> {
    let places = places(layout);
    if args.json {
        let mut out = output::data();
        for place in &places {
            let mut object = object(layout, place);
            if let Some(assumed) = assumed {
                object["assumed"] = assumed.into();
            }
            objects::write_line(&mut out, &object)?;
        }
        return Ok(out.flush()?);
    }
    let mut out = output::text();
    match args.bit {
        Some(bit) => draw(&mut out, layout, &places, bit)?,
        None => list(&mut out, layout, &places)?,
    }
    Ok(out.flush()?)
}

/// Every legal place, cheapest first. A layout that has a marker says itself how it came by its bit.
fn places(layout: &Layout<'_>) -> Vec<Place> {
    let next = next(layout);
    let mut places: Vec<_> = layout
        .placements()
        .map(|mut candidate| match (layout.exclusive, layout.marker_cost()) {
            (Some(exclusive), Some(cost)) if candidate.bit == exclusive.bit && candidate.moved.is_none() => {
                (candidate.placement, candidate.cost) = (exclusive.placement, cost);
                Place { candidate, chosen: !is_own(layout) }
            }
            _ => Place { candidate, chosen: next.is_some_and(|next| candidate.becomes(layout, next)) },
        })
        .collect();
    places.sort_by_key(|place| place.candidate.placement);
    places
}

/// The layout that followed this one, if it is the first of its variant with the marker.
fn next(layout: &Layout<'_>) -> Option<&'static Layout<'static>> {
    let mut rows = rows_of(layout.source.variant).map(Row::layout).skip_while(|row| row.source != layout.source);
    let (this, next) = (rows.next()?, rows.next()?);
    (this.exclusive.is_none() && next.exclusive.is_some()).then_some(next)
}

fn object(layout: &Layout<'_>, place: &Place) -> Value {
    let Place { candidate, chosen } = place;
    json!({
        "variant": layout.source.variant,
        "kernels": (!is_own(layout)).then(|| layout.source.kernels.to_string()),
        "bit": candidate.bit,
        "placement": candidate.placement.name(),
        "moved": candidate.moved.map(|(flag, to)| json!({ "flag": flag.name(), "to": to })),
        "cost_swap_types": candidate.cost.swap_types,
        "cost_bytes": crate::reading::Hex(candidate.cost.swap_file_bytes),
        "chosen": chosen,
    })
}

/// `unused bit`, `unused bit, once soft-dirty moves to one of bits 11-9`; `to` has the bits that it can move to.
fn how(candidate: &Candidate, to: u64) -> String {
    let one_of = if to.is_power_of_two() { "" } else { "one of " };
    match candidate.moved {
        None if candidate.spread => format!("{}, once the fields take in those between them", candidate.placement),
        None if candidate.type_bits > 1 => format!("{}, of {} that go", candidate.placement, candidate.type_bits),
        None => candidate.placement.to_string(),
        Some((flag, _)) => format!("{}, once {} moves to {one_of}{}", candidate.placement, flag.name(), BitList(to)),
    }
}

/// The bit that a marker moves to, as a mask.
fn moves_to(candidate: &Candidate) -> u64 {
    candidate.moved.map_or(0, |(_, to)| 1 << to)
}

/// Whether two places that follow each other can share a line: neighbours, or one bit for which another marker moves to
/// different places.
fn alike(a: &Place, b: &Place) -> bool {
    let kind = |place: &Place| {
        let Candidate { placement, moved, spread, cost, .. } = place.candidate;
        (place.chosen, placement, moved.map(|(flag, _)| flag), spread, cost)
    };
    let apart = if a.candidate.moved.is_some() { 0 } else { 1 };
    kind(a) == kind(b) && a.candidate.bit.abs_diff(b.candidate.bit) == apart
}

/// The picture, and a line for all bits in a row that are alike.
fn list(out: &mut dyn Write, layout: &Layout<'_>, places: &[Place]) -> Result<(), Error> {
    let bold = Style::new().bold();
    writeln!(out, "{bold}{}{bold:#}", title(layout))?;
    write!(out, "{}", Drawing::new(layout).columns(output::width()).coloured())?;
    let Some(cheapest) = places.first() else {
        writeln!(
            out,
            "no legal place: no bit is free, and no field can give one without falling into more than four parts"
        )?;
        return Ok(());
    };
    let mut table = output::table(["bit", "how", "cost", ""], Some(1));
    for group in places.chunk_by(alike) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let (candidate, high) = (first.candidate, last.candidate.bit);
        let to = group.iter().fold(0, |bits, place| bits | moves_to(&place.candidate));
        let bits = if high == candidate.bit { high.to_string() } else { format!("{high}-{}", candidate.bit) };
        let note = match (first.chosen, next(layout)) {
            (true, Some(next)) => format!("the choice of kernel {}", next.source.kernels.first),
            (true, None) => "the kernel's choice".into(),
            (false, _) => String::new(),
        };
        let texts = [bits, how(&candidate, to), candidate.cost.to_string(), note].map(Cell::new);
        table.add_row(if first.chosen { texts.map(|cell| cell.add_attribute(Attribute::Bold)) } else { texts });
    }
    writeln!(out, "\n{}\n", table.trim_fmt())?;
    let twice =
        |bit| places.iter().filter(|place| place.candidate.bit == bit && place.candidate.moved.is_none()).count() > 1;
    let twice =
        places.iter().map(|place| place.candidate.bit).filter(|bit| twice(*bit)).fold(0, |bits, bit| bits | 1 << bit);
    if twice != 0 {
        let verb = if BitList(twice).to_string().starts_with("bits") { "are" } else { "is" };
        let text = format!(
            "{} {verb} listed twice: there either field can give a bit, and the other moves over by one where it has to.",
            capital(&BitList(twice).to_string())
        );
        writeln!(out, "{}", wrapped(&text, output::width(), 0))?;
    }
    let at_once = "A bit is legal if nobody looks at it, once fields have closed ranks where that frees it.";
    let bit = cheapest.candidate.bit;
    let text = format!("{at_once} --bit N draws the result, for the cheapest --bit {bit}.");
    writeln!(out, "{}", wrapped(&text, output::width(), 0))?;
    if !places.iter().any(|place| place.chosen) && !is_own(layout) {
        writeln!(out, "These kernels have no marker, nor did the layout that followed theirs.")?;
    }
    Ok(())
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The layouts that come of a marker in one bit.
fn draw(out: &mut dyn Write, layout: &Layout<'_>, places: &[Place], bit: u32) -> Result<(), Error> {
    let bold = Style::new().bold();
    let mut drawn = false;
    for candidate in places.iter().map(|place| place.candidate).filter(|candidate| candidate.bit == bit) {
        // The layout's own marker is where it is; it need not be placed again.
        let there = layout.exclusive.is_some_and(|exclusive| exclusive.bit == bit) && candidate.moved.is_none();
        let Some(after) = (if there { Some(*layout) } else { candidate.apply(layout) }) else { continue };
        let separator = if drawn { "\n" } else { "" };
        writeln!(
            out,
            "{separator}{bold}{} with the marker in bit {bit}{bold:#}: {}; cost: {}",
            layout.source.variant,
            how(&candidate, moves_to(&candidate)),
            candidate.cost
        )?;
        write!(out, "{}", Drawing::new(&after).columns(output::width()).coloured())?;
        drawn = true;
    }
    if drawn {
        return Ok(());
    }
    Err(Error::Usage(if bit < layout.width {
        let why = layout.named_bits(1 << bit).to_string();
        format!("no marker may live in {why}; without --bit every legal place is listed")
    } else {
        format!("--bit {bit} is outside the word of {} bits", layout.width)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use swp_pte::Placement;
    use swp_pte_atlas::ROWS;

    fn chosen(layout: &Layout<'_>) -> Vec<(u32, Placement)> {
        let chosen = places(layout).into_iter().filter(|place| place.chosen);
        chosen.map(|place| (place.candidate.bit, place.candidate.placement)).collect()
    }

    #[test]
    fn every_kernel_with_a_marker_made_one_choice_and_so_did_the_one_before() {
        let mut firsts = 0;
        for layout in ROWS.iter().map(Row::layout) {
            let own = layout.exclusive.map(|exclusive| (exclusive.bit, exclusive.placement));
            match next(layout).and_then(|next| next.exclusive) {
                Some(after) => {
                    assert_eq!(chosen(layout), [(after.bit, after.placement)], "{}", layout.source.variant);
                    firsts += 1;
                }
                None => assert_eq!(chosen(layout), own.into_iter().collect::<Vec<_>>(), "{}", layout.source.variant),
            }
        }
        let page = include_str!("../../../docs/placement.md");
        assert_eq!(firsts, page.matches("\n## ").count(), "one for each section of docs/placement.md");
    }

    #[test]
    fn cheapest_first() {
        for layout in ROWS.iter().map(Row::layout) {
            assert!(places(layout).is_sorted_by_key(|place| place.candidate.placement), "{}", layout.source.variant);
        }
    }

    #[test]
    fn a_bit_that_is_taken_is_refused_with_its_owner() {
        let layout = swp_pte_atlas::newest("x86_64").unwrap().layout();
        let places = places(layout);
        for (bit, why) in [(8, "_PAGE_PROTNONE"), (64, "outside the word"), (u32::MAX, "outside the word")] {
            let error = draw(&mut Vec::new(), layout, &places, bit).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        for bit in 1..5 {
            assert!(draw(&mut Vec::new(), layout, &places, bit).is_ok());
        }
    }
}
