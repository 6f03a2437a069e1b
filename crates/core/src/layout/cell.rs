//! A layout cut into what is drawn: fields, or the parts that they are split into, markers, and the bits between them.

use core::fmt::{Display, Formatter, Write};

use super::{Claim, Field, Flag, Layout};

/// Consecutive bits that are drawn as one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The highest bit.
    pub high: u32,
    /// The lowest bit.
    pub low: u32,
    /// Whose they are.
    pub claim: Claim,
    /// What is written into the cell; see [`Picture`](super::Picture).
    pub label: Label,
}

/// A short text on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Label {
    bytes: [u8; Self::LONGEST],
    len: usize,
}

impl Label {
    /// Room for the longest, `(~offset[63:62])`.
    const LONGEST: usize = 24;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// What is written; cut off where the room ends, which no cell reaches.
    fn new(arguments: core::fmt::Arguments<'_>) -> Self {
        let mut label = Self::default();
        let _ = label.write_fmt(arguments);
        label
    }
}

impl Write for Label {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Display for Label {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Cell {
    /// The bits' numbers: `58-9`, `3`.
    #[must_use]
    pub fn bits(&self) -> Label {
        if self.high == self.low {
            Label::new(format_args!("{}", self.high))
        } else {
            Label::new(format_args!("{}-{}", self.high, self.low))
        }
    }

    /// The cell's bits of a word, as a number of their own.
    #[must_use]
    pub const fn of(&self, word: u64) -> u64 {
        (word >> self.low) & super::field::low_bits(self.high - self.low + 1)
    }
}

impl Layout {
    /// The cells, from the highest bit to the lowest. A field that is split into adjacent runs is cut between them, and
    /// so is a field where the encoder stops writing.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let mut above = self.width;
        core::iter::from_fn(move || {
            let high = above.checked_sub(1)?;
            let low = (0..=high).rev().find(|bit| self.begins(*bit)).unwrap_or(0);
            above = low;
            Some(Cell { high, low, claim: self.claim(low), label: self.label(low) })
        })
    }

    /// Whether a cell begins with this bit, seen from below.
    fn begins(&self, bit: u32) -> bool {
        let breaks = |field: &Field| {
            field.runs().any(|run| run.bit == bit)
                || field.position(field.written_bits()).is_some_and(|first| first == bit)
        };
        match self.claim(bit) {
            Claim::Type => breaks(&self.swp_type),
            Claim::Offset => breaks(&self.swp_offset),
            claim => {
                let one = |bit: u32| self.always_one >> bit & 1;
                bit == 0 || self.claim(bit - 1) != claim || one(bit - 1) != one(bit)
            }
        }
    }

    fn label(&self, bit: u32) -> Label {
        match self.claim(bit) {
            Claim::Type => field_label("type", &self.swp_type, bit),
            Claim::Offset => field_label("offset", &self.swp_offset, bit),
            Claim::Flag(Flag::Exclusive) => Label::new(format_args!("E")),
            Claim::Flag(Flag::SoftDirty) => Label::new(format_args!("SD")),
            Claim::Flag(Flag::UffdWp) => Label::new(format_args!("WP")),
            Claim::Reserved(_) => Label::new(format_args!("{}", self.always_one >> bit & 1)),
            Claim::Unused => Label::new(format_args!("-")),
        }
    }
}

/// The name of a field, with the bits of its value where it is split.
fn field_label(name: &str, field: &Field, bit: u32) -> Label {
    let tilde = if field.is_inverted() { "~" } else { "" };
    if field.written_mask() >> bit & 1 == 0 {
        return Label::new(format_args!("({tilde}{name})"));
    }
    let run = field.runs().find(|run| run.bit <= bit && bit < run.bit + run.len);
    match run {
        Some(run) if field.runs().count() > 1 => {
            let low = run.value_bit + bit - run.bit;
            let high = run.value_bit + run.len - 1;
            if high == low {
                Label::new(format_args!("{tilde}{name}[{low}]"))
            } else {
                Label::new(format_args!("{tilde}{name}[{high}:{low}]"))
            }
        }
        _ => Label::new(format_args!("{tilde}{name}")),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::{ByteOrder, KernelRange, KernelVersion, Pattern, Run, Source};
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn split_fields_are_cut_and_their_parts_named() {
        let layout = Layout {
            source: Source {
                arch: "",
                variant: "",
                kernels: KernelRange::since(KernelVersion::new(1, 0)),
                measured: &[],
                header: "",
                symbols: "",
                since: "",
            },
            width: 32,
            page_shift: 12,
            memory_order: ByteOrder::Little,
            swp_type: Field::new(2, 5),
            swp_offset: Field::split([Run { bit: 7, len: 1, value_bit: 0 }, Run { bit: 12, len: 20, value_bit: 1 }])
                .inverted(),
            exclusive: None,
            soft_dirty: Some(1),
            uffd_wp: None,
            always_one: 0,
            none: Pattern::exactly(0, 0),
            present: &[],
            reserved: &[],
        };
        let cells: Vec<_> = layout.cells().map(|cell| (cell.bits().to_string(), cell.label.to_string())).collect();
        let expected =
            [("31-12", "~offset[20:1]"), ("11-8", "-"), ("7", "~offset[0]"), ("6-2", "type"), ("1", "SD"), ("0", "-")];
        assert_eq!(cells, expected.map(|(bits, label)| (bits.to_string(), label.to_string())));
        let cell = layout.cells().next().unwrap();
        assert_eq!(cell.of(0xdead_b123), 0xd_eadb);
    }
}
