//! arm64 from 6.10 on: the fields moved up to make room for uffd-wp; the marker stayed in bit 2.
#![doc = include_str!("since_6_10.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::ARM64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `PTE_VALID`, zero
    #[inline]
    valid: bool,
    #[bits(1)]
    __: u8,
    /// 2: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 3: write-protected by userfaultfd
    #[inline]
    uffd_wp: bool,
    #[bits(2)]
    ___: u8,
    /// 6..=10: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 11: `PTE_PRESENT_INVALID`, zero
    #[inline]
    present_invalid: bool,
    /// 12..=61: the swap offset, in pages
    #[inline]
    #[bits(50)]
    swp_offset: u64,
    #[bits(2)]
    ____: u8,
}

const LAYOUT: Layout<'static> = Layout::new(&ARM64, Field::new(6, 5), Field::new(12, 50))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 10)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/arm64/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, PTE_SWP_EXCLUSIVE, PTE_SWP_UFFD_WP",
        "arm64/mm: Move PTE_PRESENT_INVALID to overlay PTE_NG (55564814a838, 6.10); arm64/mm: Add uffd \
             write-protect support (5b32510af77b, 6.10)",
    )
    .with_exclusive(2, Placement::StolenTypeBit)
    .with_uffd_wp(3)
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 11)])
    .with_reserved(&[
        Reserved::new(
            0x3,
            "PTE_TYPE_MASK",
            "the descriptor type: the hardware looks at bit 0, and the header keeps both zero",
        ),
        Reserved::new(
            1 << 11,
            "PTE_PRESENT_INVALID",
            "the not-global bit; in an entry that is not valid it means present to the kernel, and \
             pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive, uffd_wp;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.valid() | raw.present_invalid();
}
