//! Comma-separated values (RFC 4180) with a header line. No value ever needs quotes.
//!
//! `position` and `offset` are decimal, `raw` and `stray` hexadecimal, a marker is `true` or `false`, and what does not
//! apply is empty.

use std::io::{self, Write};

use super::{COLUMNS, Format, RowOf};

/// Writes lines.
#[derive(Debug)]
pub(crate) struct Csv<W> {
    out: W,
}

impl<W: Write> Csv<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn new(mut out: W) -> io::Result<Self> {
        writeln!(out, "{}", COLUMNS.join(","))?;
        Ok(Self { out })
    }

    /// The stream, after the last line.
    pub(crate) fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write + Sync> Format for Csv<W> {
    type Piece = Vec<u8>;

    fn piece(&self) -> Vec<u8> {
        Vec::new()
    }

    fn add(&self, piece: &mut Vec<u8>, row: &RowOf) {
        // Writing into memory does not fail.
        let _ = line(piece, row);
    }

    fn write(&mut self, piece: Vec<u8>) -> io::Result<()> {
        self.out.write_all(&piece)
    }
}

fn line(out: &mut Vec<u8>, row: &RowOf) -> io::Result<()> {
    write!(out, "{},{:#x},", row.position, row.raw)?;
    if let (Some(swp_type), Some(offset)) = (row.swp_type, row.offset) {
        write!(out, "{swp_type},{offset}")?;
    } else {
        out.push(b',');
    }
    for flag in row.flags {
        out.extend_from_slice(match flag {
            Some(true) => b",true",
            Some(false) => b",false",
            None => b",",
        });
    }
    writeln!(out, ",{:#x}", row.stray)
}
