//! ppc 85xx (e500) with 32-bit words before the exclusive marker. The manual counts bits from the other end: its bit
//! n is bit 31 - n here.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::NOHASH32_85XX;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(2)]
    __: u8,
    /// 3..=7: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 8..=31: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&NOHASH32_85XX, Field::new(3, 5), Field::new(8, 24))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/powerpc/include/asm/nohash/32/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
