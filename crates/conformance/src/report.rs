//! What a run found: counts, and a failure for everything that went wrong.

use std::fmt::{Display, Formatter};

use serde::Serialize;
use swp_pte::{Layout, Level};

use crate::describe;

/// The checks of the harness, each named for what it holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Decoding an encoded entry gives the entry back.
    RoundTrip,
    /// `encode` is affine over GF(2), so that zero and the one-hot entries fix it completely.
    Affine,
    /// An encoded entry, with any markers, is neither none nor present; the one that would be is refused.
    NeverNoneOrPresent,
    /// The largest offset encodes; one more is an error with the right numbers.
    Limits,
    /// A marker changes its own bit and nothing else; set and clear are idempotent and inverse.
    Markers,
    /// The layout found by probing the backend one bit at a time is the layout declared.
    Probe,
    /// The backend and the interpreter of the layout's data agree, on entries and on arbitrary words.
    Data,
    /// Every legal place for a marker works, and every other bit is refused for a reason that brute force confirms.
    Placement,
    /// The kernel's own place for the marker was among the candidates of the layout before it.
    History,
    /// The header of a vector file: word size, byte order, constants of the build.
    VectorHeader,
    /// The kernel's encoder, and its markers on encoded entries.
    VectorEncode,
    /// The kernel's predicates, decoder and markers on arbitrary words.
    VectorRaw,
    /// A word out of a running kernel, with pagemap as ground truth.
    VectorLive,
    /// A layout that was measured has vectors.
    VectorPresence,
}

impl Display for Check {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::RoundTrip => "round-trip",
            Self::Affine => "affine",
            Self::NeverNoneOrPresent => "never-none-or-present",
            Self::Limits => "limits",
            Self::Markers => "markers",
            Self::Probe => "probe",
            Self::Data => "data",
            Self::Placement => "placement",
            Self::History => "history",
            Self::VectorHeader => "vector-header",
            Self::VectorEncode => "vector-encode",
            Self::VectorRaw => "vector-raw",
            Self::VectorLive => "vector-live",
            Self::VectorPresence => "vector-presence",
        })
    }
}

/// Something that is not as it must be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Failure {
    /// The variant of the layout.
    pub variant: &'static str,
    /// Its kernels.
    pub kernels: String,
    /// The check that caught it.
    pub check: Check,
    /// What was put in; for vectors, with file and line.
    pub input: String,
    /// What had to come out.
    pub expected: String,
    /// What came out.
    pub got: String,
    /// The bits that differ, by name; empty where no single word is at fault.
    pub differ: String,
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} ({}), check {}:", self.variant, self.kernels, self.check)?;
        writeln!(f, "  input     {}", self.input)?;
        writeln!(f, "  expected  {}", self.expected)?;
        write!(f, "  got       {}", self.got)?;
        if !self.differ.is_empty() {
            write!(f, "\n  differ    {}", self.differ)?;
        }
        Ok(())
    }
}

/// Why the checks speak for every encoding of a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// Each one was encoded and decoded.
    Enumerated,
    /// The encoder is affine over GF(2): zero and the one-hot entries were checked, and they fix all others.
    Affine,
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Enumerated => "each one",
            Self::Affine => "affine",
        })
    }
}

/// How many encodings the checks speak for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Coverage {
    /// All pairs of type and offset that fit the layout.
    pub encodings: u128,
    /// By which argument.
    pub argument: Argument,
}

/// The counts and the failures of one layout.
#[derive(Clone, Debug)]
pub struct Report {
    /// The layout.
    pub layout: &'static Layout<'static>,
    /// Comparisons made.
    pub checks: u64,
    /// Cases of vector files run.
    pub vectors: u64,
    /// Comparisons that went wrong, counted.
    pub failed: u64,
    /// The first of them, a few for each check.
    pub failures: Vec<Failure>,
}

impl Report {
    /// How many failures of one check are kept; all are counted.
    const KEPT: usize = 5;

    /// Nothing checked yet.
    #[must_use]
    pub const fn new(layout: &'static Layout<'static>) -> Self {
        Self { layout, checks: 0, vectors: 0, failed: 0, failures: Vec::new() }
    }

    /// Counts a comparison; `failure` gives input, expected, got and the bits that differ if it went wrong.
    pub(crate) fn check(
        &mut self,
        check: Check,
        holds: bool,
        failure: impl FnOnce() -> (String, String, String, String),
    ) {
        self.checks += 1;
        if holds {
            return;
        }
        self.failed += 1;
        if self.failures.iter().filter(|failure| failure.check == check).count() >= Self::KEPT {
            return;
        }
        let (input, expected, got, differ) = failure();
        let source = &self.layout.source;
        let (variant, kernels) = (source.variant, source.kernels.to_string());
        self.failures.push(Failure { variant, kernels, check, input, expected, got, differ });
    }

    /// Counts comparisons that went right.
    pub(crate) const fn hold(&mut self, checks: u64) {
        self.checks += checks;
    }

    /// Compares two words.
    pub(crate) fn words(&mut self, check: Check, input: impl FnOnce() -> String, expected: u64, got: u64) {
        let layout = self.layout;
        self.check(check, expected == got, || {
            (input(), describe::hex(expected), describe::hex(got), describe::bits(layout, expected ^ got))
        });
    }

    /// Compares two values that are no words.
    pub(crate) fn values<T: PartialEq + std::fmt::Debug>(
        &mut self,
        check: Check,
        input: impl FnOnce() -> String,
        expected: &T,
        got: &T,
    ) {
        self.check(check, expected == got, || {
            (input(), format!("{expected:#x?}"), format!("{got:#x?}"), String::new())
        });
    }

    /// Adds the counts and failures of another report on the same layout.
    pub fn merge(&mut self, other: Self) {
        self.checks += other.checks;
        self.vectors += other.vectors;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }

    /// A layout that compiled headers were asked about must have vectors by now, or they vanished.
    pub fn check_vectors_present(&mut self) {
        let (source, vectors) = (&self.layout.source, self.vectors);
        // Vector files are of PTEs; the helpers of a higher level are asked by the oracle alone.
        let measured = if source.level == Level::Pte { source.measured } else { &[] };
        self.check(Check::VectorPresence, measured.is_empty() || vectors > 0, || {
            ("the vector files".into(), format!("answers of {} kernels", measured.len()), "none".into(), String::new())
        });
    }

    /// Whether a check caught anything.
    #[must_use]
    pub fn caught_by(&self, check: Check) -> bool {
        self.failures.iter().any(|failure| failure.check == check)
    }
}
