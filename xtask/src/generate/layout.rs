//! The page of a layout, which its module's documentation includes.

use std::fmt::Write;

use swp_pte::{BitList, ByteOrder, Bytes, EncodeError, Field, Flag, KernelVersion, Layout, SwpEntry};

/// Picture, fields, limits, marker and source.
pub(super) fn page(layout: &Layout) -> String {
    let source = &layout.source;
    let mut page = format!("\n```text\n{}```\n\n{}\n| | |\n|---|---|\n", layout.picture(), other_bits(layout));
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

/// The bits that are neither entry nor marker, with the reason why none of them can be a marker, or that one can.
pub(super) fn other_bits(layout: &Layout) -> String {
    let mut table = String::from("| bits | value | name | who looks at it |\n|---|---|---|---|\n");
    for reserved in layout.reserved.iter().rev() {
        let value = u8::from(layout.always_one & reserved.bits != 0);
        let name = reserved.name.replace(", ", "`, `");
        let _ = writeln!(table, "| {} | {value} | `{name}` | {} |", BitList(reserved.bits), reserved.reason);
    }
    if layout.unused_mask() != 0 {
        let _ = writeln!(table, "| {} | 0 | | nobody: free for a marker |", BitList(layout.unused_mask()));
    }
    table
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
