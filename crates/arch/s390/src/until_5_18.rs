//! s390 before the exclusive marker. The manual counts bits from the other end: its bit n is bit 63 - n here.
#![doc = include_str!("until_5_18.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::S390;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(2)]
    __: u8,
    /// 9: `_PAGE_PROTECT`, one
    #[inline]
    protect: bool,
    /// 10: `_PAGE_INVALID`, one
    #[inline]
    invalid: bool,
    #[bits(1)]
    ___: u8,
    /// 12..=63: the swap offset, in pages
    #[inline]
    #[bits(52)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&S390, Field::new(2, 5), Field::new(12, 52))
    .with_kernels(
        KernelRange::between(KernelVersion::new(4, 1), KernelVersion::new(5, 18)),
        &[
            KernelVersion::new(4, 4),
            KernelVersion::new(4, 9),
            KernelVersion::new(4, 15),
            KernelVersion::new(5, 0),
            KernelVersion::new(5, 4),
            KernelVersion::new(5, 10),
        ],
    )
    .with_source(
        "arch/s390/include/asm/pgtable.h",
        "mk_swap_pte, __SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT",
        "s390/mm: change swap pte encoding and pgtable cleanup (a1c843b82541, 4.1)",
    )
    .with_soft_dirty(1)
    .with_always_one(0x600)
    .with_none(Pattern::exactly(1 << 10, 0))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 9, "_PAGE_PROTECT", "pte_swap tests it: 1 here and 0 in bit 0 say swap"),
        Reserved::new(1 << 10, "_PAGE_INVALID", "the hardware must see an invalid entry"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with soft_dirty;
    ones: |raw| raw.with_protect(true).with_invalid(true);
    none: |raw| raw.into_bits() == Raw::from_bits(0).with_invalid(true).into_bits();
    present: |raw| raw.present();
}
