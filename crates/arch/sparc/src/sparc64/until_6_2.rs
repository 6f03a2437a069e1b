//! 64-bit SPARC before the exclusive marker: the type field has eight bits, three more than the core uses.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::SPARC64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(7)]
    __: u8,
    /// 7: `_PAGE_PRESENT_4U`, zero
    #[inline]
    present: bool,
    #[bits(5)]
    ___: u8,
    /// 13..=20: the swap type; the core uses five of the eight bits
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 21..=63: the swap offset, in pages
    #[inline]
    #[bits(43)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SPARC64, Field::new(13, 8).writing(5), Field::new(21, 43))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/sparc/include/asm/pgtable_64.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1 << 7)])
    .with_reserved(&[
        Reserved::new(
            1 << 4,
            "_PAGE_PRESENT_4V",
            "pte_present tests it on sun4v: the kernel patches itself when it starts",
        ),
        Reserved::new(1 << 7, "_PAGE_PRESENT_4U", "pte_present tests it on sun4u"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
