//! RISC-V rv64 from 6.3 on: the offset gave a bit, type and offset moved up by one, and the exclusive marker took
//! bit 6.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{MARKER_CHOICE, RV64};

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
    /// 6: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 7..=11: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 12..=63: the swap offset, in pages
    #[inline]
    #[bits(52)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&RV64, Field::new(7, 5), Field::new(12, 52))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/riscv/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "riscv/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (51a1007d4113, 6.3)",
    )
    .with_exclusive(6, Placement::StolenOffsetBit)
    .with_choice(MARKER_CHOICE)
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
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
