//! RISC-V rv64 from 5.17 to 6.2: `PROT_NONE` moved to the global bit, and the fields moved up behind it.
#![doc = include_str!("since_5_17.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::RV64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(4)]
    __: u8,
    /// 5: `_PAGE_PROT_NONE`, zero
    #[inline]
    prot_none: bool,
    /// 6..=10: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 11..=63: the swap offset, in pages
    #[inline]
    #[bits(53)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&RV64, Field::new(6, 5), Field::new(11, 53))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 17), KernelVersion::new(6, 2)),
        &[KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/riscv/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry",
        "riscv/mm: Adjust PAGE_PROT_NONE to comply with THP semantics (fba88ede6a31, 5.17)",
    )
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 5)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            0xe,
            "_PAGE_LEAF",
            "read, write and execute: the header keeps them zero, and pmd_present tests them",
        ),
        Reserved::new(
            1 << 5,
            "_PAGE_PROT_NONE",
            "the global bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
