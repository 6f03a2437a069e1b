//! 32-bit Arm with two levels of page tables, before the exclusive marker.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::ARM;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `L_PTE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7..=31: the swap offset, in pages
    #[inline]
    #[bits(25)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&ARM, Field::new(2, 5), Field::new(7, 25))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/arm/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(
        1,
        "L_PTE_PRESENT",
        "pte_present tests it, and so does the function that writes the hardware's entry",
    )]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
