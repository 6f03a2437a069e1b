//! A layout as Rust, ready for a backend: what `Layout::new` and its `with_` methods take.

use std::fmt::Write as _;

use swp_pte::{BitList, Field, KernelVersion, Layout, Pattern};

use super::memory::Memory;

/// The source and the layout as two constants. What belongs to the variant and is no part of a layout's constructor, as
/// the words in memory, is said in a comment.
pub(super) fn literal(layout: &Layout, memory: Memory) -> String {
    let mut text = source(layout);
    let _ = writeln!(
        text,
        "// VARIANT: words of {} bits, {memory} in memory, page shift {}\nconst LAYOUT: Layout<'static> = {};",
        layout.width,
        layout.page_shift,
        constructor(layout).join("\n    ")
    );
    text.truncate(text.trim_end().len());
    text
}

fn version(version: KernelVersion) -> String {
    format!("KernelVersion::new({}, {})", version.major, version.minor)
}

fn source(layout: &Layout) -> String {
    let source = &layout.source;
    let measured: Vec<_> = source.measured.iter().map(|kernel| version(*kernel)).collect();
    let mut text = String::from("const SOURCE: Source<'static> = Source {\n");
    let _ = writeln!(text, "    arch: {:?},\n    variant: {:?},", source.arch, source.variant);
    let _ =
        writeln!(text, "    level: Level::Pte,\n    kernels: KernelRange::since({}),", version(source.kernels.first));
    let _ = writeln!(text, "    measured: &[{}],", measured.join(", "));
    let _ = writeln!(text, "    header: {:?},\n    symbols: {:?},", source.header, source.symbols);
    let _ = writeln!(text, "    since: {:?},\n}};\n", source.since);
    text
}

/// The constructor and then a method for each thing that the layout has, a line each.
fn constructor(layout: &Layout) -> Vec<String> {
    let (swp_type, swp_offset) = (field(&layout.swp_type), field(&layout.swp_offset));
    let mut calls = vec![format!("Layout::new(&VARIANT, SOURCE, {swp_type}, {swp_offset})")];
    let mut with = |name: &str, arguments: String| calls.push(format!(".with_{name}({arguments})"));
    if let Some(exclusive) = layout.exclusive {
        with("exclusive", format!("{}, Placement::{:?}", exclusive.bit, exclusive.placement));
    }
    layout.soft_dirty.into_iter().for_each(|bit| with("soft_dirty", bit.to_string()));
    layout.uffd_wp.into_iter().for_each(|bit| with("uffd_wp", bit.to_string()));
    if layout.always_one != 0 {
        with("always_one", format!("{:#x}", layout.always_one));
    }
    let (none, ignored) = (layout.none.value, !layout.none.mask & layout.word_mask());
    with("none", format!("Pattern::exactly({none:#x}, {ignored:#x})"));
    let present: Vec<_> = layout.present.iter().map(pattern).collect();
    with("present", format!("&[{}]", present.join(", ")));
    let mut reserved = String::new();
    for it in layout.reserved {
        let _ = write!(
            reserved,
            "\n        // {}\n        Reserved {{ bits: {:#x}, name: {:?}, reason: {:?} }},",
            BitList(it.bits),
            it.bits,
            it.name,
            it.reason
        );
    }
    if !reserved.is_empty() {
        with("reserved", format!("&[{reserved}\n    ]"));
    }
    calls
}

fn pattern(it: &Pattern) -> String {
    match it.mask == it.value && it.value.is_power_of_two() {
        true => format!("Pattern::all_ones(1 << {})", it.value.trailing_zeros()),
        false => format!("Pattern {{ mask: {:#x}, value: {:#x} }}", it.mask, it.value),
    }
}

fn field(field: &Field) -> String {
    let runs: Vec<_> = field.runs().collect();
    let mut text = match runs.as_slice() {
        [run] if run.value_bit == 0 => format!("Field::new({}, {})", run.bit, run.len),
        runs => {
            let runs: Vec<_> = runs
                .iter()
                .map(|run| format!("Run {{ bit: {}, len: {}, value_bit: {} }}", run.bit, run.len, run.value_bit))
                .collect();
            format!("Field::split([{}])", runs.join(", "))
        }
    };
    if field.is_inverted() {
        text += ".inverted()";
    }
    if field.written_bits() != field.width() {
        let _ = write!(text, ".writing({})", field.written_bits());
    }
    text
}
