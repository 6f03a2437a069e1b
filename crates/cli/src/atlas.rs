//! `swp-pte atlas`: the table of every layout, and the vendors' kernels that are not what their version says.

use std::io::Write;

use anstyle::Style;
use comfy_table::{Cell, CellAlignment};
use serde_json::{Value, json};
use swp_pte::{Build, Bytes, Flag, Layout};
use swp_pte_atlas::{Bits, Evidence, Numbering, Row, STABLE, StableChange, VENDORS, VendorRange, rows_of, variants};
use swp_pte_draw::wrapped;

use crate::target::{NameParser, Wanted};
use crate::{Error, json as objects, output};

/// The options of `atlas`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the layouts of this variant, or of those that a name of an architecture can mean
    #[arg(value_name = "VARIANT", value_parser = NameParser)]
    variant: Option<Wanted>,
    /// Vendors' kernels and stable updates that are not what their version says, each with its evidence
    #[arg(long)]
    vendors: bool,
    /// One JSON object per layout, or per range of vendors' builds, and line
    #[arg(long)]
    json: bool,
}

/// Prints the table.
///
/// # Errors
/// Output that cannot be written.
pub fn run(args: &Args) -> Result<(), Error> {
    let is = |name: &str| args.variant.as_ref().is_none_or(|wanted| wanted.variants().any(|variant| variant == name));
    let rows: Vec<_> = variants().filter(|name| is(name)).flat_map(rows_of).collect();
    let covered = |range: &&VendorRange| rows.iter().any(|row| range.covers(row.variant()));
    let ranges: Vec<_> = VENDORS.iter().filter(covered).collect();
    let changes: Vec<_> = STABLE.iter().filter(|change| is(change.variant)).collect();
    if args.json {
        let mut out = output::data();
        if args.vendors {
            for object in
                ranges.iter().map(|range| vendor_object(range)).chain(changes.iter().map(|one| stable_object(one)))
            {
                objects::write_line(&mut out, &object)?;
            }
        } else {
            for row in rows {
                let mut object = objects::layout(row.layout());
                object["grade"] = row.grade().name().into();
                objects::write_line(&mut out, &object)?;
            }
        }
        return Ok(out.flush()?);
    }
    let mut out = output::text();
    if args.vendors {
        vendors(&mut out, &ranges, &changes)?;
    } else {
        layouts(&mut out, &rows)?;
        if !ranges.is_empty() || !changes.is_empty() {
            writeln!(
                out,
                "\n{}",
                wrapped(
                    "Vendors' kernels and stable updates that are not what their version says: `swp-pte atlas --vendors`",
                    output::width(),
                    0
                )
            )?;
        }
    }
    Ok(out.flush()?)
}

fn layouts(out: &mut dyn Write, rows: &[&Row]) -> Result<(), Error> {
    let header = ["variant", "kernels", "known", "word", "E", "placement and cost of E", "SD", "WP", "largest file"];
    let mut table = output::table(header, Some(5));
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for row in rows {
        let layout = row.layout();
        let bit = |flag| layout.flag(flag).map_or_else(|| "-".into(), |bit| bit.to_string());
        table.add_row([
            Cell::new(layout.source.variant),
            Cell::new(format!("{:#}", layout.source.kernels)),
            Cell::new(row.grade().name()),
            right(layout.width.to_string()),
            right(bit(Flag::Exclusive)),
            Cell::new(placement(layout)),
            right(bit(Flag::SoftDirty)),
            right(bit(Flag::UffdWp)),
            right(Bytes(layout.max_swap_file()).to_string()),
        ]);
    }
    writeln!(out, "{}\n", table.trim_fmt())?;
    writeln!(out, "E, SD, WP: the bits of the exclusive marker, soft-dirty and uffd-wp")?;
    let known = "known: measured in the kernel's compiled headers, captured from a running kernel, read in a header, or \
                 from a changelog";
    writeln!(out, "{}", wrapped(known, output::width(), 0))?;
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

/// A paragraph for each range.
fn vendors(out: &mut dyn Write, ranges: &[&VendorRange], changes: &[&StableChange]) -> Result<(), Error> {
    const INDENT: usize = 10;
    let mut separator = "";
    let mut paragraph = |title: &str, lines: &[(&str, String)]| -> Result<(), Error> {
        let bold = Style::new().bold();
        writeln!(out, "{separator}{bold}{title}{bold:#}")?;
        separator = "\n";
        for (name, what) in lines {
            writeln!(out, "  {name:<8}{}", wrapped(what, output::width(), INDENT))?;
        }
        Ok(())
    };
    let known = |what: &str, evidence: Option<Evidence>| match evidence {
        Some(evidence) => format!("{what}; {}: {}", evidence.grade, evidence.source),
        None => format!("{what}, which is assumed"),
    };
    for range in ranges {
        let title = format!("{} {}, {}", range.vendor, range.series, builds(range));
        let mut lines = Vec::new();
        if !range.variants.is_empty() {
            lines.push(("of", range.variants.join(", ")));
        }
        lines.push(("bits", known(&bits(range.bits), range.bits_from)));
        lines.push(("types", known(&numberings(range), range.types_from)));
        for stock in range.stock {
            let on = stock.on.map_or("not known", |on| if on { "y" } else { "n" });
            let of =
                if stock.variants.is_empty() { String::new() } else { format!(" ({})", stock.variants.join(", ")) };
            lines.push(("stock", format!("{}: {on}{of}", stock.option)));
        }
        let seen = match (range.known_from, range.known_to) {
            (None, None) => String::new(),
            (Some(first), None) => format!("from {first} on"),
            (None, Some(last)) => format!("up to {last}"),
            (Some(first), Some(last)) => format!("from {first} to {last}"),
        };
        if !seen.is_empty() {
            lines.push(("looked", format!("at builds {seen}; the others are taken to be alike")));
        }
        paragraph(&title, &lines)?;
    }
    for change in changes {
        let title = format!("{} {}.{} and later", change.variant, change.series, change.first);
        paragraph(&title, &[("bits", known(&bits(change.bits), Some(change.evidence)))])?;
    }
    Ok(())
}

/// `builds 179 to before 293`.
fn builds(range: &VendorRange) -> String {
    match (range.first, range.end) {
        (first, None) if first == Build::default() => "every build".into(),
        (first, Some(end)) if first == Build::default() => format!("builds before {end}"),
        (first, Some(end)) => format!("builds from {first} to before {end}"),
        (first, None) => format!("builds from {first} on"),
    }
}

fn bits(bits: Bits) -> String {
    match bits {
        Bits::Series => "as upstream".into(),
        Bits::Of(kernel) => format!("as upstream's {kernel}"),
        Bits::Row(row) => {
            let layout = row.layout();
            let run = |field: &swp_pte::Field| {
                let bits: Vec<_> = field.runs().map(|run| format!("{}-{}", run.bit, run.bit + run.len - 1)).collect();
                format!("{}{}", bits.join(", "), if field.is_inverted() { " inverted" } else { "" })
            };
            let flags: String = swp_pte::Flag::ALL
                .into_iter()
                .filter_map(|flag| Some(format!(", {} {}", flag.name(), layout.flag(flag)?)))
                .collect();
            format!("as no upstream release: type {}, offset {}{flags}", run(&layout.swp_type), run(&layout.swp_offset))
        }
        _ => String::new(),
    }
}

/// What a numbering has, beside what all have.
fn numbering(numbering: Numbering) -> String {
    let marker = format!("{:?}", numbering.marker).to_lowercase();
    let no = |has: bool| if has { "" } else { "no " };
    format!(
        "{}migration-read-exclusive, {} device-exclusive, markers {marker} with flags {:#b}, {}swapin-error, offsets {}divided",
        no(numbering.read_exclusive),
        numbering.device_exclusive,
        numbering.marker_mask,
        no(numbering.swapin_error),
        if numbering.divides_offset { "" } else { "not " }
    )
}

fn numberings(range: &VendorRange) -> String {
    match range.types {
        [] => "as upstream".into(),
        several => several.iter().map(|one| numbering(*one)).collect::<Vec<_>>().join("; or "),
    }
}

fn evidence(evidence: Option<Evidence>) -> Value {
    evidence.map_or(Value::Null, |evidence| json!({ "grade": evidence.grade.name(), "source": evidence.source }))
}

fn vendor_object(range: &VendorRange) -> Value {
    let types = |one: &Numbering| {
        json!({
            "read_exclusive": one.read_exclusive,
            "device_exclusive": one.device_exclusive,
            "marker": format!("{:?}", one.marker).to_lowercase(),
            "swapin_error": one.swapin_error,
            "marker_mask": one.marker_mask,
            "divides_offset": one.divides_offset,
        })
    };
    json!({
        "vendor": range.vendor.name(),
        "series": range.series.to_string(),
        "first": range.first.to_string(),
        "end": range.end.map(|end| end.to_string()),
        "known_from": range.known_from.map(|first| first.to_string()),
        "known_to": range.known_to.map(|last| last.to_string()),
        "variants": range.variants,
        "bits": bits(range.bits),
        "bits_from": evidence(range.bits_from),
        "types": range.types.iter().map(types).collect::<Vec<_>>(),
        "types_from": evidence(range.types_from),
        "stock": range.stock.iter().map(|stock| json!({
            "option": stock.option.name(),
            "on": stock.on,
            "variants": stock.variants,
        })).collect::<Vec<_>>(),
    })
}

fn stable_object(change: &StableChange) -> Value {
    json!({
        "variant": change.variant,
        "series": change.series.to_string(),
        "first": format!("{}.{}", change.series, change.first),
        "bits": bits(change.bits),
        "bits_from": evidence(Some(change.evidence)),
    })
}
