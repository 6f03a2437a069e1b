//! The objects that commands print, one a line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use swp_pte::{Field, Flag, Layout, Level, Pattern};

use crate::Error;
use crate::eras::Answers;
use crate::reading::{Hex, Reading};
use crate::target::Target;

/// A word that was read. The keys are promised; see the manual.
#[derive(Debug, Serialize)]
pub struct Object<'a> {
    input: &'a str,
    word: Hex<u64>,
    variant: &'static str,
    kernel: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<String>,
    #[serde(flatten)]
    reading: &'a Reading,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    eras: Vec<Era<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
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

/// The level of the page tables, where it is not that of the PTE.
fn level(level: Level) -> Option<&'static str> {
    (level != Level::Pte).then(|| level.name())
}

impl<'a> Object<'a> {
    /// A word as one kernel reads it.
    #[must_use]
    pub fn new(input: &'a str, word: u64, target: &Target, reading: &'a Reading) -> Self {
        let (variant, kernel) = (target.row.variant(), target.kernel.to_string());
        let release = Some(target.release.to_string()).filter(|release| *release != kernel);
        let (assumed, eras, level) = (target.assumption(), Vec::new(), level(target.level));
        Self { input, word: Hex(word), variant, kernel, release, assumed, reading, eras, level }
    }

    /// A word as the newest kernel reads it, with what all kernels say where they differ.
    #[must_use]
    pub fn with_eras(input: &'a str, word: u64, target: &Target, answers: &'a Answers) -> Self {
        let object = Self::new(input, word, target, &answers.newest.reading);
        if answers.older.is_empty() {
            return object;
        }
        let eras = answers.all().map(|answer| Era { kernels: answer.kernels.to_string(), reading: &answer.reading });
        Self { eras: eras.collect(), ..object }
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
pub fn layout(layout: &Layout<'_>) -> Value {
    let kernels = layout.source.kernels;
    let cost = layout.marker_cost();
    let mut object = json!({
        "variant": layout.source.variant,
        "arch": layout.source.arch,
        "kernels": kernels.to_string(),
        "first": kernels.first.to_string(),
        "last": kernels.last.map(|last| last.to_string()),
        "width": layout.width,
        "page_shift": layout.page_shift,
        "memory_order": layout.memory.order.name(),
        "type": field(&layout.swp_type),
        "offset": field(&layout.swp_offset),
        "largest_swap_file": hex(layout.max_swap_file()),
        "exclusive": layout.flag(Flag::Exclusive),
        "placement": layout.exclusive.map(|exclusive| exclusive.placement.name()),
        "cost_swap_types": cost.map(|cost| cost.swap_types),
        "cost_bytes": cost.map(|cost| hex(cost.swap_file_bytes)),
        "soft_dirty": layout.soft_dirty,
        "uffd_wp": layout.uffd_wp,
        "always_one": hex(layout.always_one),
        "none": pattern(layout, layout.none),
        "present": layout.present.iter().map(|present| pattern(layout, *present)).collect::<Vec<_>>(),
        "reserved": layout.reserved.iter().map(|reserved| json!({
            "bits": hex(reserved.bits),
            "name": reserved.name,
            "reason": reserved.reason,
        })).collect::<Vec<_>>(),
        "unused": hex(layout.unused_mask()),
        "header": layout.source.header,
        "symbols": layout.source.symbols,
        "since": layout.source.since,
        "measured": layout.source.measured.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    if let (Some(level), Some(object)) = (level(layout.source.level), object.as_object_mut()) {
        object.insert("level".into(), level.into());
    }
    object
}

fn hex(number: impl std::fmt::LowerHex) -> String {
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

fn pattern(layout: &Layout<'_>, pattern: Pattern) -> Value {
    json!({
        "mask": hex(pattern.mask & layout.word_mask()),
        "value": hex(pattern.value & layout.word_mask()),
    })
}
