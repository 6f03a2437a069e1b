//! Xtensa with the exclusive marker in bit 1: the attribute of a swap PTE is 1100 or, with the marker, 1110.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::XTENSA;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_HW_EXEC`, zero
    #[inline]
    hw_exec: bool,
    /// 1: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 2..=3: `_PAGE_CA_INVALID`, ones
    #[inline]
    #[bits(2)]
    cache: u8,
    /// 4: `_PAGE_USER`, one
    #[inline]
    user: bool,
    #[bits(1)]
    __: u8,
    /// 6..=10: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 11..=31: the swap offset, in pages
    #[inline]
    #[bits(21)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&XTENSA, Field::new(6, 5), Field::new(11, 21))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/xtensa/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "xtensa/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (f5c3fe300c5b, 6.3)",
    )
    .with_exclusive(1, Placement::UnusedBit)
    .with_always_one(0x1c)
    .with_none(Pattern::exactly(0x1c, 0))
    .with_present(&[Pattern::all_zeros(1 << 2), Pattern::all_zeros(1 << 3), Pattern::all_ones(0xf)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_HW_EXEC", "with bit 1 it makes _PAGE_NONE of the attribute, which pte_present tests"),
        Reserved::new(
            0xc,
            "_PAGE_CA_INVALID",
            "the cache attribute: 3 says that nothing is there, to the hardware and to pte_present",
        ),
        Reserved::new(
            1 << 4,
            "_PAGE_USER",
            "the ring: the user's even where nothing is there, since multihit comes before all other exceptions",
        ),
        Reserved::new(1 << 5, "RI", "the upper bit of the ring"),
    ])
    .with_harmless(1 << 1);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    ones: |raw| raw.with_cache(3).with_user(true);
    none: |raw| raw.into_bits() == Raw::from_bits(0).with_cache(3).with_user(true).into_bits();
    present: |raw| (raw.cache() != 3) | raw.hw_exec() & raw.exclusive();
}
