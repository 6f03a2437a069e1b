//! OpenRISC before the exclusive marker: the type field has seven bits, two more than the core uses.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::OPENRISC;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(4)]
    __: u8,
    /// 5..=11: the swap type; the core uses five of the seven bits
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&OPENRISC, Field::new(5, 7).writing(5), Field::new(12, 20))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/openrisc/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it, and so do the TLB miss handlers")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
