//! m68k with a Motorola MMU from 6.3 on: of eight bits of type, the highest went to the exclusive marker.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{MARKER_CHOICE, MOTOROLA};

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    #[bits(1)]
    ___: u8,
    /// 4..=10: the swap type, of which five bits are written
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 11: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MOTOROLA, Field::new(4, 7).writing(5), Field::new(12, 20))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/m68k/include/asm/motorola_pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "m68k/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (ed4154067a08, 6.3)",
    )
    .with_exclusive(11, Placement::StolenTypeBit)
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 2)])
    .with_reserved(&[
        Reserved::new(
            1,
            "_PAGE_PRESENT",
            "half of the descriptor type, of which 0 means invalid to the hardware; pte_present tests it",
        ),
        Reserved::new(1 << 1, "_PAGE_SHORT", "the other half of the descriptor type: the hardware must see 0"),
        Reserved::new(
            1 << 2,
            "_PAGE_PROTNONE",
            "read-only to the hardware; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
