//! m68k on a `ColdFire`, before the exclusive marker: the decoder reads eight bits of type.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::COLDFIRE;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=7: the swap type, of which five bits are written
    #[inline]
    #[bits(8)]
    swp_type: u64,
    #[bits(2)]
    __: u8,
    /// 10: `CF_PAGE_VALID`, zero
    #[inline]
    present: bool,
    /// 11..=31: the swap offset, in pages
    #[inline]
    #[bits(21)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&COLDFIRE, Field::new(0, 8).writing(5), Field::new(11, 21))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/m68k/include/asm/mcf_pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1 << 10)])
    .with_reserved(&[Reserved::new(1 << 10, "CF_PAGE_VALID", "pte_present tests it, and the refill of the TLB")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
