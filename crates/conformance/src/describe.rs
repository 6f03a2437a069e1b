//! Words and bits in the messages: hex, and bits by the name of their owner.

use std::fmt::Write;

use swp_pte::{Claim, Field, Layout};

pub(crate) fn hex(word: u64) -> String {
    format!("{word:#x}")
}

/// `bit 3 (exclusive), bits 12-10 (offset 3-1)`.
pub(crate) fn bits(layout: &Layout, mask: u64) -> String {
    let mut text = String::new();
    let mut high = u64::BITS;
    while let Some(top) = (0..high).rev().find(|bit| mask >> bit & 1 != 0) {
        let owner = layout.claim(top);
        let low = (0..=top).rev().take_while(|bit| mask >> bit & 1 != 0 && layout.claim(*bit) == owner).last();
        let low = low.unwrap_or(top);
        if !text.is_empty() {
            text.push_str(", ");
        }
        // Writing to a String cannot fail.
        let _ = if low == top { write!(text, "bit {top}") } else { write!(text, "bits {top}-{low}") };
        let _ = match owner {
            _ if top >= layout.width => write!(text, " (outside the word)"),
            Claim::Type => write!(text, " (type{})", value_bits(&layout.swp_type, top, low)),
            Claim::Offset => write!(text, " (offset{})", value_bits(&layout.swp_offset, top, low)),
            Claim::Flag(flag) => write!(text, " ({})", flag.name()),
            Claim::Reserved(reserved) => write!(text, " ({})", reserved.name),
            Claim::Unused => write!(text, " (unused)"),
        };
        high = low;
    }
    text
}

/// The bits of a field's value that stand at these bits of the word.
fn value_bits(field: &Field, high: u32, low: u32) -> String {
    let value = |bit: u32| (0..field.width()).find(|value_bit| field.position(*value_bit) == Some(bit));
    match (value(high), value(low)) {
        (Some(high), Some(low)) if high != low => format!(" {high}-{low}"),
        (Some(bit), _) => format!(" {bit}"),
        _ => String::new(),
    }
}

/// The bits of the word that hold these bits of a field's value, named as above.
pub(crate) fn field_bits(layout: &Layout, field: &Field, value_mask: u64) -> String {
    let word = (0..u64::BITS)
        .filter(|bit| value_mask >> bit & 1 != 0)
        .filter_map(|bit| field.position(bit))
        .fold(0, |word, bit| word | 1 << bit);
    let above = value_mask & !(u64::MAX >> (u64::BITS - field.width().max(1)));
    match (word, above) {
        (0, above) => format!("value bits {above:#x} above the field"),
        (word, 0) => bits(layout, word),
        (word, above) => format!("{}, and value bits {above:#x} above the field", bits(layout, word)),
    }
}
