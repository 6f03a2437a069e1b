//! JSON lines: one object a row, with the keys of `decode --json` where they mean the same.

use std::io::{self, Write};

use serde::Serialize;

use super::{Format, RowOf};

/// Writes objects.
#[derive(Debug)]
pub(crate) struct Jsonl<W> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    /// Writes nothing yet.
    pub(crate) const fn new(out: W) -> Self {
        Self { out }
    }

    /// The stream, after the last line.
    pub(crate) fn into_inner(self) -> W {
        self.out
    }
}

#[derive(Serialize)]
struct Object {
    position: u64,
    word: String,
    r#type: Option<u8>,
    offset: Option<String>,
    exclusive: Option<bool>,
    soft_dirty: Option<bool>,
    uffd_wp: Option<bool>,
    stray: String,
}

impl<W: Write + Sync> Format for Jsonl<W> {
    type Piece = Vec<u8>;

    fn piece(&self) -> Vec<u8> {
        Vec::new()
    }

    fn add(&self, piece: &mut Vec<u8>, row: &RowOf) {
        let [exclusive, soft_dirty, uffd_wp] = row.flags;
        let object = Object {
            position: row.position,
            word: format!("{:#x}", row.raw),
            r#type: row.swp_type,
            offset: row.offset.map(|offset| format!("{offset:#x}")),
            exclusive,
            soft_dirty,
            uffd_wp,
            stray: format!("{:#x}", row.stray),
        };
        // Numbers and strings, into memory: nothing that could fail.
        let _ = serde_json::to_writer(&mut *piece, &object);
        piece.push(b'\n');
    }

    fn write(&mut self, piece: Vec<u8>) -> io::Result<()> {
        self.out.write_all(&piece)
    }
}
