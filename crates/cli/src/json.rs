//! The objects that commands print, one a line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use swp_pte::{ByteOrder, Field, Flag, Layout, Pattern};

use crate::Error;
use crate::eras::Answer;
use crate::reading::{Hex, Reading};
use crate::target::Target;

/// A word that was read. The keys are promised; see the manual.
#[derive(Debug, Serialize)]
pub struct Object<'a> {
    input: &'a str,
    word: Hex,
    variant: &'static str,
    kernel: String,
    #[serde(flatten)]
    reading: &'a Reading,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    eras: Vec<Era<'a>>,
}

/// What some kernels say of it.
#[derive(Debug, Serialize)]
struct Era<'a> {
    kernels: String,
    #[serde(flatten)]
    reading: &'a Reading,
}

/// An input that could not be read.
#[derive(Debug, Serialize)]
pub struct Fault<'a> {
    /// The input.
    pub input: &'a str,
    /// What is wrong with it.
    pub error: &'a str,
}

impl<'a> Object<'a> {
    /// A word as one kernel reads it.
    #[must_use]
    pub fn new(input: &'a str, word: u64, target: &Target, reading: &'a Reading) -> Self {
        let (variant, kernel) = (target.row.variant(), target.kernel.to_string());
        Self { input, word: word.into(), variant, kernel, reading, eras: Vec::new() }
    }

    /// The same with what all kernels say, where they differ.
    #[must_use]
    pub fn eras(self, answers: impl Iterator<Item = &'a Answer>) -> Self {
        let eras = answers.map(|answer| Era { kernels: answer.kernels.to_string(), reading: &answer.reading });
        Self { eras: eras.collect(), ..self }
    }
}

/// Writes one object on a line of its own.
///
/// # Errors
/// What the system says of the output.
pub fn write_line(out: &mut dyn Write, object: &impl Serialize) -> Result<(), Error> {
    serde_json::to_writer(&mut *out, object).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// A layout, complete. Masks are hex; bits are numbered from the least significant.
#[must_use]
pub fn layout(layout: &Layout) -> Value {
    let kernels = layout.source.kernels;
    let cost = layout.marker_cost();
    json!({
        "variant": layout.source.variant,
        "arch": layout.source.arch,
        "kernels": kernels.to_string(),
        "first": kernels.first.to_string(),
        "last": kernels.last.map(|last| last.to_string()),
        "width": layout.width,
        "page_shift": layout.page_shift,
        "memory_order": match layout.memory_order {
            ByteOrder::Big => "big",
            ByteOrder::Little => "little",
        },
        "type": field(&layout.swp_type),
        "offset": field(&layout.swp_offset),
        "largest_swap_file": hex(layout.max_swap_file()),
        "exclusive": layout.flag(Flag::Exclusive),
        "placement": layout.exclusive.map(|exclusive| exclusive.placement.name()),
        "cost_swap_types": cost.map(|cost| cost.swap_types),
        "cost_bytes": cost.map(|cost| hex(cost.swap_file_bytes)),
        "soft_dirty": layout.soft_dirty,
        "uffd_wp": layout.uffd_wp,
        "always_one": hex(layout.always_one.into()),
        "none": pattern(layout, layout.none),
        "present": layout.present.iter().map(|present| pattern(layout, *present)).collect::<Vec<_>>(),
        "reserved": layout.reserved.iter().map(|reserved| json!({
            "bits": hex(reserved.bits.into()),
            "name": reserved.name,
            "reason": reserved.reason,
        })).collect::<Vec<_>>(),
        "unused": hex(layout.unused_mask().into()),
        "header": layout.source.header,
        "symbols": layout.source.symbols,
        "since": layout.source.since,
        "measured": layout.source.measured.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn hex(number: u128) -> String {
    Hex(number).to_string()
}

fn field(field: &Field) -> Value {
    let runs = field.runs().map(|run| json!({ "bit": run.bit, "len": run.len, "value_bit": run.value_bit }));
    json!({
        "runs": runs.collect::<Vec<_>>(),
        "inverted": field.is_inverted(),
        "written_bits": field.written_bits(),
    })
}

fn pattern(layout: &Layout, pattern: Pattern) -> Value {
    json!({
        "mask": hex((pattern.mask & layout.word_mask()).into()),
        "value": hex((pattern.value & layout.word_mask()).into()),
    })
}
