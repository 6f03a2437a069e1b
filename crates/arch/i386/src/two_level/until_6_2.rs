//! i386 with two levels of page tables, before the exclusive marker.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::I386;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1..=5: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(2)]
    __: u8,
    /// 8: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    /// 9..=31: the swap offset, in pages
    #[inline]
    #[bits(23)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&I386, Field::new(1, 5), Field::new(9, 23))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/x86/include/asm/pgtable-2level.h",
        "SWP_TYPE_BITS, SWP_OFFSET_SHIFT, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 8)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            1 << 8,
            "_PAGE_PROTNONE",
            "the global bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
