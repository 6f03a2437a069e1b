//! Vector files: what compiled kernel headers answered, and words read out of running kernels.
//!
//! JSON lines; the first line says what the rest is. A file is read whole before anything is compared: one that does
//! not parse is an error with its line and reason, never a file with fewer cases.

mod encode;
mod format;
mod header;
mod live;
mod raw;

use std::fmt::{Display, Formatter};
use std::io::{BufRead, Read};

use swp_pte::{KernelVersion, Release};
use swp_pte_atlas::{Config, LookupError, Numbering, Row, Softleaf, SwapTypes, find_release};

use crate::Report;
use format::{Header, Hex, LiveHeader};

/// What the cases of a file are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VectorKind {
    /// Entries, and the words that the kernel made of them.
    Encode,
    /// Arbitrary words, and what the kernel's functions said of them.
    Raw,
    /// Words out of a running kernel.
    Live,
}

/// A file that cannot be used, with the line to blame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VectorError {
    /// The file, as named by the caller.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl Display for VectorError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for VectorError {}

/// The cases of a file.
#[derive(Debug)]
enum Cases {
    Encode(Header, Vec<encode::Case>),
    Raw(Header, Vec<raw::Case>),
    Live(LiveHeader, Vec<live::Case>),
}

/// A vector file, read and found whole.
#[derive(Debug)]
pub struct VectorFile {
    name: String,
    row: &'static Row,
    kernel: KernelVersion,
    numbering: Numbering,
    cases: Cases,
}

/// The longest line that is read; the longest of our own has some two thousand characters.
const LONGEST_LINE: u64 = 1 << 20;

/// The lines of a file, one at a time, each with its number.
struct Lines<R> {
    reader: R,
    file: String,
    line: usize,
}

impl<R: BufRead> Lines<R> {
    fn error(&self, reason: impl Display) -> VectorError {
        VectorError { file: self.file.clone(), line: self.line.max(1), reason: reason.to_string() }
    }

    /// What serde says of a line, without its own count of lines: each is parsed alone.
    fn malformed(&self, error: &serde_json::Error) -> VectorError {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        match error.column() {
            0 => self.error(reason),
            column => self.error(format_args!("{reason} at column {column}")),
        }
    }

    /// The next line, parsed; `None` at the end. Empty lines are passed over.
    fn next<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>, VectorError> {
        loop {
            self.line += 1;
            let mut line = Vec::new();
            let read = (&mut self.reader).take(LONGEST_LINE + 1).read_until(b'\n', &mut line);
            read.map_err(|error| self.error(error))?;
            if line.is_empty() {
                return Ok(None);
            }
            if u64::try_from(line.len()).is_ok_and(|len| len > LONGEST_LINE) {
                return Err(self.error(format_args!("a line of more than {LONGEST_LINE} bytes")));
            }
            if !line.trim_ascii().is_empty() {
                return serde_json::from_slice(&line).map(Some).map_err(|error| self.malformed(&error));
            }
        }
    }

    /// The cases up to the end, as many as the header promised.
    fn cases<T: serde::de::DeserializeOwned>(&mut self, promised: usize) -> Result<Vec<T>, VectorError> {
        let mut cases = Vec::new();
        while let Some(case) = self.next()? {
            cases.push(case);
        }
        if cases.len() != promised {
            return Err(self.error(format_args!("the header promises {promised} cases, the file has {}", cases.len())));
        }
        Ok(cases)
    }
}

impl VectorFile {
    /// Reads a whole file; `name` is for the messages.
    ///
    /// # Errors
    /// [`VectorError`] for the first line that is not as the format has it, for a number of cases other than the
    /// header's, and for a variant or kernel that the atlas does not know.
    pub fn read(name: &str, reader: impl BufRead) -> Result<Self, VectorError> {
        let mut lines = Lines { reader, file: name.into(), line: 0 };
        let first: serde_json::Value = lines.next()?.ok_or_else(|| lines.error("the file is empty"))?;
        if first.get("format").and_then(serde_json::Value::as_u64) != Some(1) {
            return Err(lines.error("not a vector file: the first line must be an object with \"format\": 1"));
        }
        let kind = first.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let header = |lines: &Lines<_>, value| serde_json::from_value(value).map_err(|error| lines.malformed(&error));
        let cases = match kind.as_str() {
            "encode" => {
                let header: Header = header(&lines, first)?;
                let cases = lines.cases(header.cases)?;
                Cases::Encode(header, cases)
            }
            "raw" => {
                let header: Header = header(&lines, first)?;
                let cases = lines.cases(header.cases)?;
                Cases::Raw(header, cases)
            }
            "live" => {
                let header = serde_json::from_value::<LiveHeader>(first).map_err(|error| lines.malformed(&error))?;
                let cases = lines.cases(header.cases)?;
                Cases::Live(header, cases)
            }
            _ => return Err(lines.error(format_args!("kind {kind:?} is none of encode, raw, live"))),
        };
        let (variant, kernel) = match &cases {
            Cases::Encode(header, _) | Cases::Raw(header, _) => (&header.variant, &header.kernel),
            Cases::Live(header, _) => (&header.variant, &header.kernel),
        };
        let in_header = |reason: String| VectorError { file: name.into(), line: 1, reason };
        let release: Release = kernel.parse().map_err(|error| in_header(format!("kernel {kernel:?}: {error}")))?;
        let found = find_release(variant, &release).map_err(|error| {
            in_header(match error {
                LookupError::UnknownVariant => format!("unknown variant {variant:?}"),
                error => format!("variant {variant}: {error}"),
            })
        })?;
        let kernel = release.series();
        // Of a vendor of whom several are possible, upstream's: the kernel's constants say whether it is.
        let numbering = found.types.only().unwrap_or(Numbering::of(kernel));
        Ok(Self { name: name.into(), row: found.row, kernel, numbering, cases })
    }

    /// The name that the file was read under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The row of the atlas that the file speaks of.
    #[must_use]
    pub const fn row(&self) -> &'static Row {
        self.row
    }

    /// What the cases are.
    #[must_use]
    pub const fn kind(&self) -> VectorKind {
        match self.cases {
            Cases::Encode(..) => VectorKind::Encode,
            Cases::Raw(..) => VectorKind::Raw,
            Cases::Live(..) => VectorKind::Live,
        }
    }

    /// How many cases.
    #[must_use]
    pub const fn len(&self) -> usize {
        match &self.cases {
            Cases::Encode(_, cases) => cases.len(),
            Cases::Raw(_, cases) => cases.len(),
            Cases::Live(_, cases) => cases.len(),
        }
    }

    /// Whether there are no cases at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Holds the compiled backend and the layout's data against every case.
    #[must_use]
    pub fn run(&self) -> Report {
        let mut report = Report::new(self.row.layout());
        let at = |i: usize, what: &str| format!("{}:{} {what}", self.name, i + 2);
        match &self.cases {
            Cases::Encode(header, cases) => {
                header::check(&mut report, self, header);
                for (i, case) in cases.iter().enumerate() {
                    case.check(&mut report, self.row, header, &|what| at(i, what));
                }
            }
            Cases::Raw(header, cases) => {
                header::check(&mut report, self, header);
                for (i, case) in cases.iter().enumerate() {
                    case.check(&mut report, self.row, self.kernel, header, &|what| at(i, what));
                }
            }
            Cases::Live(header, cases) => {
                header::check_memory(&mut report, self, &header.memory, None);
                live::check(&mut report, self, cases, &at);
            }
        }
        report.vectors = u64::try_from(self.len()).unwrap_or(u64::MAX);
        report
    }
}
