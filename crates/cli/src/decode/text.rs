//! Readings for people: a block of lines for each word and, where kernels differ, for each of them.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use swp_pte::{Bytes, Flag, Level};
use swp_pte_atlas::Softleaf;
use swp_pte_draw::{Drawing, Role, wrapped};
use swp_pte_forms::Form;

use super::Decoded;
use crate::eras::{Answer, Answers};
use crate::reading::{EntryReading, Hex, PagemapReading, Reader, Reading, Said, Swap, leaf_name, marker_names};
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
    let Decoded { form, number, answers } = decoded;
    for answer in answers.all() {
        if !first {
            writeln!(out)?;
        }
        first = false;
        head(out, target, *form, *number, answer, "")?;
        block(out, answer)?;
        let word = match &answer.said {
            Said::Word(_) => Some(*number),
            Said::Entry(EntryReading { word, .. }) => word.ok(),
            Said::Pagemap(_) => None,
        };
        if let Some(word) = word.filter(|_| picture) {
            let drawing = Drawing::new(answer.reader.row().layout()).word(word);
            write!(out, "{}", drawing.columns(output::width()).coloured())?;
        }
    }
    Ok(())
}

/// Prints what all kernels say of a number, with what stands behind its first line.
pub(crate) fn answers(
    out: &mut dyn Write,
    target: &Target,
    form: Form,
    number: u64,
    answers: &Answers,
    behind: &str,
) -> Result<(), Error> {
    for answer in answers.all() {
        head(out, target, form, number, answer, behind)?;
        block(out, answer)?;
    }
    Ok(())
}

/// The line above what a kernel says of a number.
fn head(
    out: &mut dyn Write,
    target: &Target,
    form: Form,
    number: u64,
    answer: &Answer,
    behind: &str,
) -> Result<(), Error> {
    let level = match form.level() {
        None | Some(Level::Pte) => String::new(),
        Some(level) => format!(", level {level}"),
    };
    let kernels =
        if target.assumed { format!("kernels {}", answer.kernels) } else { format!("kernel {}", target.release) };
    let bold = Style::new().bold();
    let (digits, what) = match form {
        Form::Entry => (target.row.facts().long_bits as usize / 4 + 2, "entry "),
        Form::Pagemap => (18, "pagemap "),
        _ => (answer.reader.row().layout().width as usize / 4 + 2, ""),
    };
    writeln!(out, "{what}{bold}{number:#0digits$x}{bold:#}  {}, {kernels}{level}{behind}", target.row.variant())?;
    Ok(())
}

/// A line of a block: its name, and what it says.
pub(crate) fn line(out: &mut dyn Write, name: &str, style: Style, what: &str) -> Result<(), Error> {
    writeln!(out, "  {name:<12}{style}{}{style:#}", wrapped(what, output::width(), INDENT))?;
    Ok(())
}

/// What kernels say of a number, a line for each thing.
pub(crate) fn block(out: &mut dyn Write, answer: &Answer) -> Result<(), Error> {
    let Answer { reader, said, .. } = answer;
    let warning = AnsiColor::Yellow.on_default();
    match said {
        Said::Word(reading) => word(out, reader, reading)?,
        Said::Entry(reading) => {
            place_of(out, reader, &reading.swap)?;
            match &reading.word {
                Ok(word) => {
                    let digits = reader.row().layout().width as usize / 4 + 2;
                    line(out, "pte", Style::new(), &format!("{word:#0digits$x}, with no marker set"))?;
                }
                Err(lost) => line(out, "pte", warning, &lost.to_string())?,
            }
        }
        Said::Pagemap(reading) => pagemap(out, Some(reader), reading)?,
    }
    for doubt in answer.doubts.iter() {
        line(out, "doubt", warning, &doubt.to_string())?;
    }
    for note in said.notes().iter().chain(&answer.hints) {
        line(out, "note", warning, note)?;
    }
    Ok(())
}

/// What a raw word says.
fn word(out: &mut dyn Write, reader: &Reader, reading: &Reading) -> Result<(), Error> {
    line(out, "kind", Style::new().bold(), reading.name())?;
    match reading {
        Reading::None { .. } => {}
        Reading::Present { inaccessible, frame } => {
            if let Some(why) = inaccessible {
                line(out, "no access", AnsiColor::Yellow.on_default(), &why.to_string())?;
            }
            match frame {
                Some(frame) => {
                    let address = u128::from(*frame) << reader.page_shift();
                    line(out, "frame", Style::new(), &format!("{frame:#x}, byte {address:#x} of memory"))?;
                }
                // One level up most words point to tables.
                None if reader.level() == Level::Pmd => {}
                None => line(out, "frame", Style::new().dimmed(), reader.no_frame())?,
            }
        }
        Reading::Swap(swap) => entry(out, reader, swap)?,
    }
    Ok(())
}

/// What a pagemap word says; without a reader the entry has no name.
pub(super) fn pagemap(out: &mut dyn Write, reader: Option<&Reader>, reading: &PagemapReading) -> Result<(), Error> {
    let plain = Style::new();
    line(out, "kind", plain.bold(), reading.name())?;
    match (reader, &reading.swap) {
        (Some(reader), Some(swap)) => place_of(out, reader, swap)?,
        (None, Some(swap)) => {
            line(out, "type", Role::Type.style(), &swap.swp_type.to_string())?;
            line(out, "offset", Role::Offset.style(), &Hex(swap.offset).to_string())?;
        }
        (_, None) => {}
    }
    if let Some(frame) = reading.frame() {
        line(out, "frame", plain, &Hex(frame).to_string())?;
    }
    let flags = [
        ("file/shared", reading.pagemap.file_or_shared),
        ("mapped once", reading.pagemap.mapped_exclusively),
        ("soft-dirty", reading.pagemap.soft_dirty),
        ("uffd-wp", reading.pagemap.uffd_wp),
        ("guard", reading.pagemap.guard),
    ];
    for (name, set) in flags {
        line(out, name, plain, if set { "yes" } else { "no" })?;
    }
    Ok(())
}

/// What an entry is, and where.
fn place_of(out: &mut dyn Write, reader: &Reader, swap: &Swap) -> Result<(), Error> {
    line(out, "is", Style::new(), &describe(swap))?;
    line(out, "type", Role::Type.style(), &swap.swp_type.to_string())?;
    line(out, "offset", Role::Offset.style(), &place(swap, reader))
}

/// What a swap PTE says.
fn entry(out: &mut dyn Write, reader: &Reader, swap: &Swap) -> Result<(), Error> {
    let plain = Style::new();
    place_of(out, reader, swap)?;
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
pub(crate) fn describe(swap: &Swap) -> String {
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
