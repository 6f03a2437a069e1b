//! A layout for tests, which is no kernel's: every kind of owner, and an offset in three parts that stand in disorder.

use super::{ByteOrder, ExclusiveBit, Field, Layout, Pattern, Placement, Reserved, Run, Source};
use crate::{KernelRange, KernelVersion};

/// A word of 32 bits: bit 31 unused, 30-16 offset 14-0, 15-13 offset 17-15, 12 unused, 11 offset 18, 10 exclusive, 9
/// soft-dirty, 8 uffd-wp, 7 reserved, 6-5 reserved, 4-0 type.
pub(super) fn sketch() -> Layout {
    const HARDWARE: &[Reserved] =
        &[Reserved { bits: 1 << 7, name: "PRESENT", reason: "" }, Reserved { bits: 3 << 5, name: "A, D", reason: "" }];
    let run = |bit, len, value_bit| Run { bit, len, value_bit };
    Layout {
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
        swp_type: Field::new(0, 5),
        swp_offset: Field::split([run(16, 15, 0), run(13, 3, 15), run(11, 1, 18)]),
        exclusive: Some(ExclusiveBit { bit: 10, placement: Placement::UnusedBit }),
        soft_dirty: Some(9),
        uffd_wp: Some(8),
        always_one: 0,
        none: Pattern::exactly(0, 0),
        present: &[],
        reserved: HARDWARE,
    }
}
