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

/// A table for people, in the columns to fill; of the first column nothing is cut.
#[must_use]
pub fn table<'a>(header: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width()).unwrap_or(u16::MAX));
    let bold = |name: &str| Cell::new(name).add_attribute(Attribute::Bold);
    table.set_header(header.into_iter().map(bold));
    if let Some(first) = table.column_mut(0) {
        first.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// The columns to fill: those of the terminal, or of `COLUMNS`, or 80.
#[must_use]
pub fn width() -> usize {
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(asked).filter(|width| *width > 0).unwrap_or(80)
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

/// A line on standard error: `error: …`, `note: …`. Nobody is left to tell if that fails.
pub fn complain(kind: &str, what: &dyn Display) {
    let style = match kind {
        "error" => AnsiColor::Red.on_default().bold(),
        "warning" => AnsiColor::Yellow.on_default().bold(),
        _ => Style::new().bold(),
    };
    let _ = writeln!(anstream::stderr(), "{style}{kind}{style:#}: {what}");
}
