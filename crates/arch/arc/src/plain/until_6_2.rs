//! ARC with entries of 32 bits, before the exclusive marker.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::ARC;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=4: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(4)]
    __: u8,
    /// 9: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(3)]
    ___: u8,
    /// 13..=31: the swap offset, in pages
    #[inline]
    #[bits(19)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&ARC, Field::new(0, 5), Field::new(13, 19))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/arc/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1 << 9)])
    .with_reserved(&[Reserved::new(1 << 9, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
