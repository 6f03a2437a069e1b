//! arm64 from 5.19 to 6.9: the type gave its spare bit to the exclusive marker.
#![doc = include_str!("since_5_19.md")]

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
    /// 3..=7: the swap type
    #[inline]
    #[bits(5)]
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

const LAYOUT: Layout<'static> = Layout::new(&ARM64, Field::new(3, 5), Field::new(8, 50))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 19), KernelVersion::new(6, 9)),
        &[KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/arm64/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, PTE_SWP_EXCLUSIVE",
        "arm64/pgtable: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (570ef363509b, 5.19)",
    )
    .with_exclusive(2, Placement::StolenTypeBit)
    .with_choice(
        "The commit calls the spare type bit unneeded, since the core supports five; the types that it costs could never \
             have been used, and the bits above the offset stay idle.",
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
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.valid() | raw.prot_none();
}
