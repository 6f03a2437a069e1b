//! ppc 44x, and 85xx (e500), with 64-bit words with the exclusive marker in bit 2, which nobody used. The manual
//! counts bits from the other end: its bit n is bit 63 - n here.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::NOHASH32_PTE64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 3..=7: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 8..=34: the swap offset, in pages; the encoder writes bits 8..=31 alone
    #[inline]
    #[bits(27)]
    swp_offset: u64,
    #[bits(29)]
    ___: u32,
}

const LAYOUT: Layout<'static> = Layout::new(&NOHASH32_PTE64, Field::new(3, 5), Field::new(8, 27).writing(24))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/powerpc/include/asm/nohash/32/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry, _PAGE_SWP_EXCLUSIVE",
        "powerpc/nohash/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (2bba2ffbe030, 6.3)",
    )
    .with_exclusive(2, Placement::UnusedBit)
    .with_none(Pattern::exactly(0, 0xffff_ffff_0000_0000))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(
            0xffff_fff8_0000_0000,
            "_PTE_NONE_MASK",
            "the upper half: pte_none ignores it, and pte_update, whose mask is an unsigned long, never clears it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() & 0xffff_ffff == 0;
    present: |raw| raw.present();
    offset: writes 24 bits;
}
