//! The layout drawn as text: the word as a row of cells, and a line for everything that is not plain.

use core::fmt::{Display, Formatter, Result, Write};

use super::{Claim, Field, Flag, Layout};

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

/// A short text on the stack.
#[derive(Default)]
struct Text {
    bytes: [u8; 24],
    len: usize,
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Text {
    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// Consecutive bits that are drawn as one cell.
struct Cell {
    high: u32,
    low: u32,
    claim: Claim,
}

impl Cell {
    fn bits(&self) -> core::result::Result<Text, core::fmt::Error> {
        let mut text = Text::default();
        if self.high == self.low {
            write!(text, "{}", self.high)?;
        } else {
            write!(text, "{}-{}", self.high, self.low)?;
        }
        Ok(text)
    }

    fn name(&self, layout: &Layout) -> core::result::Result<Text, core::fmt::Error> {
        let mut text = Text::default();
        match self.claim {
            Claim::Type => field_name(&mut text, "type", &layout.swp_type, self.low)?,
            Claim::Offset => field_name(&mut text, "offset", &layout.swp_offset, self.low)?,
            Claim::Flag(Flag::Exclusive) => text.write_str("E")?,
            Claim::Flag(Flag::SoftDirty) => text.write_str("SD")?,
            Claim::Flag(Flag::UffdWp) => text.write_str("WP")?,
            Claim::Reserved(_) if layout.always_one >> self.low & 1 != 0 => text.write_str("1")?,
            Claim::Reserved(_) => text.write_str("0")?,
            Claim::Unused => text.write_str("-")?,
        }
        Ok(text)
    }
}

/// The name of a field, with the bits of its value where it is split.
fn field_name(text: &mut Text, name: &str, field: &Field, bit: u32) -> Result {
    let tilde = if field.is_inverted() { "~" } else { "" };
    if field.written_mask() >> bit & 1 == 0 {
        return write!(text, "({tilde}{name})");
    }
    write!(text, "{tilde}{name}")?;
    if field.runs().count() > 1
        && let Some(run) = field.runs().find(|run| run.bit <= bit && bit < run.bit + run.len)
    {
        let low = run.value_bit + bit - run.bit;
        write!(text, "[{}:{low}]", run.value_bit + run.len - 1)?;
    }
    Ok(())
}

impl Picture<'_> {
    /// The cells, from the highest bit to the lowest. A field that is split into adjacent runs is cut between them,
    /// and so is a field where the encoder stops writing.
    fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let layout = self.0;
        let starts = move |bit: u32| {
            let breaks = |field: &Field| {
                field.runs().any(|run| run.bit == bit)
                    || field.position(field.written_bits()).is_some_and(|first_unwritten| first_unwritten == bit)
            };
            match layout.claim(bit) {
                Claim::Type => breaks(&layout.swp_type),
                Claim::Offset => breaks(&layout.swp_offset),
                claim => {
                    let one = |bit: u32| layout.always_one >> bit & 1;
                    bit == 0 || layout.claim(bit - 1) != claim || one(bit - 1) != one(bit)
                }
            }
        };
        let mut high = layout.width;
        core::iter::from_fn(move || {
            let top = high.checked_sub(1)?;
            let low = (0..=top).rev().find(|bit| starts(*bit)).unwrap_or(0);
            high = low;
            Some(Cell { high: top, low, claim: layout.claim(low) })
        })
    }

    fn rule(&self, f: &mut Formatter<'_>, [left, middle, right]: [&str; 3]) -> Result {
        let mut corner = left;
        for cell in self.cells() {
            let width = cell.bits()?.len.max(cell.name(self.0)?.len);
            f.write_str(corner)?;
            for _ in 0..width + 2 {
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
        for cell in self.cells() {
            let (bits, name) = (cell.bits()?, cell.name(layout)?);
            write!(f, "  {:^1$} ", bits.as_str(), bits.len.max(name.len))?;
        }
        writeln!(f)?;
        self.rule(f, ["┌", "┬", "┐"])?;
        for cell in self.cells() {
            let (bits, name) = (cell.bits()?, cell.name(layout)?);
            write!(f, "│ {:^1$} ", name.as_str(), bits.len.max(name.len))?;
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
