//! Words and bits in the messages: hex, and bits by the name of their owner.

use swp_pte::{Field, Layout};

pub(crate) fn hex(word: u64) -> String {
    format!("{word:#x}")
}

/// `bit 3 (exclusive), bits 12-10 (offset 3-1)`.
pub(crate) fn bits(layout: &Layout<'_>, mask: u64) -> String {
    layout.named_bits(mask).to_string()
}

/// The bits of the word that hold these bits of a field's value, named as above.
pub(crate) fn field_bits(layout: &Layout<'_>, field: &Field, value_mask: u64) -> String {
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
