//! PA-RISC with 64 bits, before the exclusive marker. The offset is split around `_PAGE_PRESENT`, and bits 5 and
//! 10 are idle.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved, Run};

use crate::arch::PARISC64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=4: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(1)]
    __: u8,
    /// 6..=8: bits 0 to 2 of the swap offset
    #[inline]
    #[bits(3)]
    offset_low: u64,
    /// 9: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    ___: u8,
    /// 11..=63: the swap offset from bit 3 up
    #[inline]
    #[bits(53)]
    offset_high: u64,
}

impl Raw {
    const SWP_OFFSET_OFFSET: usize = Self::OFFSET_LOW_OFFSET;
    const SWP_OFFSET_BITS: usize = Self::OFFSET_LOW_BITS + Self::OFFSET_HIGH_BITS;

    /// The swap offset, in pages: bits 11-63 above bits 6-8.
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
    &PARISC64,
    Field::new(0, 5),
    Field::split([Run { bit: 6, len: 3, value_bit: 0 }, Run { bit: 11, len: 53, value_bit: 3 }]),
)
.with_kernels(
    KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
    &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
)
.with_source(
    "arch/parisc/include/asm/pgtable.h",
    "__swp_type, __swp_offset, __swp_entry",
    "older than the record, which begins at 5.10",
)
.with_present(&[Pattern::all_ones(1 << 9)])
.with_reserved(&[Reserved::new(1 << 9, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB")]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
