//! A layout as boxes of text: cut into rows that fit the width, coloured, and with the bits of a word if there is one.

use std::fmt::{Display, Formatter, Result, Write};

use anstyle::Style;
use swp_pte::{Claim, Layout};
use swp_pte_draw::{Cell, cells};

use super::{Entry, Role, legend};

/// A layout, or a word of it, to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    layout: &'a Layout,
    word: Option<u64>,
    width: usize,
    marked: u64,
}

/// A cell with its texts, one for each line of the box.
struct Boxed {
    style: Style,
    bits: String,
    lines: Vec<String>,
    width: usize,
}

impl<'a> Drawing<'a> {
    /// The layout, drawn in so many columns.
    #[must_use]
    pub const fn new(layout: &'a Layout, width: usize) -> Self {
        Self { layout, word: None, width, marked: 0 }
    }

    /// The same with the bits of a word, and the type and offset in them.
    #[must_use]
    pub const fn word(self, word: u64) -> Self {
        Self { word: Some(word), ..self }
    }

    /// The same with a mark at the cells that have one of these bits.
    #[must_use]
    pub const fn marked(self, bits: u64) -> Self {
        Self { marked: bits, ..self }
    }

    fn boxed(&self, cell: &Cell) -> Boxed {
        let mut lines = vec![cell.label.clone()];
        if let Some(word) = self.word {
            lines.push(stored(cell, word));
            lines.push(self.value(cell, word));
        }
        let bits = cell.bits();
        let mark = if self.marked & cell.mask() != 0 { "*" } else { "" };
        let bits = bits + mark;
        let width = lines.iter().map(String::len).chain([bits.len()]).max().unwrap_or_default();
        Boxed { style: Role::from(cell.claim).style(), bits, lines, width }
    }

    /// What the bits mean, in the cell that has the lowest bit of a field.
    fn value(&self, cell: &Cell, word: u64) -> String {
        let (swp_type, offset) = self.layout.fields(word);
        let begins = |field: &swp_pte::Field| field.position(0) == Some(cell.low);
        match cell.claim {
            Claim::Type if begins(&self.layout.swp_type) => format!("= {swp_type}"),
            Claim::Offset if begins(&self.layout.swp_offset) => format!("= {offset:#x}"),
            _ => String::new(),
        }
    }
}

/// The legend of a layout, a paragraph for each entry, in so many columns.
#[must_use]
pub fn legend_text(layout: &Layout, width: usize) -> String {
    let mut text = String::new();
    for Entry { role, symbol, text: what } in legend(layout) {
        let style = role.style();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {style}{symbol:<9}{style:#}{}", wrapped(&what, width, 11));
    }
    text
}

/// The bits as they stand in the word: a few one by one, many as hex.
fn stored(cell: &Cell, word: u64) -> String {
    let (bits, count) = (cell.of(word), (cell.high - cell.low + 1) as usize);
    if count <= 8 { format!("{bits:0count$b}") } else { format!("{bits:#0digits$x}", digits = count.div_ceil(4) + 2) }
}

/// A paragraph in so many columns; all lines but the first are indented.
#[must_use]
pub(crate) fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let full =
            lines.last().is_some_and(|line| !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join(&format!("\n{:indent$}", ""))
}

impl Display for Drawing<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut row: Vec<Boxed> = Vec::new();
        let mut used = 1;
        for cell in cells(self.layout) {
            let next = self.boxed(&cell);
            if !row.is_empty() && used + next.width + 3 > self.width {
                draw(f, &row)?;
                row.clear();
                used = 1;
            }
            used += next.width + 3;
            row.push(next);
        }
        draw(f, &row)
    }
}

/// One row of boxes.
fn draw(f: &mut Formatter<'_>, row: &[Boxed]) -> Result {
    let bits: String = row.iter().map(|cell| format!("  {:^1$} ", cell.bits, cell.width)).collect();
    writeln!(f, "{}", bits.trim_end())?;
    let rule = |f: &mut Formatter<'_>, [left, middle, right]: [&str; 3]| {
        for (i, cell) in row.iter().enumerate() {
            write!(f, "{}{}", if i == 0 { left } else { middle }, "─".repeat(cell.width + 2))?;
        }
        writeln!(f, "{right}")
    };
    rule(f, ["┌", "┬", "┐"])?;
    for line in 0..row.iter().map(|cell| cell.lines.len()).max().unwrap_or_default() {
        for cell in row {
            let text = cell.lines.get(line).map_or("", String::as_str);
            write!(f, "│ {}{:^3$}{:#} ", cell.style, text, cell.style, cell.width)?;
        }
        writeln!(f, "│")?;
    }
    rule(f, ["└", "┴", "┘"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use swp_pte_atlas::ROWS;

    #[test]
    fn every_picture_fits() {
        for row in ROWS {
            for width in [40, 80, 200] {
                let drawing = Drawing::new(row.layout(), width).word(u64::MAX >> (64 - row.layout().width));
                let text =
                    anstream::adapter::strip_str(&format!("{drawing}{}", legend_text(row.layout(), width))).to_string();
                for line in text.lines() {
                    assert!(line.trim_end().chars().count() <= width, "{} {width}: {line}", row.variant());
                }
            }
        }
    }

    #[test]
    fn paragraphs_are_wrapped() {
        assert_eq!(wrapped("one two three four five six", 24, 4), "one two three four\n    five six");
        assert_eq!(wrapped("", 80, 4), "");
    }
}
