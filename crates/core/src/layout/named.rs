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

impl Display for NamedBits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { layout, bits } = *self;
        let mut high = u64::BITS;
        let mut separator = "";
        while let Some(top) = (0..high).rev().find(|bit| bits >> bit & 1 != 0) {
            let owner = layout.claim(top);
            let low = (0..=top).rev().take_while(|bit| bits >> bit & 1 != 0 && layout.claim(*bit) == owner).last();
            let low = low.unwrap_or(top);
            if low == top {
                write!(f, "{separator}bit {top}")?;
            } else {
                write!(f, "{separator}bits {top}-{low}")?;
            }
            match owner {
                _ if top >= layout.width => f.write_str(" (outside the word)")?,
                Claim::Type => write!(f, " (type{})", ValueBits(&layout.swp_type, top, low))?,
                Claim::Offset => write!(f, " (offset{})", ValueBits(&layout.swp_offset, top, low))?,
                Claim::Flag(flag) => write!(f, " ({})", flag.name())?,
                Claim::Reserved(reserved) => write!(f, " ({})", reserved.name)?,
                Claim::Unused => f.write_str(" (unused)")?,
            }
            separator = ", ";
            high = low;
        }
        Ok(())
    }
}

/// The bits of a field's value that stand between two bits of the word.
struct ValueBits<'a>(&'a Field, u32, u32);

impl Display for ValueBits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self(field, high, low) = *self;
        let value = |bit: u32| (0..field.width()).find(|value_bit| field.position(*value_bit) == Some(bit));
        match (value(high), value(low)) {
            (Some(high), Some(low)) if high != low => write!(f, " {high}-{low}"),
            (Some(bit), _) => write!(f, " {bit}"),
            _ => Ok(()),
        }
    }
}
