//! What became of each variant.

use std::path::PathBuf;

use super::compare::Comparison;
use super::variants::Variant;
use super::write::Output;

/// What became of one variant.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Built and compared.
    Compared(Box<Comparison>),
    /// The tree does not have it.
    Skipped(String),
    /// It should have worked.
    Failed(String),
}

/// One variant's end.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) variant: &'static Variant,
    pub(super) verdict: Verdict,
    pub(super) outputs: Vec<Output>,
    pub(super) log: Option<PathBuf>,
    pub(super) seconds: f64,
}
