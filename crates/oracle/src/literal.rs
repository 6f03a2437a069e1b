//! A layout as Rust, ready for a backend: what `Layout::new` and its `with_` functions take.

use std::fmt::Write as _;

use swp_pte::{Field, KernelVersion, Layout, Pattern};

use super::memory::Memory;

/// The layout as a constant. What belongs to the variant and is no part of a layout's constructor, as the words in memory,
/// is said in a comment.
pub(super) fn literal(layout: &Layout<'_>, memory: Memory) -> String {
    format!(
        "// VARIANT: words of {} bits, {memory} in memory, page shift {}\nconst LAYOUT: Layout<'static> = {};",
        layout.width,
        layout.page_shift,
        constructor(layout).join("\n    ")
    )
}

/// The constructor and then a function for each thing that the layout has.
fn constructor(layout: &Layout<'_>) -> Vec<String> {
    let (swp_type, swp_offset) = (field(&layout.swp_type), field(&layout.swp_offset));
    let mut calls = vec![format!("Layout::new(&VARIANT, {swp_type}, {swp_offset})")];
    let mut with = |name: &str, arguments: String| calls.push(format!(".with_{name}({arguments})"));
    let source = &layout.source;
    let measured = list(source.measured, |kernel| version(*kernel));
    with("kernels", format!("KernelRange::since({}), {measured}", version(source.kernels.first)));
    let texts = [source.header, source.symbols, source.since].map(|text| format!("\n        {text:?},"));
    with("source", format!("{}\n    ", texts.concat()));
    if let Some(exclusive) = layout.exclusive {
        with("exclusive", format!("{}, Placement::{:?}", exclusive.bit, exclusive.placement));
    }
    layout.soft_dirty.into_iter().for_each(|bit| with("soft_dirty", bit.to_string()));
    layout.uffd_wp.into_iter().for_each(|bit| with("uffd_wp", bit.to_string()));
    if layout.always_one != 0 {
        with("always_one", format!("{:#x}", layout.always_one));
    }
    let (none, ignored) = (layout.none.value, !layout.none.mask & layout.word_mask());
    if (none, ignored) != (0, 0) {
        with("none", format!("Pattern::exactly({}, {})", mask(none), mask(ignored)));
    }
    with("present", list(layout.present, pattern));
    if !layout.reserved.is_empty() {
        let reserved = layout
            .reserved
            .iter()
            .map(|it| format!("\n        Reserved::new({}, {:?}, {:?}),", mask(it.bits), it.name, it.reason));
        with("reserved", format!("&[{}\n    ]", reserved.collect::<String>()));
    }
    calls
}

fn list<T>(items: &[T], one: impl Fn(&T) -> String) -> String {
    format!("&[{}]", items.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn version(version: KernelVersion) -> String {
    format!("KernelVersion::new({}, {})", version.major, version.minor)
}

/// One bit as a shift, so that its number can be read.
fn mask(mask: u64) -> String {
    match mask {
        0 | 1 => mask.to_string(),
        _ if mask.is_power_of_two() => format!("1 << {}", mask.trailing_zeros()),
        _ => format!("{mask:#x}"),
    }
}

fn pattern(it: &Pattern) -> String {
    match it.mask == it.value {
        true => format!("Pattern::all_ones({})", mask(it.value)),
        false => format!("Pattern {{ mask: {:#x}, value: {:#x} }}", it.mask, it.value),
    }
}

fn field(field: &Field) -> String {
    let runs: Vec<_> = field.runs().collect();
    let mut text = match runs.as_slice() {
        [run] if run.value_bit == 0 => format!("Field::new({}, {})", run.bit, run.len),
        runs => {
            let run = |run: &swp_pte::Run| {
                format!("Run {{ bit: {}, len: {}, value_bit: {} }}", run.bit, run.len, run.value_bit)
            };
            format!("Field::split([{}])", runs.iter().map(run).collect::<Vec<_>>().join(", "))
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
