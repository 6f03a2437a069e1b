//! The objects that commands print, one a line.

use std::io::{self, Write};

use serde::Serialize;

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
