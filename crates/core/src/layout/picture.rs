//! The layout drawn as text: the word as a row of cells, and a line for everything that is not plain.

use core::fmt::{Display, Formatter, Result};

use super::{Cell, Layout};

/// The picture of a layout: `{}` draws the word, `{:#}` adds a line for each bit that is reserved or unused.
///
/// `E` is the exclusive marker, `SD` soft-dirty, `WP` uffd-wp, `~` a field that is stored inverted, `1` and `0` a bit
/// that somebody looks at and its value in a swap PTE, `-` a bit that nobody uses. A field in parentheses is read by the
/// kernel's decoder but never written by its encoder.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a>(&'a Layout);

impl Layout {
    /// The layout, drawn.
    #[must_use]
    pub const fn picture(&self) -> Picture<'_> {
        Picture(self)
    }
}

/// Columns of a cell without its borders. Labels are ASCII.
fn width(cell: &Cell) -> usize {
    cell.bits().as_str().len().max(cell.label.as_str().len())
}

impl Picture<'_> {
    fn rule(&self, f: &mut Formatter<'_>, [left, middle, right]: [&str; 3]) -> Result {
        let mut corner = left;
        for cell in self.0.cells() {
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
        for cell in layout.cells() {
            write!(f, "  {:^1$} ", cell.bits(), width(&cell))?;
        }
        writeln!(f)?;
        self.rule(f, ["┌", "┬", "┐"])?;
        for cell in layout.cells() {
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

/// Bits of a word in the order of a picture: `bits 63-59, 8, 0`, or `bit 4`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BitList(pub u64);

impl Display for BitList {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.0.count_ones() > 1 { "bits" } else { "bit" })?;
        let mut separator = " ";
        let mut rest = self.0;
        while rest != 0 {
            let high = rest.ilog2();
            let run = (rest << (u64::BITS - 1 - high)).leading_ones();
            let low = high + 1 - run;
            write!(f, "{separator}{high}")?;
            if run > 1 {
                write!(f, "-{low}")?;
            }
            separator = ", ";
            rest &= !(super::field::low_bits(run) << low);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::BitList;
    use std::string::ToString;

    #[test]
    fn bits_are_listed_in_runs_from_the_top() {
        for (mask, text) in
            [(1 << 4, "bit 4"), (0xf8 << 56 | 0x101, "bits 63-59, 8, 0"), (u64::MAX, "bits 63-0"), (0b110, "bits 2-1")]
        {
            assert_eq!(BitList(mask).to_string(), text);
        }
    }
}
