//! sh with entries of 32 bits, before the exclusive marker: the decoder reads eight bits of type, the highest of
//! them `_PAGE_PRESENT`.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::SH;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    #[bits(1)]
    __: u8,
    /// 1..=8: the swap type, of which five bits are written; 8: `_PAGE_PRESENT`, zero
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 9: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    #[bits(1)]
    ___: u8,
    /// 11..=31: the swap offset, in pages
    #[inline]
    #[bits(21)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SH, Field::new(1, 8).writing(5), Field::new(11, 21))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/sh/include/asm/pgtable_32.h",
        "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1 << 8), Pattern::all_ones(1 << 9)])
    .with_reserved(&[
        Reserved::new(1 << 8, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB"),
        Reserved::new(
            1 << 9,
            "_PAGE_PROTNONE",
            "nothing to the hardware; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| (raw.swp_type() >> 7 != 0) | raw.prot_none();
}
