//! Bits of a word as text, for messages: those of a mask and those of a field.

use core::fmt::{Display, Formatter, Result};

use super::Field;

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

/// `bits 63-59`, `bits 58-9, inverted`: as [`BitList`] has it.
impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut separator = if self.width() == 1 { "bit " } else { "bits " };
        for run in self.runs() {
            write!(f, "{separator}{}", run.bit + run.len.saturating_sub(1))?;
            if run.len > 1 {
                write!(f, "-{}", run.bit)?;
            }
            separator = " and ";
        }
        if self.is_inverted() {
            f.write_str(", inverted")?;
        }
        if self.written_bits() < self.width() {
            write!(f, "; of the {} that are read, {} are written", self.width(), self.written_bits())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::sketch::sketch;
    use super::{BitList, Field};
    use std::string::ToString;

    #[test]
    fn bits_are_listed_in_runs_from_the_top() {
        for (mask, text) in
            [(1 << 4, "bit 4"), (0xf8 << 56 | 0x101, "bits 63-59, 8, 0"), (u64::MAX, "bits 63-0"), (0b110, "bits 2-1")]
        {
            assert_eq!(BitList(mask).to_string(), text);
        }
    }

    #[test]
    fn a_field_says_where_it_stands_and_how() {
        let offset = sketch().swp_offset;
        for (field, text) in [
            (Field::new(2, 5), "bits 6-2"),
            (Field::new(3, 1), "bit 3"),
            (offset, "bits 30-16 and 15-13 and 11"),
            (offset.inverted(), "bits 30-16 and 15-13 and 11, inverted"),
            (Field::new(2, 6).writing(5), "bits 7-2; of the 6 that are read, 5 are written"),
        ] {
            assert_eq!(field.to_string(), text);
        }
    }
}
