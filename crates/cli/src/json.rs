//! The objects that commands print, one a line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use swp_pte::{Field, Flag, Layout, Level, Pattern};
use swp_pte_forms::{Doubts, Form};

use crate::Error;
use crate::eras::{Answer, Answers};
use crate::reading::{EntryReading, Hex, Keys, Reading, Said};
use crate::target::Target;

/// A number that was read. The keys are promised; see the manual.
#[derive(Debug, Serialize)]
pub struct Object<'a> {
    input: &'a str,
    form: &'static str,
    word: Option<Hex<u64>>,
    variant: Option<&'static str>,
    kernel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<String>,
    #[serde(flatten)]
    keys: Keys,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Hex<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagemap: Option<Hex<u64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    eras: Vec<Era>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
}

/// What some kernels say of it.
#[derive(Debug, Serialize)]
struct Era {
    kernels: String,
    #[serde(flatten)]
    keys: Keys,
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
    /// A raw word as one kernel reads it.
    #[must_use]
    pub fn new(input: &'a str, word: u64, target: &Target, reading: &Reading) -> Self {
        let said = Said::Word(*reading);
        let keys = Keys::of(&said, &Doubts::NONE, &[]);
        Self::of(input, Form::of_level(target.level), word, Some(target), &said, keys)
    }

    /// A number as the newest kernel reads it, with what all kernels say where they differ.
    #[must_use]
    pub fn with_eras(input: &'a str, form: Form, number: u64, target: &Target, answers: &Answers) -> Self {
        let keys = |answer: &Answer| Keys::of(&answer.said, &answer.doubts, &answer.hints);
        let object = Self::of(input, form, number, Some(target), &answers.newest.said, keys(&answers.newest));
        if answers.older.is_empty() {
            return object;
        }
        let eras = answers.all().map(|answer| Era { kernels: answer.kernels.to_string(), keys: keys(answer) });
        Self { eras: eras.collect(), ..object }
    }

    /// A number of which no kernel is known.
    #[must_use]
    pub fn without_target(input: &'a str, form: Form, number: u64, said: &Said) -> Self {
        Self::of(input, form, number, None, said, Keys::of(said, &Doubts::NONE, &[]))
    }

    fn of(input: &'a str, form: Form, number: u64, target: Option<&Target>, said: &Said, keys: Keys) -> Self {
        let word = match said {
            Said::Word(_) => Some(Hex(number)),
            Said::Entry(EntryReading { word, .. }) => word.as_ref().ok().map(|word| Hex(*word)),
            Said::Pagemap(_) => None,
        };
        Self {
            input,
            form: form.name(),
            word,
            variant: target.map(|target| target.row.variant()),
            kernel: target.map(|target| target.kernel.to_string()),
            release: target
                .map(|target| target.release.to_string())
                .filter(|release| target.is_some_and(|target| *release != target.kernel.to_string())),
            assumed: target.and_then(Target::assumption),
            keys,
            entry: (form == Form::Entry).then_some(Hex(number)),
            pagemap: (form == Form::Pagemap).then_some(Hex(number)),
            eras: Vec::new(),
            level: form.level().and_then(level),
        }
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
