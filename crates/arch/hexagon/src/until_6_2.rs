//! Hexagon before the exclusive marker. The offset is split around bits that the header keeps zero.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved, Run};

use crate::arch::HEXAGON;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1..=5: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 6..=9: bits 0 to 3 of the swap offset
    #[inline]
    #[bits(4)]
    offset_low: u64,
    #[bits(3)]
    __: u8,
    /// 13..=31: bits 4 to 22 of the swap offset
    #[inline]
    #[bits(19)]
    offset_high: u64,
}

impl Raw {
    const SWP_OFFSET_OFFSET: usize = Self::OFFSET_LOW_OFFSET;
    const SWP_OFFSET_BITS: usize = Self::OFFSET_LOW_BITS + Self::OFFSET_HIGH_BITS;

    /// The swap offset, in pages: bits 13-31 above bits 6-9.
    #[inline]
    const fn swp_offset(self) -> u64 {
        self.offset_high() << Self::OFFSET_LOW_BITS | self.offset_low()
    }

    #[inline]
    const fn with_swp_offset(self, offset: u64) -> Self {
        let low = offset & ((1 << Self::OFFSET_LOW_BITS) - 1);
        self.with_offset_low(low).with_offset_high(offset >> Self::OFFSET_LOW_BITS)
    }
}

const LAYOUT: Layout<'static> = Layout::new(
    &HEXAGON,
    Field::new(1, 5),
    Field::split([Run { bit: 6, len: 4, value_bit: 0 }, Run { bit: 13, len: 19, value_bit: 4 }]),
)
.with_kernels(
    KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
    &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
)
.with_source(
    "arch/hexagon/include/asm/pgtable.h",
    "__swp_type, __swp_offset, __swp_entry",
    "older than the record, which begins at 5.10",
)
.with_present(&[Pattern::all_ones(1)])
.with_reserved(&[
    Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
    Reserved::new(
        0xc00,
        "__HVM_PTE_W, __HVM_PTE_X",
        "write and execute: with a permission the virtual machine takes the word for a mapping",
    ),
    Reserved::new(
        1 << 12,
        "__HVM_PTE_PGMASK_4KB",
        "the lowest bit of the frame; the header takes it for a permission and keeps it zero",
    ),
]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
