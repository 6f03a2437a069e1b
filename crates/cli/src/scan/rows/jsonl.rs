//! JSON lines: one object a row, with the keys of `decode --json` where they mean the same.

use std::io;

use swp_pte::Layout;
use swp_pte_scan::SwapWord;

use super::text::{Line, Tails, Text};
use super::{COLUMNS, FIRST_MARKER, Format};

/// Writes objects. Their values are numbers, hexadecimal numbers, `true`, `false` and `null`, none of which needs an
/// escape, so that they are written as text; a test holds them against what serde writes.
#[derive(Debug)]
pub(crate) struct Jsonl {
    tails: Tails,
}

impl Jsonl {
    /// Rows of a layout.
    ///
    /// # Errors
    /// None but those of the program.
    pub(crate) fn new(layout: &Layout<'_>) -> io::Result<Self> {
        let tails = Tails::new(layout, |tail, flags| {
            for (name, set) in COLUMNS.into_iter().skip(FIRST_MARKER).zip(flags) {
                write!(tail, ",\"{name}\":{}", set.map_or("null", |set| if set { "true" } else { "false" }))?;
            }
            write!(tail, ",\"stray\":\"0x")
        });
        Ok(Self { tails: tails? })
    }

    /// What follows the place, from the digits of the word on.
    #[inline(always)]
    fn rest(&self, line: &mut Line<'_>, row: &SwapWord) {
        line.hex(row.word);
        if let Some(entry) = row.entry {
            line.text(b"\",\"type\":");
            line.decimal(entry.swp_type().get());
            line.text(b",\"offset\":\"0x");
            line.hex(entry.offset().get());
            line.text(b"\"");
        } else {
            line.text(b"\",\"type\":null,\"offset\":null");
        }
        line.tail(&self.tails, row.word);
        line.hex(row.stray);
        line.text(b"\"}\n");
    }
}

impl Format for Jsonl {
    type Piece = Text;

    #[inline]
    fn add(&self, piece: &mut Text, row: &SwapWord) {
        piece.line(|line| {
            line.text(b"{\"position\":");
            line.decimal(row.position);
            line.text(b",\"word\":\"0x");
            self.rest(line, row);
        });
    }

    #[inline]
    fn add_in_dump(&self, piece: &mut Text, row: &SwapWord, position: Option<u64>) {
        piece.line(|line| {
            line.text(b"{\"position\":");
            match position {
                Some(position) => line.decimal(position),
                None => line.text(b"null"),
            }
            line.text(b",\"physical\":\"0x");
            line.hex(row.position);
            line.text(b"\",\"word\":\"0x");
            self.rest(line, row);
        });
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::super::RowOf;
    use super::super::tests::each_row;
    use super::*;

    #[derive(Serialize)]
    struct Object {
        position: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        physical: Option<String>,
        word: String,
        r#type: Option<u8>,
        offset: Option<String>,
        exclusive: Option<bool>,
        soft_dirty: Option<bool>,
        uffd_wp: Option<bool>,
        stray: String,
    }

    fn expected(row: &RowOf) -> String {
        let [exclusive, soft_dirty, uffd_wp] = row.flags;
        let object = Object {
            position: row.position,
            physical: row.physical.map(|physical| format!("{physical:#x}")),
            word: format!("{:#x}", row.raw),
            r#type: row.swp_type,
            offset: row.offset.map(|offset| format!("{offset:#x}")),
            exclusive,
            soft_dirty,
            uffd_wp,
            stray: format!("{:#x}", row.stray),
        };
        serde_json::to_string(&object).unwrap() + "\n"
    }

    #[test]
    fn lines_are_what_serde_writes() {
        each_row(Jsonl::new, |lines, markers, word, row| {
            assert_eq!(lines.of(word), expected(row));
            for position in [None, Some(0), Some(u64::MAX)] {
                let row = RowOf::in_dump(markers, word, position);
                assert_eq!(lines.in_dump(word, position), expected(&row));
            }
        });
    }
}
