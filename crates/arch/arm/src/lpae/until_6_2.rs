//! 32-bit Arm with LPAE, before the exclusive marker: words of 64 bits, of which an entry has the lower half.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::ARM_LPAE;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=1: `L_PTE_PRESENT`, zero
    #[inline]
    #[bits(2)]
    present: u8,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7..=31: the swap offset, in pages
    #[inline]
    #[bits(25)]
    swp_offset: u64,
    #[bits(32)]
    __: u32,
}

const LAYOUT: Layout<'static> = Layout::new(&ARM_LPAE, Field::new(2, 5), Field::new(7, 25))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/arm/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 1)])
    .with_reserved(&[Reserved::new(
        0x3,
        "L_PTE_PRESENT",
        "pte_present tests both bits, and the hardware the lower one",
    )]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() != 0;
}
