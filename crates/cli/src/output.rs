//! Standard output and standard error: buffered, and coloured on terminals only.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table, presets};

/// Room for some hundred lines.
const BUFFER: usize = 1 << 16;

/// Standard output for people, locked and buffered; styles are taken out where it is no terminal.
#[must_use]
pub fn text() -> impl Write {
    BufWriter::with_capacity(BUFFER, anstream::AutoStream::auto(io::stdout().lock()))
}

/// Standard output for programs, locked and buffered.
#[must_use]
pub fn data() -> impl Write {
    BufWriter::with_capacity(BUFFER, io::stdout().lock())
}

/// A table for fewer columns than these would break its words; a terminal wraps it instead.
const NARROWEST_TABLE: usize = 80;

/// A table for people, in the columns to fill: where these are not enough, the column `wide` is wrapped between words, and no
/// other.
#[must_use]
pub fn table<'a>(header: impl IntoIterator<Item = &'a str>, wide: Option<usize>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width().max(NARROWEST_TABLE)).unwrap_or(u16::MAX));
    let bold = |name: &str| Cell::new(name).add_attribute(Attribute::Bold);
    table.set_header(header.into_iter().map(bold));
    for (i, column) in table.column_iter_mut().enumerate() {
        if wide != Some(i) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// Fewer columns than these hold no text.
const NARROWEST: usize = 40;

/// The columns to fill: those of the terminal, or of `COLUMNS`, or 80; 40 at least.
#[must_use]
pub fn width() -> usize {
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    // A terminal that does not know its width says 0.
    terminal.filter(|width| *width > 0).or_else(asked).filter(|width| *width > 0).unwrap_or(80).max(NARROWEST)
}

/// The most of an input that a message repeats.
const REPEATED: usize = 100;

/// What was read, for a message: control characters are shown, not sent to the terminal, and a long text is cut.
#[must_use]
pub fn shown(text: &str) -> String {
    let end = text.char_indices().nth(REPEATED).map_or(text.len(), |(end, _)| end);
    let (head, tail) = text.split_at_checked(end).unwrap_or((text, ""));
    let more = if tail.is_empty() { "" } else { "…" };
    format!("{}{more}", head.escape_debug())
}

/// The longest message; what is longer repeats too much of its input.
const LONGEST: usize = 4096;

/// A line on standard error: `error: …`, `note: …`. Nobody is left to tell if that fails.
pub fn complain(kind: &str, what: &dyn Display) {
    let style = match kind {
        "error" => AnsiColor::Red.on_default().bold(),
        "warning" => AnsiColor::Yellow.on_default().bold(),
        _ => Style::new().bold(),
    };
    let mut what = what.to_string();
    if let Some((end, _)) = what.char_indices().nth(LONGEST) {
        what.truncate(end);
        what.push('…');
    }
    let _ = writeln!(anstream::stderr(), "{style}{kind}{style:#}: {what}");
}
