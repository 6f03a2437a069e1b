//! `cargo xtask generate`: what can be drawn from the atlas is drawn, not typed.
//!
//! - beside each layout's module, a page with its picture, placement and source, which its documentation includes;
//! - the parts of the README between `<!-- NAME -->` and `<!-- end NAME -->`.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use swp_pte::{ByteOrder, Bytes, EncodeError, Field, Flag, KernelVersion, Layout, SwpEntry};
use swp_pte_conformance::{Backend, subjects};

use crate::files;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if anything would change
    #[arg(long)]
    check: bool,
}

impl Args {
    /// Only look.
    pub(crate) const CHECK: Self = Self { check: true };
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut stale = Vec::new();
    for (path, text) in wanted()? {
        // A page that is not there yet is as stale as one that differs.
        if fs::read_to_string(&path).is_ok_and(|now| now == text) {
            continue;
        }
        stale.push(files::relative(&path));
        if !args.check {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            println!("wrote {}", files::relative(&path));
        }
    }
    if args.check && !stale.is_empty() {
        bail!("not as the atlas has it: {}; run `cargo xtask generate`", stale.join(", "));
    }
    Ok(())
}

/// Every generated file with the text that it must have.
fn wanted() -> Result<Vec<(PathBuf, String)>> {
    let backends = subjects();
    let mut wanted = Vec::new();
    for backend in &backends {
        wanted.push((module(backend)?.with_extension("md"), page(backend.layout)));
    }
    let readme = files::root().join("README.md");
    let mut text = files::read(&readme)?;
    text = replace(&text, "layouts", &layouts_table(&backends))?;
    text = replace(&text, "picture", &example_picture())?;
    wanted.push((readme, text));
    Ok(wanted)
}

/// The source file of a backend: `swp_pte_arm64::since_6_10::Pte` is `crates/arm64/src/since_6_10.rs`.
pub(crate) fn module(backend: &Backend) -> Result<PathBuf> {
    let mut parts = backend.path.split("::");
    let arch = parts.next().and_then(|name| name.strip_prefix("swp_pte_"));
    let arch = arch.with_context(|| format!("{} is in no architecture crate", backend.path))?;
    let mut path = files::root().join("crates").join(arch).join("src");
    path.extend(parts.take_while(|part| *part != "Pte"));
    path.set_extension("rs");
    if !path.is_file() {
        bail!("{} should be in {}", backend.path, files::relative(&path));
    }
    Ok(path)
}

/// Replaces what stands between the two marks of a name.
fn replace(text: &str, name: &str, new: &str) -> Result<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end {name} -->"));
    let parts = text.split_once(&open).and_then(|(head, rest)| rest.split_once(&close).map(|(_, tail)| (head, tail)));
    let (head, tail) = parts.with_context(|| format!("README.md has no place for {name:?}"))?;
    Ok(format!("{head}{open}{new}{close}{tail}"))
}

/// The page of a layout.
fn page(layout: &Layout) -> String {
    let source = &layout.source;
    let mut page = format!("\n```text\n{}```\n\n| | |\n|---|---|\n", layout.picture());
    let mut line = |name: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| {name} | {value} |");
    };
    line("variant", format!("`{}`", source.variant));
    line("kernels", format!("{}; {}", source.kernels, measured(source.measured)));
    let order = match layout.memory_order {
        ByteOrder::Big => "big-endian",
        ByteOrder::Little => "little-endian",
    };
    line("word", format!("{} bits, {order} in memory", layout.width));
    line("swap type", field(&layout.swp_type));
    line("swap offset", field(&layout.swp_offset));
    line(
        "largest offset",
        format!(
            "{:#x} pages; with pages of {} a swap file of {}",
            layout.max_offset(),
            Bytes(1 << layout.page_shift),
            Bytes(layout.max_swap_file())
        ),
    );
    line(
        "exclusive marker",
        match (layout.exclusive, layout.marker_cost()) {
            (Some(exclusive), Some(cost)) => format!("bit {}, {}; cost: {cost}", exclusive.bit, exclusive.placement),
            _ => "none: these kernels are from before it".into(),
        },
    );
    for flag in [Flag::SoftDirty, Flag::UffdWp] {
        line(flag.name(), layout.flag(flag).map_or_else(|| "not in this layout".into(), |bit| format!("bit {bit}")));
    }
    line("entry that reads as none", empty(layout));
    line("source", format!("`{}`: `{}`", source.header, source.symbols.replace(", ", "`, `")));
    line("since", source.since.into());
    page
}

fn measured(kernels: &[KernelVersion]) -> String {
    if kernels.is_empty() {
        return "never measured, read in the source".into();
    }
    let kernels: Vec<_> = kernels.iter().map(ToString::to_string).collect();
    format!("measured in {}", kernels.join(", "))
}

/// `bits 59-63`, `bits 9-58, inverted`.
fn field(field: &Field) -> String {
    let runs: Vec<_> = field.runs().map(|run| format!("{}-{}", run.bit, run.bit + run.len - 1)).collect();
    let mut text = format!("bits {}", runs.join(" and "));
    if field.is_inverted() {
        text.push_str(", inverted");
    }
    if field.written_bits() < field.width() {
        let _ = write!(text, "; of the {} that are read, {} are written", field.width(), field.written_bits());
    }
    text
}

/// The entry that encodes to the word that means none, if there is one: it is at an edge of the offset.
fn empty(layout: &Layout) -> String {
    [0, layout.max_offset()]
        .into_iter()
        .filter_map(|offset| SwpEntry::from_parts(0, offset).ok())
        .find(|entry| matches!(layout.encode(*entry), Err(EncodeError::EncodesToNone { .. })))
        .map_or_else(|| "no entry does".into(), |entry| format!("type 0, offset {:#x}", entry.offset().get()))
}

/// The README's table: one line a layout.
fn layouts_table(backends: &[Backend]) -> String {
    let mut table = String::from(
        "| variant | kernels | word | marker | cost of the marker | soft-dirty | uffd-wp | largest swap file |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for backend in backends {
        let layout = backend.layout;
        let bit = |bit: Option<u32>| bit.map_or_else(|| "-".into(), |bit| format!("bit {bit}"));
        let marker = layout.exclusive.map_or_else(|| "-".into(), |e| format!("bit {}, {}", e.bit, e.placement));
        let _ = writeln!(
            table,
            "| {} | {} | {} | {marker} | {} | {} | {} | {} |",
            layout.source.variant,
            layout.source.kernels,
            layout.width,
            layout.marker_cost().map_or_else(|| "-".into(), |cost| cost.to_string()),
            bit(layout.soft_dirty),
            bit(layout.uffd_wp),
            Bytes(layout.max_swap_file()),
        );
    }
    table
}

/// The README's picture: the layout that most readers have under their hands.
fn example_picture() -> String {
    format!(
        "```text\n{}```\n",
        swp_pte_atlas::newest("x86_64").map(|row| row.layout().picture().to_string()).unwrap_or_default()
    )
}
