//! RISC-V rv64 from 4.15 to 4.18: as later, but that a page nobody may access had no bit yet.
#![doc = include_str!("until_4_18.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::RV64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7..=63: the swap offset, in pages
    #[inline]
    #[bits(57)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&RV64, Field::new(2, 5), Field::new(7, 57))
    .with_kernels(
        KernelRange::between(KernelVersion::new(4, 15), KernelVersion::new(4, 18)),
        &[KernelVersion::new(4, 15), KernelVersion::new(4, 18)],
    )
    .with_source(
        "arch/riscv/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry",
        "older than the record, which begins at 4.15",
    )
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping")]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
