//! Readings for people: a block of lines for each word and, where kernels differ, for each of them.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use swp_pte::{Bytes, Flag, Level};
use swp_pte_atlas::Softleaf;
use swp_pte_draw::{Drawing, Role, wrapped};

use super::Decoded;
use crate::eras::Answer;
use crate::reading::{Hex, Reader, Reading, Swap, leaf_name, marker_names};
use crate::target::Target;
use crate::{Error, output};

/// Columns before what a line says.
const INDENT: usize = 14;

/// Prints a word, under every kernel that reads it differently, with a blank line between two blocks.
pub(super) fn print(
    out: &mut dyn Write,
    target: &Target,
    decoded: &Decoded,
    picture: bool,
    mut first: bool,
) -> Result<(), Error> {
    let level = if target.level == Level::Pte { String::new() } else { format!(", level {}", target.level) };
    for answer in decoded.answers.all() {
        if !first {
            writeln!(out)?;
        }
        first = false;
        let kernels =
            if target.assumed { format!("kernels {}", answer.kernels) } else { format!("kernel {}", target.release) };
        let bold = Style::new().bold();
        let digits = answer.reader.row().layout().width as usize / 4 + 2;
        writeln!(out, "{bold}{:#0digits$x}{bold:#}  {}, {kernels}{level}", decoded.word, target.row.variant())?;
        block(out, answer)?;
        if picture {
            let drawing = Drawing::new(answer.reader.row().layout()).word(decoded.word);
            write!(out, "{}", drawing.columns(output::width()).coloured())?;
        }
    }
    Ok(())
}

fn line(out: &mut dyn Write, name: &str, style: Style, what: &str) -> Result<(), Error> {
    writeln!(out, "  {name:<12}{style}{}{style:#}", wrapped(what, output::width(), INDENT))?;
    Ok(())
}

fn block(out: &mut dyn Write, answer: &Answer) -> Result<(), Error> {
    let Answer { reader, reading, .. } = answer;
    let warning = AnsiColor::Yellow.on_default();
    line(out, "kind", Style::new().bold(), reading.name())?;
    match reading {
        Reading::Present { inaccessible: Some(why) } => line(out, "no access", warning, &why.to_string())?,
        Reading::None { .. } | Reading::Present { .. } => {}
        Reading::Swap(swap) => entry(out, reader, swap)?,
    }
    for note in reading.notes() {
        line(out, "note", warning, &note)?;
    }
    Ok(())
}

/// What a swap PTE says.
fn entry(out: &mut dyn Write, reader: &Reader, swap: &Swap) -> Result<(), Error> {
    let plain = Style::new();
    line(out, "is", plain, &describe(swap))?;
    line(out, "type", Role::Type.style(), &swap.swp_type.to_string())?;
    line(out, "offset", Role::Offset.style(), &place(swap, reader))?;
    for (flag, set) in swap.flags() {
        let role = if flag == Flag::Exclusive { Role::Exclusive } else { Role::Marker };
        match set {
            Some(true) => line(out, flag.name(), role.style(), "yes")?,
            Some(false) => line(out, flag.name(), plain, "no")?,
            None => line(out, flag.name(), plain.dimmed(), "no such bit in this layout")?,
        }
    }
    if swap.stray != 0 {
        let bits = reader.row().layout().named_bits(swap.stray);
        let text = format!("{:#x}: {bits}; no upstream kernel leaves a swap PTE so", swap.stray);
        line(out, "stray", AnsiColor::Red.on_default(), &text)?;
    }
    Ok(())
}

/// `a page in swap file 0`, `migration-read: page frame 0x1234, young, not dirty`.
fn describe(swap: &Swap) -> String {
    let not = |set: bool, what: &str| if set { what.to_owned() } else { format!("not {what}") };
    let frame = |pfn: u64| format!("page frame {pfn:#x}");
    let parts = match swap.softleaf {
        Some(Softleaf::Swap { .. }) => return format!("a page in swap file {}", swap.swp_type),
        Some(Softleaf::Migration { pfn, young, dirty, .. }) => {
            let young = young.map(|young| not(young, "young"));
            let dirty = dirty.map(|dirty| not(dirty, "dirty"));
            [frame(pfn)].into_iter().chain(young).chain(dirty).collect()
        }
        Some(
            Softleaf::DevicePrivate { pfn, .. } | Softleaf::DeviceExclusive { pfn, .. } | Softleaf::Hwpoison { pfn },
        ) => vec![frame(pfn)],
        Some(Softleaf::Marker(markers)) => match marker_names(markers) {
            none if none.is_empty() => vec!["no flag".into()],
            names => names,
        },
        _ => Vec::new(),
    };
    let name = leaf_name(swap.softleaf.as_ref());
    let candidates = swap.candidates();
    if !candidates.is_empty() {
        let how = "by how this kernel was built, which --config or --vmlinux tells";
        return format!("unnamed: {}, {how}", candidates.join(" or "));
    }
    if parts.is_empty() { name.into() } else { format!("{name}: {}", parts.join(", ")) }
}

/// `0x41, byte 0x41000 of the swap file (pages of 4 KiB)`.
fn place(swap: &Swap, reader: &Reader) -> String {
    let (offset, pages) = (Hex(swap.offset), Bytes(1 << reader.page_shift()));
    match swap.byte_offset {
        Some(bytes) => format!("{offset}, byte {bytes:#x} of the swap file (pages of {pages})"),
        None => offset.to_string(),
    }
}
