//! MIPS with XPA: the exclusive marker is in bit 25, of the low word; the high one, made for `EntryLo`, has the entry.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::MIPS32_XPA;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(24)]
    __: u32,
    /// 24: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 25: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    #[bits(8)]
    ___: u8,
    /// 34: `EntryLo.G`, zero, ignored by `pte_none`
    #[inline]
    global: bool,
    #[bits(1)]
    ____: u8,
    /// 36..=40: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 41..=63: the swap offset, in pages
    #[inline]
    #[bits(23)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MIPS32_XPA, Field::new(36, 5), Field::new(41, 23))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/mips/include/asm/pgtable-32.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "mips/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (83d3b2b46ea3, 6.3)",
    )
    .with_exclusive(25, Placement::UnusedBit)
    .with_none(Pattern::exactly(0, 0x0004_ffff_ffff))
    .with_present(&[Pattern::all_ones(1 << 24)])
    .with_reserved(&[
        Reserved::new(1 << 24, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 34, "EntryLo.G", "pte_none ignores it: the other page of a pair can be global"),
        Reserved::new(
            1 << 35,
            "EntryLo.V",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
    ])
    .with_harmless(0xfeff_ffff);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.with_global(false).into_bits() >> 32 == 0;
    present: |raw| raw.present();
}
