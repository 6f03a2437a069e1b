//! MIPS with the TLB of the R3000, before the exclusive marker.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::MIPS32_R3K;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(7)]
    __: u8,
    /// 8: `_PAGE_GLOBAL`, zero, ignored by `pte_none`
    #[inline]
    global: bool,
    #[bits(1)]
    ___: u8,
    /// 10..=14: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 15..=31: the swap offset, in pages
    #[inline]
    #[bits(17)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MIPS32_R3K, Field::new(10, 5), Field::new(15, 17))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/mips/include/asm/pgtable-32.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_none(Pattern::exactly(0, 1 << 8))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 8, "_PAGE_GLOBAL", "pte_none ignores it"),
        Reserved::new(
            1 << 9,
            "_PAGE_VALID",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.present();
}
