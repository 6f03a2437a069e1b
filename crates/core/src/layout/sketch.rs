//! A layout for tests, which is no kernel's: every kind of owner, and an offset in three parts that stand in disorder.

use super::{Field, Layout, Memory, MemoryOrder, Pattern, Placement, Reserved, Run};
use crate::Variant;

/// A word of 32 bits: bit 31 unused, 30-16 offset 14-0, 15-13 offset 17-15, 12 unused, 11 offset 18, 10 exclusive, 9
/// soft-dirty, 8 uffd-wp, 7 reserved, 6-5 reserved, 4-0 type.
pub(super) fn sketch() -> Layout<'static> {
    const VARIANT: Variant<'static> = Variant::new("", "", 32, 12, Memory::new(MemoryOrder::Little));
    let run = |bit, len, value_bit| Run { bit, len, value_bit };
    Layout::new(&VARIANT, Field::new(0, 5), Field::split([run(16, 15, 0), run(13, 3, 15), run(11, 1, 18)]))
        .with_exclusive(10, Placement::UnusedBit)
        .with_soft_dirty(9)
        .with_uffd_wp(8)
        .with_none(Pattern::exactly(0, 0))
        .with_reserved(const { &[Reserved::new(1 << 7, "PRESENT", ""), Reserved::new(3 << 5, "A, D", "")] })
}
