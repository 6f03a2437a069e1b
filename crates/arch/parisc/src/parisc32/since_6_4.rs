//! PA-RISC with 32 bits from 6.4 on: the offset took in the idle bits 5 and 10 and left bit 8 to the exclusive
//! marker. 6.3 had put the marker there without moving the offset.
#![doc = include_str!("since_6_4.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved, Run};

use crate::arch::{MARKER_CHOICE, PARISC32};

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=4: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 5..=7: bits 0 to 2 of the swap offset
    #[inline]
    #[bits(3)]
    offset_low: u64,
    /// 8: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 9: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 10..=31: the swap offset from bit 3 up
    #[inline]
    #[bits(22)]
    offset_high: u64,
}

impl Raw {
    const SWP_OFFSET_OFFSET: usize = Self::OFFSET_LOW_OFFSET;
    const SWP_OFFSET_BITS: usize = Self::OFFSET_LOW_BITS + Self::OFFSET_HIGH_BITS;

    /// The swap offset, in pages: bits 10-31 above bits 5-7.
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
    &PARISC32,
    Field::new(0, 5),
    Field::split([Run { bit: 5, len: 3, value_bit: 0 }, Run { bit: 10, len: 22, value_bit: 3 }]),
)
.with_kernels(
    KernelRange::since(KernelVersion::new(6, 4)),
    &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
)
.with_source(
    "arch/parisc/include/asm/pgtable.h",
    "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
    "parisc: Fix encoding of swp_entry due to added SWP_EXCLUSIVE flag (6f9e98849eda, 6.4)",
)
.with_exclusive(8, Placement::UnusedBit)
.with_choice(MARKER_CHOICE)
.with_present(&[Pattern::all_ones(1 << 9)])
.with_reserved(&[Reserved::new(1 << 9, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
