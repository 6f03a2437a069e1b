//! Readings for people: a block of lines for each word and, where kernels differ, for each of them.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use swp_pte::Bytes;
use swp_pte_draw::{Drawing, Role, wrapped};

use super::Decoded;
use crate::eras::Answer;
use crate::reading::{Leaf, Reader, Reading};
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
    for answer in [&decoded.answer].into_iter().chain(&decoded.older) {
        if !first {
            writeln!(out)?;
        }
        first = false;
        let kernels =
            if target.assumed { format!("kernels {}", answer.kernels) } else { format!("kernel {}", target.kernel) };
        let bold = Style::new().bold();
        let digits = answer.reader.row().layout().width as usize / 4 + 2;
        writeln!(out, "{bold}{:#0digits$x}{bold:#}  {}, {kernels}", decoded.word, target.row.variant())?;
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
    let plain = Style::new();
    line(out, "kind", plain.bold(), reading.kind)?;
    if let Some(why) = &reading.present_why {
        line(out, "no access", AnsiColor::Yellow.on_default(), why)?;
    }
    if let (Some(swp_type), Some(offset)) = (reading.swp_type, reading.offset) {
        if let Some(leaf) = &reading.softleaf {
            line(out, "is", plain, &describe(leaf, swp_type))?;
        }
        line(out, "type", Role::Type.style(), &swp_type.to_string())?;
        line(out, "offset", Role::Offset.style(), &place(reading, reader, &offset.to_string()))?;
        let flags = [
            ("exclusive", reading.exclusive, Role::Exclusive),
            ("soft-dirty", reading.soft_dirty, Role::Marker),
            ("uffd-wp", reading.uffd_wp, Role::Marker),
        ];
        for (name, flag, role) in flags {
            match flag {
                Some(true) => line(out, name, role.style(), "yes")?,
                Some(false) => line(out, name, plain, "no")?,
                None => line(out, name, plain.dimmed(), "no such bit in this layout")?,
            }
        }
    }
    if let Ok(stray) = u64::try_from(reading.stray.0)
        && stray != 0
    {
        let bits = reader.row().layout().named_bits(stray);
        line(
            out,
            "stray",
            AnsiColor::Red.on_default(),
            &format!("{stray:#x}: {bits}; no kernel leaves a swap PTE so"),
        )?;
    }
    for note in &reading.notes {
        line(out, "note", AnsiColor::Yellow.on_default(), note)?;
    }
    Ok(())
}

/// `a page in swap file 0`, `migration-read: page frame 0x1234, young, not dirty`.
fn describe(leaf: &Leaf, swp_type: u64) -> String {
    if leaf.name == "swap" {
        return format!("a page in swap file {swp_type}");
    }
    let not = |set: bool, what: &str| if set { what.to_owned() } else { format!("not {what}") };
    let mut parts = Vec::new();
    parts.extend(leaf.pfn.map(|pfn| format!("page frame {pfn}")));
    parts.extend(leaf.young.map(|young| not(young, "young")));
    parts.extend(leaf.dirty.map(|dirty| not(dirty, "dirty")));
    match &leaf.markers {
        Some(markers) if markers.is_empty() => parts.push("no flag".into()),
        Some(markers) => parts.extend(markers.iter().cloned()),
        None => {}
    }
    if parts.is_empty() { leaf.name.into() } else { format!("{}: {}", leaf.name, parts.join(", ")) }
}

/// `0x41, byte 0x41000 of the swap file (pages of 4 KiB)`.
fn place(reading: &Reading, reader: &Reader, offset: &str) -> String {
    let pages = Bytes(1 << reader.page_shift());
    match reading.byte_offset {
        Some(bytes) => format!("{offset}, byte {bytes} of the swap file (pages of {pages})"),
        None => offset.into(),
    }
}
