//! RISC-V rv64 on harts with Svrsw60t59b: the extension frees two bits of a present entry for soft-dirty and uffd-
//! wp, and swap PTEs carry both. Without it the kernel has the helpers, but they do nothing: that is the plain rv64
//! layout.
#![doc = include_str!("since_6_19.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::RV64_SVRSW60T59B;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(2)]
    __: u8,
    /// 3: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    /// 4: write-protected by userfaultfd
    #[inline]
    uffd_wp: bool,
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

const LAYOUT: Layout<'static> = Layout::new(&RV64_SVRSW60T59B, Field::new(7, 5), Field::new(12, 52))
    .with_kernels(KernelRange::since(KernelVersion::new(6, 19)), &[KernelVersion::new(7, 2), KernelVersion::new(7, 3)])
    .with_source(
        "arch/riscv/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, _PAGE_SWP_EXCLUSIVE, _PAGE_SWP_SOFT_DIRTY, \
             _PAGE_SWP_UFFD_WP",
        "riscv: mm: add soft-dirty page tracking support (2a3ebad4db63, 6.19); riscv: mm: add \
             userfaultfd write-protect support (c64da3950cf4, 6.19)",
    )
    .with_exclusive(6, Placement::StolenOffsetBit)
    .with_soft_dirty(3)
    .with_uffd_wp(4)
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 5)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            0x6,
            "_PAGE_READ, _PAGE_WRITE",
            "of _PAGE_LEAF: the header keeps them zero, and pmd_present tests them",
        ),
        Reserved::new(
            1 << 5,
            "_PAGE_PROT_NONE",
            "the global bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive, soft_dirty, uffd_wp;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
