//! `swp-pte diff`: what changed in a variant between two kernels.

use std::fmt::Display;
use std::io::Write;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use serde_json::json;
use swp_pte::{BitList, Flag, Layout, Level, Release, SwpType};
use swp_pte_atlas::SwapTypes;
use swp_pte_draw::{Drawing, is_own, title, wrapped};

use crate::kconfig::BuildArgs;
use crate::target::{KernelArgs, NameParser, Target, Wanted};
use crate::{Error, json as objects, output};

/// The options of `diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The variant
    #[arg(value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    variant: Wanted,
    /// The older kernel, as `uname -r` prints it
    #[arg(long, value_name = "RELEASE")]
    from: Release,
    /// The newer kernel
    #[arg(long, value_name = "RELEASE", required_unless_present = "layout")]
    to: Option<Release>,
    /// Instead of a newer kernel's, a layout of your own, as TOML: what `cargo xtask oracle --toml` writes of your tree
    #[arg(long, value_name = "TOML", conflicts_with = "to")]
    layout: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    build: BuildArgs,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte diff arm64 --from 6.1 --to 6.12
  swp-pte diff ppc-book3s64-64k --from 5.10 --to 6.1
  swp-pte diff x86_64 --from 6.12 --layout docs/layout.toml    a layout of your own";

/// The longest text that can stand beside another, `migration-read-exclusive`.
const SHORT: usize = 24;

/// One thing that is not as it was.
struct Change {
    what: String,
    from: String,
    to: String,
}

/// Compares.
///
/// # Errors
/// [`Error::Usage`] for a kernel outside the record.
pub fn run(args: &Args) -> Result<(), Error> {
    let kernels: Vec<_> = [Some(args.from), args.to].into_iter().flatten().collect();
    let variant = args.variant.variant(&kernels)?;
    let find = |kernel| {
        let kernel = KernelArgs { kernel: Some(kernel), ..KernelArgs::default() };
        Target::find(&Wanted::exactly(variant), &kernel.asked(&args.build)?, Level::Pte)
    };
    let from = find(args.from)?;
    let to = match (&args.layout, args.to) {
        (Some(path), _) => Target::of_file(path, &KernelArgs::default().asked(&args.build)?)?,
        (None, Some(to)) => find(to)?,
        (None, None) => return Err(Error::Usage("give --to, or a --layout".into())),
    };
    let later = args.to.map_or_else(|| "your own layout".to_owned(), |to| to.to_string());
    for line in [from.assumption(), to.assumption()].into_iter().flatten() {
        output::complain("note", &line);
    }
    if args.variant.is_ambiguous() {
        let kernels: Vec<_> = kernels.iter().map(ToString::to_string).collect();
        let what = format!("{} can only be {variant} in {}", args.variant.name(), kernels.join(" and "));
        output::complain("note", &what);
    }
    let (before, after) = (from.row.layout(), to.row.layout());
    let mut changes = layout_changes(before, after);
    changes.extend(numbering_changes(&from.types(), &to.types()));
    if args.json {
        let mut out = output::data();
        let changes: Vec<_> =
            changes.iter().map(|change| json!({ "what": change.what, "from": change.from, "to": change.to })).collect();
        objects::write_line(
            &mut out,
            &json!({
                "variant": variant,
                "from": kernel(&from),
                "to": kernel(&to),
                "changes": changes,
            }),
        )?;
        return Ok(out.flush()?);
    }
    let mut out = output::text();
    let width = output::width();
    let moved = moved(before, after);
    if before.source == after.source {
        writeln!(out, "{}: kernels {} and {later} have the same layout", variant, args.from)?;
        write!(out, "{}", Drawing::new(after).columns(width).coloured())?;
    } else {
        for (kernel, layout) in [(args.from.to_string(), before), (later, after)] {
            let bold = Style::new().bold();
            if is_own(layout) {
                writeln!(out, "{bold}{}{bold:#} ({kernel})", title(layout))?;
            } else {
                writeln!(out, "{bold}{variant} in {kernel}{bold:#} (kernels {})", layout.source.kernels)?;
            }
            write!(out, "{}", Drawing::new(layout).columns(width).coloured().marked(moved))?;
        }
        writeln!(out, "* has a bit that is not what it was in the other kernel")?;
    }
    if changes.is_empty() {
        writeln!(out, "nothing changed")?;
    } else {
        writeln!(out)?;
    }
    list(&mut out, &changes, width)?;
    if before.source != after.source && !is_own(after) {
        writeln!(out, "\n{}", wrapped(&format!("since: {}", after.source.since), width, 0))?;
    }
    out.flush()?;
    Ok(())
}

/// A kernel and its layout as an object.
fn kernel(target: &Target) -> serde_json::Value {
    let mut object = json!({ "kernel": target.release.to_string(), "layout": objects::layout(target.row.layout()) });
    if let Some(assumed) = target.assumption() {
        object["assumed"] = assumed.into();
    }
    object
}

/// Each change on one line if there is room, as for renumbered types, else on two.
fn list(out: &mut dyn Write, changes: &[Change], width: usize) -> Result<(), Error> {
    let longest = |text: fn(&Change) -> &str| changes.iter().map(|change| text(change).chars().count()).max();
    let name = longest(|change| &change.what).unwrap_or_default();
    let (red, green) = (AnsiColor::Red.on_default(), AnsiColor::Green.on_default());
    let short = |text: &str| text.chars().count() <= SHORT;
    for Change { what, from, to } in changes {
        if short(from) && short(to) && name + 2 * SHORT + 8 <= width {
            writeln!(out, "  {what:<name$}  {red}{from:<SHORT$}{red:#} → {green}{to}{green:#}")?;
        } else {
            writeln!(out, "  {what:<name$}  {red}- {}{red:#}", wrapped(from, width, name + 6))?;
            writeln!(out, "  {:name$}  {green}+ {}{green:#}", "", wrapped(to, width, name + 6))?;
        }
    }
    Ok(())
}

/// The bits whose owner changed, or the bit of a value that they hold.
fn moved(before: &Layout<'_>, after: &Layout<'_>) -> u64 {
    let owner = |layout: &Layout<'_>, bit: u32| {
        let value =
            |field: &swp_pte::Field| (0..field.width()).find(|value_bit| field.position(*value_bit) == Some(bit));
        let claim = match layout.claim(bit) {
            swp_pte::Claim::Type => format!("type {:?}", value(&layout.swp_type)),
            swp_pte::Claim::Offset => format!("offset {:?}", value(&layout.swp_offset)),
            swp_pte::Claim::Flag(flag) => flag.name().into(),
            swp_pte::Claim::Reserved(reserved) => reserved.name.into(),
            swp_pte::Claim::Unused => String::new(),
        };
        (claim, layout.always_one >> bit & 1)
    };
    (0..before.width.max(after.width))
        .filter(|bit| owner(before, *bit) != owner(after, *bit))
        .fold(0, |bits, bit| bits | 1 << bit)
}

fn layout_changes(before: &Layout<'_>, after: &Layout<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut compare = |what: &str, from: &dyn Display, to: &dyn Display| {
        let (from, to) = (from.to_string(), to.to_string());
        if from != to {
            changes.push(Change { what: what.into(), from, to });
        }
    };
    compare("word", &format_args!("{} bits", before.width), &format_args!("{} bits", after.width));
    compare("type", &before.swp_type, &after.swp_type);
    compare("offset", &before.swp_offset, &after.swp_offset);
    for flag in Flag::ALL {
        let bit = |layout: &Layout<'_>| layout.flag(flag).map_or_else(|| "none".into(), |bit| format!("bit {bit}"));
        compare(flag.name(), &bit(before), &bit(after));
    }
    let file = |layout: &Layout<'_>| swp_pte::Bytes(layout.max_swap_file());
    compare("largest swap file", &file(before), &file(after));
    let ones = |layout: &Layout<'_>| match layout.always_one {
        0 => "none".into(),
        bits => BitList(bits).to_string(),
    };
    compare("always 1", &ones(before), &ones(after));
    let present = |layout: &Layout<'_>| {
        let patterns: Vec<_> = layout.present.iter().map(|present| BitList(present.mask).to_string()).collect();
        patterns.join(", or ")
    };
    compare("present if set", &present(before), &present(after));
    let reserved = |layout: &Layout<'_>| {
        let names: Vec<_> = layout
            .reserved
            .iter()
            .rev()
            .map(|reserved| format!("{} {}", BitList(reserved.bits), reserved.name))
            .collect();
        names.join("; ")
    };
    compare("looked at", &reserved(before), &reserved(after));
    let unused = |layout: &Layout<'_>| match layout.unused_mask() {
        0 => "none".into(),
        bits => BitList(bits).to_string(),
    };
    compare("unused", &unused(before), &unused(after));
    changes
}

/// Types that mean something else.
fn numbering_changes(before: &SwapTypes, after: &SwapTypes) -> Vec<Change> {
    let mut changes = Vec::new();
    for number in (0..=SwpType::MAX.get()).filter_map(|number| SwpType::new(number).ok()) {
        let (from, to) = (before.meaning(number).name(), after.meaning(number).name());
        if from != to {
            let what = format!("swap type {}", number.get());
            changes.push(Change { what, from: from.into(), to: to.into() });
        }
    }
    changes
}
