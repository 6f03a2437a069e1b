//! Rows, one per entry: whose, where, which word, and what it says.

use std::io::{self, Write};

use serde::Serialize;
use swp_pte_dump::Missing;
use swp_pte_reading::{Hex, Keys, Reading, Swap, leaf_name};
use swp_pte_walk::{Entry, Geometry, Item};

use super::engine::Tree;
use super::place::{Places, What};

#[cfg(feature = "parquet")]
pub(crate) mod parquet;

/// A row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) entry: &'a Entry,
    pub(crate) what: &'a What,
    pub(crate) places: &'a Places,
}

/// How rows are put together.
pub(crate) trait Format: Sync {
    /// A piece of the output, apart from the others.
    type Piece: Default + Send;

    /// Adds a row to a piece.
    fn row(&self, piece: &mut Self::Piece, row: &Row<'_>);

    /// Adds what is no entry: a part of the tables that is missing or makes no sense.
    fn problem(&self, _: &mut Self::Piece, _: &Tree, _: &Item<Missing>) {}
}

/// Where pieces go, in order.
pub(crate) trait Sink<Piece>: Send {
    /// Writes a piece and leaves it empty.
    ///
    /// # Errors
    /// What the system says, or the format.
    fn write(&mut self, piece: &mut Piece) -> io::Result<()>;
}

impl<W: Write + Send> Sink<Vec<u8>> for W {
    fn write(&mut self, piece: &mut Vec<u8>) -> io::Result<()> {
        let written = self.write_all(piece);
        piece.clear();
        written
    }
}

/// No rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nothing;

impl Format for Nothing {
    type Piece = Vec<u8>;

    fn row(&self, _: &mut Vec<u8>, _: &Row<'_>) {}
}

impl Row<'_> {
    /// The swap file that it names a page of.
    pub(crate) fn swap_file(&self) -> Option<&str> {
        self.what.page().and_then(|(swp_type, _)| self.places.name(swp_type))
    }

    /// What it says, if it is a swap entry of any kind.
    pub(crate) const fn swap(&self) -> Option<&Swap> {
        match self.what {
            What::Reading(Reading::Swap(swap)) => Some(swap),
            _ => None,
        }
    }

    /// `swap`, `present`, `none`, `unknown`.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.what {
            What::Reading(reading) => reading.name(),
            What::Unknown => "unknown",
        }
    }

    /// What a swap entry is.
    pub(crate) fn softleaf(&self) -> Option<&'static str> {
        self.swap().map(|swap| leaf_name(swap.softleaf.as_ref()))
    }
}

/// JSON, one object a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jsonl;

/// The keys of a row, which are promised; see the manual.
#[derive(Debug, Serialize)]
struct Object<'a> {
    pid: Option<u64>,
    comm: Option<&'a str>,
    va: Hex<u64>,
    level: &'static str,
    table: Hex<u64>,
    word: Hex<u64>,
    #[serde(flatten)]
    keys: Keys,
    swap_file: Option<&'a str>,
}

/// What is no entry.
#[derive(Debug, Serialize)]
struct Problem<'a> {
    pid: Option<u64>,
    comm: Option<&'a str>,
    va: Hex<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<Hex<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Hex<u64>>,
    error: String,
}

impl Format for Jsonl {
    type Piece = Vec<u8>;

    fn row(&self, piece: &mut Vec<u8>, row: &Row<'_>) {
        let entry = row.entry;
        let object = Object {
            pid: row.tree.pid,
            comm: row.tree.comm.as_deref(),
            va: Hex(entry.address),
            level: Geometry::level_name(entry.level),
            table: Hex(entry.table),
            word: Hex(entry.word),
            keys: row.places.keys(entry, row.what),
            swap_file: row.swap_file(),
        };
        // Memory takes whatever is written.
        let _ = serde_json::to_writer(&mut *piece, &object);
        piece.push(b'\n');
    }

    fn problem(&self, piece: &mut Vec<u8>, tree: &Tree, item: &Item<Missing>) {
        let (pid, comm) = (tree.pid, tree.comm.as_deref());
        let of =
            |va: u64, error: String| Problem { pid, comm, va: Hex(va), last: None, level: None, table: None, error };
        let problem = match item {
            Item::Missing { first, last, level, at, why } => Problem {
                last: Some(Hex(*last)),
                level: Some(Geometry::level_name(*level)),
                table: Some(Hex(*at)),
                ..of(*first, why.to_string())
            },
            Item::Loop(entry) => Problem {
                level: Some(Geometry::level_name(entry.level)),
                table: Some(Hex(entry.table)),
                ..of(entry.address, "the entry points at a table that it is below of".into())
            },
            Item::Spent { address } => of(*address, super::summary::SPENT.into()),
            Item::Entry(_) | Item::Table { .. } => return,
        };
        let _ = serde_json::to_writer(&mut *piece, &problem);
        piece.push(b'\n');
    }
}

/// Comma-separated values (RFC 4180) with a header line; what does not apply is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Csv;

/// The columns of CSV and Parquet.
pub(crate) const COLUMNS: [&str; 15] = [
    "pid",
    "comm",
    "va",
    "level",
    "table",
    "word",
    "kind",
    "type",
    "offset",
    "exclusive",
    "soft_dirty",
    "uffd_wp",
    "stray",
    "softleaf",
    "swap_file",
];

impl Csv {
    /// The header.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn begin(out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", COLUMNS.join(","))
    }
}

/// A text, in quotes where it needs them.
fn quoted(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}

impl Format for Csv {
    type Piece = Vec<u8>;

    fn row(&self, piece: &mut Vec<u8>, row: &Row<'_>) {
        fn or_empty(value: Option<impl ToString>) -> String {
            value.map_or_else(String::new, |value| value.to_string())
        }
        let (entry, swap) = (row.entry, row.swap());
        let [exclusive, soft_dirty, uffd_wp] =
            swap.map_or([None; 3], |swap| swap.flags().map(|(_, set)| set)).map(or_empty);
        // Memory takes whatever is written.
        let _ = writeln!(
            piece,
            "{},{},{:#x},{},{:#x},{:#x},{},{},{},{exclusive},{soft_dirty},{uffd_wp},{},{},{}",
            or_empty(row.tree.pid),
            quoted(row.tree.comm.as_deref()),
            entry.address,
            Geometry::level_name(entry.level),
            entry.table,
            entry.word,
            row.kind(),
            or_empty(swap.map(|swap| swap.swp_type)),
            or_empty(swap.map(|swap| Hex(swap.offset))),
            or_empty(swap.map(|swap| Hex(swap.stray))),
            row.softleaf().unwrap_or_default(),
            quoted(row.swap_file()),
        );
    }
}
