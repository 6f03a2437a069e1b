//! Comma-separated values (RFC 4180) with a header line. No value ever needs quotes.
//!
//! `position` and `type` are decimal, `raw`, `offset` and `stray` hexadecimal, as in JSON, a marker is `true` or `false`, and what does not
//! apply is empty.

use std::io::{self, Write};

use swp_pte::Layout;
use swp_pte_scan::SwapWord;

use super::text::{Line, Tails, Text};
use super::{COLUMNS, Format, IN_DUMP};

/// Writes lines.
#[derive(Debug)]
pub(crate) struct Csv {
    tails: Tails,
}

impl Csv {
    /// Rows of a layout.
    ///
    /// # Errors
    /// None but those of the program.
    pub(crate) fn new(layout: &Layout<'_>) -> io::Result<Self> {
        let tails = Tails::new(layout, |tail, flags| {
            for flag in flags {
                write!(tail, ",{}", flag.map_or("", |set| if set { "true" } else { "false" }))?;
            }
            write!(tail, ",0x")
        });
        Ok(Self { tails: tails? })
    }

    /// The header.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn begin(out: &mut impl Write, in_dump: bool) -> io::Result<()> {
        let (place, rest) = COLUMNS.split_at(1);
        let place = if in_dump { &IN_DUMP } else { place };
        writeln!(out, "{},{}", place.join(","), rest.join(","))
    }

    /// What follows the place.
    #[inline(always)]
    fn rest(&self, line: &mut Line<'_>, row: &SwapWord) {
        line.text(b",0x");
        line.hex(row.word);
        line.text(b",");
        if let Some(entry) = row.entry {
            line.decimal(entry.swp_type().get());
            line.text(b",0x");
            line.hex(entry.offset().get());
        } else {
            line.text(b",");
        }
        line.tail(&self.tails, row.word);
        line.hex(row.stray);
        line.text(b"\n");
    }
}

impl Format for Csv {
    type Piece = Text;

    #[inline]
    fn add(&self, piece: &mut Text, row: &SwapWord) {
        piece.line(|line| {
            line.decimal(row.position);
            self.rest(line, row);
        });
    }

    #[inline]
    fn add_in_dump(&self, piece: &mut Text, row: &SwapWord, position: Option<u64>) {
        piece.line(|line| {
            if let Some(position) = position {
                line.decimal(position);
            }
            line.text(b",0x");
            line.hex(row.position);
            self.rest(line, row);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::RowOf;
    use super::super::tests::each_row;
    use super::*;

    /// The same line, the obvious way.
    fn expected(row: &super::super::RowOf) -> String {
        fn or_empty(value: Option<impl ToString>) -> String {
            value.map_or_else(String::new, |value| value.to_string())
        }
        let [exclusive, soft_dirty, uffd_wp] = row.flags.map(or_empty);
        let (swp_type, offset) = (or_empty(row.swp_type), or_empty(row.offset.map(|offset| format!("{offset:#x}"))));
        let (raw, stray) = (row.raw, row.stray);
        let physical = row.physical.map_or_else(String::new, |physical| format!(",{physical:#x}"));
        let position = or_empty(row.position) + &physical;
        format!("{position},{raw:#x},{swp_type},{offset},{exclusive},{soft_dirty},{uffd_wp},{stray:#x}\n")
    }

    #[test]
    fn lines_are_what_the_standard_library_writes() {
        each_row(Csv::new, |lines, markers, word, row| {
            assert_eq!(lines.of(word), expected(row));
            for position in [None, Some(0), Some(u64::MAX)] {
                let row = RowOf::in_dump(markers, word, position);
                assert_eq!(lines.in_dump(word, position), expected(&row));
            }
        });
    }
}
