//! A layout as boxes of text: in one row or cut into rows that fit a width, coloured or not, and with the bits of a word
//! if there is one.

use std::fmt::{Display, Formatter, Result};

use anstyle::Style;
use swp_pte::{Claim, Field, Layout};

use crate::legend::{self, legend};
use crate::{Cell, Role, cells, wrapped};

/// A layout, or a word of it, to be printed: `{}` draws the boxes, `{:#}` adds the legend.
///
/// `E` is the exclusive marker, `SD` soft-dirty, `WP` uffd-wp, `~` a field that is stored inverted, `1` and `0` a bit
/// that somebody looks at and its value in a swap PTE, `-` a bit that nobody uses. A field in parentheses is read by the
/// kernel's decoder but never written by its encoder.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    layout: &'a Layout<'a>,
    word: Option<u64>,
    columns: Option<usize>,
    coloured: bool,
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
    /// The layout as it stands in a page: in one row, without colours.
    #[must_use]
    pub const fn new(layout: &'a Layout<'a>) -> Self {
        Self { layout, word: None, columns: None, coloured: false, marked: 0 }
    }

    /// The same in rows of so many columns.
    #[must_use]
    pub const fn columns(self, columns: usize) -> Self {
        Self { columns: Some(columns), ..self }
    }

    /// The same with colours for a terminal.
    #[must_use]
    pub const fn coloured(self) -> Self {
        Self { coloured: true, ..self }
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

    const fn style(&self, role: Role) -> Style {
        if self.coloured { role.style() } else { Style::new() }
    }

    fn boxed(&self, cell: &Cell<'_>) -> Boxed {
        let mut lines = vec![cell.label.clone()];
        if let Some(word) = self.word {
            lines.push(stored(cell, word));
            lines.push(self.value(cell, word));
        }
        let mark = if self.marked & cell.mask() != 0 { "*" } else { "" };
        let bits = cell.bits() + mark;
        // All of it is ASCII.
        let width = lines.iter().map(String::len).chain([bits.len()]).max().unwrap_or_default();
        Boxed { style: self.style(cell.claim.into()), bits, lines, width }
    }

    /// What the bits mean, in the cell that has the lowest bit of a field.
    fn value(&self, cell: &Cell<'_>, word: u64) -> String {
        let (swp_type, offset) = self.layout.fields(word);
        let begins = |field: &Field| field.position(0) == Some(cell.low);
        match cell.claim {
            Claim::Type if begins(&self.layout.swp_type) => format!("= {swp_type}"),
            Claim::Offset if begins(&self.layout.swp_offset) => format!("= {offset:#x}"),
            _ => String::new(),
        }
    }

    /// One row of boxes.
    fn row(&self, f: &mut Formatter<'_>, row: &[Boxed]) -> Result {
        let bits: String = row.iter().map(|cell| format!("  {:^1$} ", cell.bits, cell.width)).collect();
        // Blanks at the end are of no use where lines are cut.
        writeln!(f, "{}", if self.columns.is_some() { bits.trim_end() } else { &bits })?;
        rule(f, row, ["┌", "┬", "┐"])?;
        for line in 0..row.iter().map(|cell| cell.lines.len()).max().unwrap_or_default() {
            for cell in row {
                let text = cell.lines.get(line).map_or("", String::as_str);
                write!(f, "│ {}{:^3$}{:#} ", cell.style, text, cell.style, cell.width)?;
            }
            writeln!(f, "│")?;
        }
        rule(f, row, ["└", "┴", "┘"])
    }

    /// A paragraph for each entry.
    fn legend(&self, f: &mut Formatter<'_>) -> Result {
        for legend::Entry { role, symbol, text } in legend(self.layout) {
            let style = self.style(role);
            let text = wrapped(&text, self.columns.unwrap_or(usize::MAX), 11);
            writeln!(f, "  {style}{symbol:<9}{style:#}{text}")?;
        }
        Ok(())
    }
}

impl Display for Drawing<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut row: Vec<Boxed> = Vec::new();
        let mut used = 1;
        for cell in cells(self.layout) {
            let next = self.boxed(&cell);
            if !row.is_empty() && self.columns.is_some_and(|columns| used + next.width + 3 > columns) {
                self.row(f, &row)?;
                row.clear();
                used = 1;
            }
            used += next.width + 3;
            row.push(next);
        }
        self.row(f, &row)?;
        if f.alternate() { self.legend(f) } else { Ok(()) }
    }
}

/// The upper or lower edge of a row of boxes.
fn rule(f: &mut Formatter<'_>, row: &[Boxed], [left, middle, right]: [&str; 3]) -> Result {
    for (i, cell) in row.iter().enumerate() {
        write!(f, "{}{}", if i == 0 { left } else { middle }, "─".repeat(cell.width + 2))?;
    }
    writeln!(f, "{right}")
}

/// The bits as they stand in the word: a few one by one, many as hex.
fn stored(cell: &Cell<'_>, word: u64) -> String {
    let (bits, count) = (cell.of(word), (cell.high - cell.low + 1) as usize);
    if count <= 8 { format!("{bits:0count$b}") } else { format!("{bits:#0digits$x}", digits = count.div_ceil(4) + 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(variant: &str, kernel: &str) -> &'static Layout<'static> {
        swp_pte_atlas::find(variant, kernel.parse().unwrap()).unwrap().layout()
    }

    /// Without the blanks at the ends of lines.
    fn trimmed(text: &str) -> String {
        text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    #[test]
    fn a_page_has_one_row_without_colours() {
        let expected = "\
            \x20 63-60   59   58    57-8      7      6-2    1-0
┌───────┬────┬────┬────────┬────────┬──────┬─────┐
│   -   │ 0  │ 0  │ offset │ (type) │ type │  0  │
└───────┴────┴────┴────────┴────────┴──────┴─────┘
";
        let drawing = Drawing::new(layout("arm64", "5.10"));
        assert_eq!(trimmed(&drawing.to_string()), expected);
        let legend = "  \
              type     bits 7-2; of the 6 that are read, 5 are written: the swap type
  offset   bits 57-8: the swap offset, in pages; with pages of 4 KiB the largest swap file has 4 EiB
  0        bit 59: PMD_PRESENT_INVALID: present to the kernel in a PMD; pmd_present tests it
  0        bit 58: PTE_PROT_NONE: present to the kernel though not to the hardware; pte_present tests it
  0        bits 1-0: PTE_TYPE_MASK: the descriptor type: the hardware looks at bit 0, and the header keeps \
              both zero
  -        bits 63-60: unused, free for a marker
";
        assert_eq!(trimmed(&format!("{drawing:#}")), format!("{expected}{legend}"));
    }

    #[test]
    fn a_terminal_has_rows_and_colours() {
        let drawing = Drawing::new(layout("s390", "6.12"));
        let rows = "\
            \x20 63-12    11   10   9
┌────────┬────┬────┬───┐
│ offset │ E  │ 1  │ 1 │
└────────┴────┴────┴───┘
  8-7   6-2    1    0
┌─────┬──────┬────┬───┐
│  -  │ type │ SD │ 0 │
└─────┴──────┴────┴───┘
";
        // The width of the first row, to the column.
        assert_eq!(drawing.columns(24).to_string(), rows);
        assert!(drawing.columns(23).to_string().starts_with("  63-12    11   10\n"));
        let coloured = drawing.columns(24).coloured().to_string();
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), rows);
        for cell in cells(layout("s390", "6.12")) {
            let style = Role::from(cell.claim).style();
            let boxed = |width| format!("│ {style}{:^width$}{style:#} │", cell.label);
            assert!((1..10).any(|width| coloured.contains(&boxed(width))), "{} is not in its colour", cell.label);
        }
    }

    #[test]
    fn every_picture_fits() {
        for layout in swp_pte_atlas::ROWS.iter().map(|row| row.layout()) {
            for width in [40, 80, 200] {
                let drawing = Drawing::new(layout).columns(width).word(layout.word_mask());
                for line in format!("{drawing:#}").lines() {
                    assert!(line.trim_end().chars().count() <= width, "{} {width}: {line}", layout.source.variant);
                }
            }
        }
    }

    #[test]
    fn a_word_has_its_bits_and_values_and_marks() {
        // Type 2, offset 0x123, the marker; bits 10 and 9 are always 1.
        let drawing = Drawing::new(layout("s390", "6.12")).columns(200).word(0x12_3e08).marked(1 << 11 | 1 << 5);
        let expected = "\
            \x20      63-12        11*   10   9   8-7   6-2*    1    0
┌─────────────────┬─────┬────┬───┬─────┬───────┬────┬───┐
│     offset      │  E  │ 1  │ 1 │  -  │ type  │ SD │ 0 │
│ 0x0000000000123 │  1  │ 1  │ 1 │ 00  │ 00010 │ 0  │ 0 │
│     = 0x123     │     │    │   │     │  = 2  │    │   │
└─────────────────┴─────┴────┴───┴─────┴───────┴────┴───┘
";
        assert_eq!(drawing.to_string(), expected);
        // The part of a field that is not written has bits, but no value of its own.
        for (variant, kernel) in [("arm64", "5.10"), ("ppc-nohash32-pte64", "6.12")] {
            let drawn = Drawing::new(layout(variant, kernel)).word(0).to_string();
            let (parts, values) = (drawn.lines().nth(2).unwrap(), drawn.lines().nth(4).unwrap());
            assert!(parts.contains('('), "{variant}: {drawn}");
            assert_eq!(values.matches("= ").count(), 2, "{variant}: {drawn}");
        }
    }
}
