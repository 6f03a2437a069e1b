//! C-SKY CK610 from 5.10 to 5.11: the type covers bits of the hardware, `_PAGE_GLOBAL` (6), which `pte_none`
//! ignores, and `_PAGE_VALID` (7), so that a type from 8 on is valid to it.
#![doc = include_str!("until_5_11.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::CK610;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(3)]
    __: u8,
    /// 4..=11: the swap type, of which five bits are written
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&CK610, Field::new(4, 8).writing(5), Field::new(12, 20))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(5, 11)),
        &[KernelVersion::new(5, 10)],
    )
    .with_source(
        "arch/csky/abiv1/inc/abi/pgtable-bits.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_none(Pattern::exactly(0, 1 << 6))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() & !(1 << 6) == 0;
    present: |raw| raw.present();
}
