//! MicroBlaze before the exclusive marker: the type field has six bits, one more than the core uses. The manual counts
//! bits from the other end: its bit n is bit 31 - n here.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::MICROBLAZE;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    #[bits(1)]
    __: u8,
    /// 1: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 2..=7: the swap type; the core uses five of the six bits
    #[inline]
    #[bits(6)]
    swp_type: u64,
    /// 8..=31: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MICROBLAZE, Field::new(2, 6).writing(5), Field::new(8, 24))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/microblaze/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1 << 1)])
    .with_reserved(&[Reserved::new(1 << 1, "_PAGE_PRESENT", "pte_present tests it, and so do the TLB miss handlers")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
