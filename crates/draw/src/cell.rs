//! A layout cut into what is drawn: fields, or the parts that they are split into, markers, and the bits between them.

use swp_pte::{Claim, Field, Flag, Layout};

/// Consecutive bits that are drawn as one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell<'a> {
    /// The highest bit.
    pub high: u32,
    /// The lowest bit.
    pub low: u32,
    /// Whose they are.
    pub claim: Claim<'a>,
    /// What is written into the cell; see [`Drawing`](crate::Drawing).
    pub label: String,
}

impl Cell<'_> {
    /// The bits' numbers: `58-9`, `3`.
    #[must_use]
    pub fn bits(&self) -> String {
        if self.high == self.low { self.high.to_string() } else { format!("{}-{}", self.high, self.low) }
    }

    /// The cell's bits of a word, as a number of their own.
    #[must_use]
    pub const fn of(&self, word: u64) -> u64 {
        (word & self.mask()) >> self.low
    }

    /// The bits of the word that the cell has.
    #[must_use]
    pub const fn mask(&self) -> u64 {
        (u64::MAX >> (u64::BITS - 1 - self.high)) & (u64::MAX << self.low)
    }
}

/// The cells of a layout, from the highest bit to the lowest. A field that is split into adjacent runs is cut between
/// them, and so is a field where the encoder stops writing.
pub fn cells<'a>(layout: &'a Layout<'a>) -> impl Iterator<Item = Cell<'a>> {
    let mut above = layout.width;
    std::iter::from_fn(move || {
        let high = above.checked_sub(1)?;
        let low = (0..=high).rev().find(|bit| begins(layout, *bit)).unwrap_or(0);
        above = low;
        Some(Cell { high, low, claim: layout.claim(low), label: label(layout, low) })
    })
}

/// Whether a cell begins with this bit, seen from below.
fn begins(layout: &Layout<'_>, bit: u32) -> bool {
    let breaks = |field: &Field| {
        field.runs().any(|run| run.bit == bit) || field.position(field.written_bits()).is_some_and(|first| first == bit)
    };
    let claim = layout.claim(bit);
    // A reserved bit can stand between bits of a field that are only read.
    let Some(below) = bit.checked_sub(1).filter(|below| layout.claim(*below) == claim) else { return true };
    match claim {
        Claim::Type => breaks(&layout.swp_type),
        Claim::Offset => breaks(&layout.swp_offset),
        _ => {
            let one = |bit: u32| layout.always_one >> bit & 1;
            one(below) != one(bit)
        }
    }
}

fn label(layout: &Layout<'_>, bit: u32) -> String {
    match layout.claim(bit) {
        Claim::Type => field_label("type", &layout.swp_type, bit),
        Claim::Offset => field_label("offset", &layout.swp_offset, bit),
        Claim::Flag(Flag::Exclusive) => "E".into(),
        Claim::Flag(Flag::SoftDirty) => "SD".into(),
        Claim::Flag(Flag::UffdWp) => "WP".into(),
        Claim::Reserved(_) => (layout.always_one >> bit & 1).to_string(),
        Claim::Unused => "-".into(),
    }
}

/// The name of a field, with the bits of its value where it is split.
fn field_label(name: &str, field: &Field, bit: u32) -> String {
    let tilde = if field.is_inverted() { "~" } else { "" };
    if field.written_mask() >> bit & 1 == 0 {
        return format!("({tilde}{name})");
    }
    let run = field.runs().find(|run| run.bit <= bit && bit < run.bit + run.len);
    match run {
        Some(run) if field.runs().count() > 1 => {
            let low = run.value_bit + bit - run.bit;
            let high = run.value_bit + run.len - 1;
            if high == low { format!("{tilde}{name}[{low}]") } else { format!("{tilde}{name}[{high}:{low}]") }
        }
        _ => format!("{tilde}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use swp_pte::{Reserved, Run};
    use swp_pte_atlas::ROWS;

    #[test]
    fn cells_have_every_bit_once_and_one_owner_each() {
        for layout in ROWS.iter().map(|row| row.layout()) {
            let mut above = layout.width;
            for cell in cells(layout) {
                assert_eq!(cell.high + 1, above, "{}", layout.source.variant);
                assert!((cell.low..=cell.high).all(|bit| layout.claim(bit) == cell.claim), "{}", layout.source.variant);
                assert_eq!(cell.of(layout.word_mask()), u64::MAX >> (63 + cell.low - cell.high));
                above = cell.low;
            }
            assert_eq!(above, 0, "{}", layout.source.variant);
        }
    }

    #[test]
    fn split_fields_are_cut_and_their_parts_named() {
        let mut layout = *swp_pte_atlas::newest("riscv-rv32").unwrap().layout();
        let offset = [Run { bit: 7, len: 1, value_bit: 0 }, Run { bit: 12, len: 20, value_bit: 1 }];
        (layout.swp_type, layout.swp_offset) = (Field::new(2, 5), Field::split(offset).inverted());
        (layout.exclusive, layout.soft_dirty, layout.uffd_wp) = (None, Some(1), None);
        (layout.always_one, layout.present, layout.reserved) = (0, &[], &[]);
        let drawn: Vec<_> = cells(&layout).map(|cell| (cell.bits(), cell.label)).collect();
        let expected =
            [("31-12", "~offset[20:1]"), ("11-8", "-"), ("7", "~offset[0]"), ("6-2", "type"), ("1", "SD"), ("0", "-")];
        assert_eq!(drawn, expected.map(|(bits, label)| (bits.into(), label.into())));
        // Parts that are neighbours, and reserved bits of both values under one name.
        let offset = [Run { bit: 12, len: 5, value_bit: 0 }, Run { bit: 17, len: 15, value_bit: 5 }];
        layout.swp_offset = Field::split(offset);
        layout.reserved = const { &[Reserved::new(0xf80, "", "")] };
        layout.always_one = 0x200;
        let drawn: Vec<_> = cells(&layout).take(5).map(|cell| (cell.bits(), cell.label)).collect();
        let expected = [("31-17", "offset[19:5]"), ("16-12", "offset[4:0]"), ("11-10", "0"), ("9", "1"), ("8-7", "0")];
        assert_eq!(drawn, expected.map(|(bits, label)| (bits.into(), label.into())));
    }

    /// As csky before 5.12: the decoder takes the bit that means present for one of the type.
    #[test]
    fn a_reserved_bit_cuts_what_is_only_read() {
        let mut layout = *swp_pte_atlas::newest("riscv-rv32").unwrap().layout();
        (layout.swp_type, layout.swp_offset) = (Field::new(4, 8).writing(5), Field::new(12, 20));
        (layout.exclusive, layout.reserved) = (None, const { &[Reserved::new(1 << 10, "PRESENT", "")] });
        let drawn: Vec<_> = cells(&layout).map(|cell| (cell.bits(), cell.label)).collect();
        let expected =
            [("31-12", "offset"), ("11", "(type)"), ("10", "0"), ("9", "(type)"), ("8-4", "type"), ("3-0", "-")];
        assert_eq!(drawn, expected.map(|(bits, label)| (bits.into(), label.into())));
    }

    #[test]
    fn a_cell_takes_its_bits_of_a_word() {
        let cell = Cell { high: 31, low: 12, claim: Claim::Unused, label: String::new() };
        assert_eq!(cell.of(0xdead_b123), 0xd_eadb);
        assert_eq!(cell.mask(), 0xffff_f000);
    }
}
