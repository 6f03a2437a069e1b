//! The layout drawn as text: the word as a row of cells, and a line for everything that is not plain.

use std::fmt::{Display, Formatter, Result};

use swp_pte::{BitList, Layout};

use crate::{Cell, cells};

/// The picture of a layout: `{}` draws the word, `{:#}` adds a line for each bit that is reserved or unused.
///
/// `E` is the exclusive marker, `SD` soft-dirty, `WP` uffd-wp, `~` a field that is stored inverted, `1` and `0` a bit
/// that somebody looks at and its value in a swap PTE, `-` a bit that nobody uses. A field in parentheses is read by the
/// kernel's decoder but never written by its encoder.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a>(pub &'a Layout);

/// Columns of a cell without its borders. Labels are ASCII.
fn width(cell: &Cell) -> usize {
    cell.bits().len().max(cell.label.len())
}

impl Picture<'_> {
    fn rule(&self, f: &mut Formatter<'_>, [left, middle, right]: [&str; 3]) -> Result {
        let mut corner = left;
        for cell in cells(self.0) {
            f.write_str(corner)?;
            for _ in 0..width(&cell) + 2 {
                f.write_str("─")?;
            }
            corner = middle;
        }
        writeln!(f, "{right}")
    }
}

impl Display for Picture<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let layout = self.0;
        for cell in cells(layout) {
            write!(f, "  {:^1$} ", cell.bits(), width(&cell))?;
        }
        writeln!(f)?;
        self.rule(f, ["┌", "┬", "┐"])?;
        for cell in cells(layout) {
            write!(f, "│ {:^1$} ", cell.label, width(&cell))?;
        }
        writeln!(f, "│")?;
        self.rule(f, ["└", "┴", "┘"])?;
        if !f.alternate() {
            return Ok(());
        }
        for reserved in layout.reserved {
            let first = layout.always_one & reserved.bits != 0;
            let value = if first { "1" } else { "0" };
            writeln!(f, "{value} {}: {}: {}", BitList(reserved.bits), reserved.name, reserved.reason)?;
        }
        if layout.unused_mask() != 0 {
            writeln!(f, "- {}: nobody's", BitList(layout.unused_mask()))?;
        }
        Ok(())
    }
}
