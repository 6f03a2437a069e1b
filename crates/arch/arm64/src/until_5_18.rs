//! arm64 before the exclusive marker: the type field has six bits, one more than the core uses.
#![doc = include_str!("until_5_18.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::ARM64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `PTE_VALID`, zero
    #[inline]
    valid: bool,
    #[bits(1)]
    __: u8,
    /// 2..=7: the swap type; the core uses five of the six bits
    #[inline]
    #[bits(6)]
    swp_type: u64,
    /// 8..=57: the swap offset, in pages
    #[inline]
    #[bits(50)]
    swp_offset: u64,
    /// 58: `PTE_PROT_NONE`, zero
    #[inline]
    prot_none: bool,
    #[bits(5)]
    ___: u8,
}

const LAYOUT: Layout<'static> = Layout::new(&ARM64, Field::new(2, 6).writing(5), Field::new(8, 50))
    .with_kernels(
        KernelRange::between(KernelVersion::new(4, 0), KernelVersion::new(5, 18)),
        &[
            KernelVersion::new(4, 4),
            KernelVersion::new(4, 9),
            KernelVersion::new(4, 15),
            KernelVersion::new(5, 0),
            KernelVersion::new(5, 4),
            KernelVersion::new(5, 10),
        ],
    )
    .with_source(
        "arch/arm64/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT",
        "older than the record, which begins at 4.0",
    )
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 58)])
    .with_reserved(&[
        Reserved::new(
            0x3,
            "PTE_TYPE_MASK",
            "the descriptor type: the hardware looks at bit 0, and the header keeps both zero",
        ),
        Reserved::new(
            1 << 58,
            "PTE_PROT_NONE",
            "present to the kernel though not to the hardware; pte_present tests it",
        ),
        Reserved::new(1 << 59, "PMD_PRESENT_INVALID", "present to the kernel in a PMD; pmd_present tests it"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.valid() | raw.prot_none();
}
