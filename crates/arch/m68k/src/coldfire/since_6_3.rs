//! m68k on a `ColdFire` from 6.3 on: of eight bits of type, the highest went to the exclusive marker.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{COLDFIRE, MARKER_CHOICE};

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=6: the swap type, of which five bits are written
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 7: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    #[bits(2)]
    __: u8,
    /// 10: `CF_PAGE_VALID`, zero
    #[inline]
    present: bool,
    /// 11..=31: the swap offset, in pages
    #[inline]
    #[bits(21)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&COLDFIRE, Field::new(0, 7).writing(5), Field::new(11, 21))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/m68k/include/asm/mcf_pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "m68k/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (ed4154067a08, 6.3)",
    )
    .with_exclusive(7, Placement::StolenTypeBit)
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1 << 10)])
    .with_reserved(&[Reserved::new(1 << 10, "CF_PAGE_VALID", "pte_present tests it, and the refill of the TLB")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
