//! User-mode Linux before the exclusive marker.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::UM;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1: zero from the encoder, set by `set_pte`, ignored by `pte_none`
    #[inline]
    need_sync: bool,
    #[bits(2)]
    __: u8,
    /// 4: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    /// 5..=9: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(1)]
    ___: u8,
    /// 11..=63: the swap offset, in pages
    #[inline]
    #[bits(53)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&UM, Field::new(5, 5), Field::new(11, 53))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/um/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_none(Pattern::exactly(0, 1 << 1))
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 4)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(
            1 << 1,
            "_PAGE_NEWPAGE",
            "set_pte sets it in whatever it stores, to have the host's mapping changed; pte_none ignores it",
        ),
        Reserved::new(1 << 4, "_PAGE_PROTNONE", "present, and PROT_NONE: pte_present tests it"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.with_need_sync(false).into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
