//! Standard output and standard error: buffered, and coloured on terminals only.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use anstyle::{AnsiColor, Style};

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

/// The columns to fill: those of the terminal, or of `COLUMNS`, or 80.
#[must_use]
pub fn width() -> usize {
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(asked).filter(|width| *width > 0).unwrap_or(80)
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
