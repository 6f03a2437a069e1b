//! 64-bit MIPS with the exclusive marker in bit 23, the highest one of the type, which the core never used.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{MARKER_CHOICE, MIPS64};

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(6)]
    __: u8,
    /// 7: `_PAGE_GLOBAL`, zero, ignored by `pte_none`
    #[inline]
    global: bool,
    #[bits(8)]
    ___: u8,
    /// 16..=22: the swap type; the core uses five of the seven bits
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 23: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 24..=63: the swap offset, in pages
    #[inline]
    #[bits(40)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MIPS64, Field::new(16, 7).writing(5), Field::new(24, 40))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/mips/include/asm/pgtable-64.h",
        "mk_swap_pte, __swp_type, __swp_offset, _PAGE_SWP_EXCLUSIVE",
        "mips/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (83d3b2b46ea3, 6.3)",
    )
    .with_exclusive(23, Placement::StolenTypeBit)
    .with_choice(MARKER_CHOICE)
    .with_none(Pattern::exactly(0, 1 << 7))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 7, "_PAGE_GLOBAL", "pte_none ignores it: the other page of a pair can be global"),
        Reserved::new(
            1 << 8,
            "_PAGE_VALID",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
        Reserved::new(
            0x240,
            "EntryLo.G, EntryLo.V",
            "without huge pages both can be a bit lower, with RI and XI a bit higher, and pte_none ignores G there",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.present();
}
