//! Bits of a word by the name of their owner, for messages.

use core::fmt::{Display, Formatter, Result};

use super::{Claim, Field, Layout};

/// Some bits of a word, named: `bit 3 (exclusive), bits 12-10 (offset 3-1)`.
#[derive(Clone, Copy, Debug)]
pub struct NamedBits<'a> {
    layout: &'a Layout<'a>,
    bits: u64,
}

impl Layout<'_> {
    /// These bits, each with its owner.
    #[must_use]
    pub const fn named_bits(&self, bits: u64) -> NamedBits<'_> {
        NamedBits { layout: self, bits }
    }
}

impl NamedBits<'_> {
    /// Whether two neighbouring bits are named as one: they have one owner, and of a field they hold neighbouring bits of
    /// the value too.
    fn together(&self, above: u32, below: u32) -> bool {
        let layout = self.layout;
        let owner = layout.claim(above);
        let as_in_value = |field: &Field| value_bit(field, above) == value_bit(field, below).map(|bit| bit + 1);
        owner == layout.claim(below)
            && match owner {
                Claim::Type => as_in_value(&layout.swp_type),
                Claim::Offset => as_in_value(&layout.swp_offset),
                _ => above != layout.width,
            }
    }
}

impl Display for NamedBits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { layout, bits } = *self;
        let mut rest = bits;
        let mut separator = "";
        while let Some(top) = rest.checked_ilog2() {
            let joins = |bit: &u32| bits >> bit & 1 != 0 && self.together(bit + 1, *bit);
            let low = (0..top).rev().take_while(joins).last().unwrap_or(top);
            if low == top {
                write!(f, "{separator}bit {top}")?;
            } else {
                write!(f, "{separator}bits {top}-{low}")?;
            }
            match layout.claim(top) {
                _ if top >= layout.width => f.write_str(" (outside the word)")?,
                Claim::Type => write!(f, " (type{})", ValueBits(&layout.swp_type, top, low))?,
                Claim::Offset => write!(f, " (offset{})", ValueBits(&layout.swp_offset, top, low))?,
                Claim::Flag(flag) => write!(f, " ({})", flag.name())?,
                Claim::Reserved(reserved) => write!(f, " ({})", reserved.name)?,
                Claim::Unused => f.write_str(" (unused)")?,
            }
            separator = ", ";
            rest = bits & super::field::low_bits(low);
        }
        Ok(())
    }
}

/// The bit of a field's value that stands in a bit of the word.
fn value_bit(field: &Field, bit: u32) -> Option<u32> {
    (0..field.width()).find(|value_bit| field.position(*value_bit) == Some(bit))
}

/// The bits of a field's value that stand between two bits of the word.
struct ValueBits<'a>(&'a Field, u32, u32);

impl Display for ValueBits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self(field, high, low) = *self;
        match (value_bit(field, high), value_bit(field, low)) {
            (Some(high), Some(low)) if high != low => write!(f, " {high}-{low}"),
            (Some(bit), _) => write!(f, " {bit}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use crate::layout::sketch::sketch;
    use crate::{Field, Run};
    use std::string::ToString;

    #[test]
    fn bits_are_named_by_owner_and_bit_of_value() {
        for (bits, named) in [
            (0, ""),
            (0x1f, "bits 4-0 (type 4-0)"),
            (0b10100, "bit 4 (type 4), bit 2 (type 2)"),
            (0b01101, "bits 3-2 (type 3-2), bit 0 (type 0)"),
            // What stands above bit 0 of the offset is bit 17: neighbours in the word, not in the value.
            (0b1_1110 << 12, "bit 16 (offset 0), bits 15-13 (offset 17-15)"),
            (1 << 30 | 1 << 11, "bit 30 (offset 14), bit 11 (offset 18)"),
            (
                0x7fe0,
                "bits 14-13 (offset 16-15), bit 12 (unused), bit 11 (offset 18), bit 10 (exclusive), \
                bit 9 (soft-dirty), bit 8 (uffd-wp), bit 7 (PRESENT), bits 6-5 (A, D)",
            ),
            (1 << 63 | 0x7 << 31, "bit 63 (outside the word), bits 33-32 (outside the word), bit 31 (unused)"),
            (u64::MAX << 32, "bits 63-32 (outside the word)"),
        ] {
            assert_eq!(sketch().named_bits(bits).to_string(), named, "{bits:#x}");
        }
        let mut layout = sketch();
        layout.swp_type = Field::split([Run { bit: 2, len: 3, value_bit: 0 }, Run { bit: 0, len: 2, value_bit: 3 }]);
        assert_eq!(layout.named_bits(0x1f).to_string(), "bits 4-2 (type 2-0), bits 1-0 (type 4-3)");
    }
}
