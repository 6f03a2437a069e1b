//! `swp-pte atlas`: the table of every layout.

use std::io::Write;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use swp_pte::{Bytes, Flag, Layout};
use swp_pte_atlas::ROWS;

use crate::target::{Variant, VariantParser};
use crate::{Error, output};

/// The options of `atlas`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the layouts of this variant
    #[arg(value_name = "VARIANT", value_parser = VariantParser)]
    variant: Option<Variant>,
    /// One JSON object per layout and line
    #[arg(long)]
    json: bool,
}

/// Prints the table.
///
/// # Errors
/// Output that cannot be written.
pub fn run(args: &Args) -> Result<(), Error> {
    let layouts = ROWS.iter().map(swp_pte_atlas::Row::layout);
    let chosen = layouts.filter(|layout| args.variant.is_none_or(|variant| variant.name() == layout.source.variant));
    if args.json {
        let mut out = output::data();
        for layout in chosen {
            writeln!(out, "{}", object(layout))?;
        }
        out.flush()?;
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(output::width()).unwrap_or(u16::MAX));
    table.set_header([
        "variant",
        "kernels",
        "word",
        "exclusive",
        "placement and cost",
        "soft-dirty",
        "uffd-wp",
        "largest swap file",
    ]);
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for layout in chosen {
        let bit = |flag| layout.flag(flag).map_or_else(|| "-".into(), |bit| format!("bit {bit}"));
        table.add_row([
            Cell::new(layout.source.variant),
            Cell::new(layout.source.kernels),
            right(layout.width.to_string()),
            Cell::new(bit(Flag::Exclusive)),
            Cell::new(placement(layout)),
            Cell::new(bit(Flag::SoftDirty)),
            Cell::new(bit(Flag::UffdWp)),
            right(Bytes(layout.max_swap_file()).to_string()),
        ]);
    }
    let mut out = output::text();
    writeln!(out, "{table}")?;
    out.flush()?;
    Ok(())
}

/// `stolen type bit; 32 spare swap types`.
fn placement(layout: &Layout) -> String {
    match (layout.exclusive, layout.marker_cost()) {
        (Some(exclusive), Some(cost)) => match cost.to_string().as_str() {
            "none" => exclusive.placement.to_string(),
            cost => format!("{}; {cost}", exclusive.placement),
        },
        _ => "-".into(),
    }
}

fn object(layout: &Layout) -> Value {
    let kernels = layout.source.kernels;
    json!({
        "variant": layout.source.variant,
        "arch": layout.source.arch,
        "kernels": kernels.to_string(),
        "first": kernels.first.to_string(),
        "last": kernels.last.map(|last| last.to_string()),
        "width": layout.width,
        "exclusive": layout.flag(Flag::Exclusive),
        "placement": layout.exclusive.map(|exclusive| exclusive.placement.name()),
        "cost_swap_types": layout.marker_cost().map(|cost| cost.swap_types),
        "cost_bytes": layout.marker_cost().map(|cost| format!("{:#x}", cost.swap_file_bytes)),
        "soft_dirty": layout.soft_dirty,
        "uffd_wp": layout.uffd_wp,
        "largest_swap_file": format!("{:#x}", layout.max_swap_file()),
    })
}
