//! RISC-V rv64 from 5.0 to 5.16: the fields begin right above the two bits that make an entry present.
#![doc = include_str!("since_5_0.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::RV64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1: `_PAGE_PROT_NONE`, zero
    #[inline]
    prot_none: bool,
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
        KernelRange::between(KernelVersion::new(5, 0), KernelVersion::new(5, 16)),
        &[KernelVersion::new(5, 0), KernelVersion::new(5, 4), KernelVersion::new(5, 10)],
    )
    .with_source(
        "arch/riscv/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry",
        "where it began is not known: it is in 5.0, and in 4.18 it is not",
    )
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            1 << 1,
            "_PAGE_PROT_NONE",
            "the read bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
