//! C-SKY with ABI v2 from 5.10 to 5.11: the decoder reads eight bits of type, among them `_PAGE_PRESENT`.
#![doc = include_str!("until_5_11.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::CSKY;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_GLOBAL`, zero
    #[inline]
    global: bool,
    #[bits(3)]
    __: u8,
    /// 4..=11: the swap type, of which five bits are written; 10: `_PAGE_PRESENT`, zero
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&CSKY, Field::new(4, 8).writing(5), Field::new(12, 20))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(5, 11)),
        &[KernelVersion::new(5, 10)],
    )
    .with_source(
        "arch/csky/abiv2/inc/abi/pgtable-bits.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_none(Pattern::exactly(0, 1))
    .with_present(&[Pattern::all_ones(1 << 10)])
    .with_reserved(&[
        Reserved::new(
            1,
            "_PAGE_GLOBAL",
            "the hardware has one for two pages, so that it must be zero; pte_none ignores it",
        ),
        Reserved::new(1 << 1, "_PAGE_VALID", "the hardware must see an invalid entry"),
        Reserved::new(
            1 << 10,
            "_PAGE_PRESENT",
            "pte_present tests it, although the decoder takes it for a bit of the type",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.swp_type() >> 6 & 1 != 0;
}
