//! `swp-pte atlas`: the table of every layout.

use std::io::Write;

use comfy_table::{Cell, CellAlignment};
use swp_pte::{Bytes, Flag, Layout};
use swp_pte_atlas::{ROWS, Row};

use crate::target::{NameParser, Wanted};
use crate::{Error, json, output};

/// The options of `atlas`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the layouts of this variant, or of those that a name of an architecture can mean
    #[arg(value_name = "VARIANT", value_parser = NameParser)]
    variant: Option<Wanted>,
    /// One JSON object per layout and line
    #[arg(long)]
    json: bool,
}

/// Prints the table.
///
/// # Errors
/// Output that cannot be written.
pub fn run(args: &Args) -> Result<(), Error> {
    let layouts = ROWS.iter().map(Row::layout);
    let has = |wanted: &Wanted, name: &str| wanted.variants().any(|variant| variant == name);
    let chosen = layouts.filter(|layout| args.variant.as_ref().is_none_or(|wanted| has(wanted, layout.source.variant)));
    if args.json {
        let mut out = output::data();
        for layout in chosen {
            json::write_line(&mut out, &json::layout(layout))?;
        }
        out.flush()?;
        return Ok(());
    }
    let header = ["variant", "kernels", "word", "E", "placement and cost of E", "SD", "WP", "largest file"];
    let mut table = output::table(header);
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for layout in chosen {
        let bit = |flag| layout.flag(flag).map_or_else(|| "-".into(), |bit| bit.to_string());
        table.add_row([
            Cell::new(layout.source.variant),
            Cell::new(format!("{:#}", layout.source.kernels)),
            right(layout.width.to_string()),
            right(bit(Flag::Exclusive)),
            Cell::new(placement(layout)),
            right(bit(Flag::SoftDirty)),
            right(bit(Flag::UffdWp)),
            right(Bytes(layout.max_swap_file()).to_string()),
        ]);
    }
    let mut out = output::text();
    writeln!(out, "{}\n", table.trim_fmt())?;
    writeln!(out, "E, SD, WP: the bits of the exclusive marker, soft-dirty and uffd-wp")?;
    out.flush()?;
    Ok(())
}

/// `stolen type bit; 32 spare swap types`.
fn placement(layout: &Layout<'_>) -> String {
    match (layout.exclusive, layout.marker_cost()) {
        (Some(exclusive), Some(cost)) => match cost.to_string().as_str() {
            "none" => exclusive.placement.to_string(),
            cost => format!("{}; {cost}", exclusive.placement),
        },
        _ => "-".into(),
    }
}
