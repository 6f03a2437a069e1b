//! Rows, one per entry: whose, where, which word, and what it says.

use std::io::{self, Write};

use serde::Serialize;
use swp_pte_dump::Missing;
use swp_pte_reading::{Hex, Keys, Reading, Swap, leaf_name};
use swp_pte_walk::{Entry, Geometry, Item};

use super::engine::Tree;
use super::place::{Places, What};
use crate::rows::Sink;

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

    /// Bits that are not as an encoder leaves them: of a word that is no swap entry none, as in JSON.
    pub(crate) fn stray(&self) -> u64 {
        self.swap().map_or(0, |swap| swap.stray)
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

/// A number as hex in quotes, and a comma.
fn hex(piece: &mut Vec<u8>, number: u64) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    piece.extend_from_slice(b"\"0x");
    let digits = 16 - (number | 1).leading_zeros() / 4;
    for place in (0..digits).rev() {
        piece.push(DIGITS[(number >> (place * 4) & 0xf) as usize]);
    }
    piece.extend_from_slice(b"\",");
}

/// The row of a page in a swap file of which there is nothing else to say: what nearly all are, put together in a fifth of the
/// time. `false` if it is another.
fn plain(piece: &mut Vec<u8>, row: &Row<'_>) -> bool {
    let What::Reading(reading @ Reading::Swap(swap)) = row.what else { return false };
    let Some(byte_offset) = swap.byte_offset.and_then(|offset| u64::try_from(offset).ok()) else { return false };
    if swap.stray != 0 || !reading.notes().is_empty() || row.places.doubts(row.entry, reading).iter().next().is_some() {
        return false;
    }
    let entry = row.entry;
    let decimal = |piece: &mut Vec<u8>, number: u64| {
        piece.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    };
    let text = |piece: &mut Vec<u8>, text: Option<&str>| {
        // Memory takes whatever is written.
        let _ = serde_json::to_writer(piece, &text);
    };
    piece.extend_from_slice(b"{\"pid\":");
    match row.tree.pid {
        Some(pid) => decimal(piece, pid),
        None => piece.extend_from_slice(b"null"),
    }
    piece.extend_from_slice(b",\"comm\":");
    text(piece, row.tree.comm.as_deref());
    piece.extend_from_slice(b",\"va\":");
    hex(piece, entry.address);
    piece.extend_from_slice(b"\"level\":\"");
    piece.extend_from_slice(Geometry::level_name(entry.level).as_bytes());
    piece.extend_from_slice(b"\",\"table\":");
    hex(piece, entry.table);
    piece.extend_from_slice(b"\"word\":");
    hex(piece, entry.word);
    piece.extend_from_slice(b"\"kind\":\"swap\",\"type\":");
    decimal(piece, swap.swp_type);
    piece.extend_from_slice(b",\"offset\":");
    hex(piece, swap.offset);
    piece.extend_from_slice(b"\"byte_offset\":");
    hex(piece, byte_offset);
    for (name, (_, set)) in ["exclusive", "soft_dirty", "uffd_wp"].into_iter().zip(swap.flags()) {
        piece.push(b'"');
        piece.extend_from_slice(name.as_bytes());
        let value: &[u8] = match set {
            None => b"\":null,",
            Some(true) => b"\":true,",
            Some(false) => b"\":false,",
        };
        piece.extend_from_slice(value);
    }
    piece.extend_from_slice(
        b"\"stray\":\"0x0\",\"softleaf\":{\"name\":\"swap\"},\"present_why\":null,\"frame\":null,\"doubt\":[],\"swap_file\":",
    );
    text(piece, row.swap_file());
    piece.extend_from_slice(b"}\n");
    true
}

impl Jsonl {
    /// A row of any kind.
    fn any(piece: &mut Vec<u8>, row: &Row<'_>) {
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
}

impl Format for Jsonl {
    type Piece = Vec<u8>;

    fn row(&self, piece: &mut Vec<u8>, row: &Row<'_>) {
        if !plain(piece, row) {
            Self::any(piece, row);
        }
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
            Hex(row.stray()),
            row.softleaf().unwrap_or_default(),
            quoted(row.swap_file()),
        );
    }
}

#[cfg(test)]
mod tests {
    use swp_pte::{KernelVersion, Level, SwpEntry};
    use swp_pte_walk::{Root, X86_64};

    use super::*;
    use crate::target::Target;

    #[test]
    fn a_row_that_is_put_together_by_hand_is_that_of_the_library() {
        let mut by_hand = 0;
        for variant in ["x86_64", "arm64", "s390", "riscv-rv64"] {
            let kernel = KernelVersion::new(6, 12);
            let row = swp_pte_atlas::find(variant, kernel).unwrap();
            for name in [None, Some("/dev/v\"da\u{e4}".to_owned())] {
                let places = Places::of_target(Target::of_row(row, Level::Pte, kernel), vec![name.clone(), None]);
                for (pid, comm) in [(None, None), (Some(7), Some("a\\b\n".to_owned()))] {
                    let tree = Tree { pid, comm, geometry: X86_64, root: Root::new(0), last: None, unreadable: None };
                    let words = (0..64).map(|bit| 1_u64 << bit).chain((0..32).flat_map(|swp_type| {
                        [1, 0x21d, 0xffff_ffff, 1 << 40].map(|offset| {
                            let entry = SwpEntry::from_parts(swp_type, offset).unwrap();
                            row.encode(entry).map_or(0, swp_pte_atlas::Word::bits)
                        })
                    }));
                    for word in words.flat_map(|word| (0..16).map(move |low| word ^ low)) {
                        let entry =
                            Entry { address: 0x7f00_1234_5000, level: 1, table: 0x1000, at: 0, word, leaf: false };
                        let Some(what) = places.what(&entry) else { continue };
                        let row = Row { tree: &tree, entry: &entry, what: &what, places: &places };
                        let (mut one, mut other) = (Vec::new(), Vec::new());
                        by_hand += usize::from(plain(&mut one, &row));
                        Jsonl::any(&mut other, &row);
                        assert!(
                            one.is_empty() || one == other,
                            "{:?}",
                            (String::from_utf8(one), String::from_utf8(other))
                        );
                    }
                }
            }
        }
        assert!(by_hand > 1000, "{by_hand}");
    }
}
