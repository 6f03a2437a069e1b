//! MicroBlaze with the exclusive marker in bit 7, the highest one of the type, which the core never used. The manual
//! counts bits from the other end: its bit n is bit 31 - n here.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{MARKER_CHOICE, MICROBLAZE};

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    #[bits(1)]
    __: u8,
    /// 1: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 8..=31: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MICROBLAZE, Field::new(2, 5), Field::new(8, 24))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/microblaze/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry, _PAGE_SWP_EXCLUSIVE",
        "microblaze/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (b5c88f21531c, 6.3)",
    )
    .with_exclusive(7, Placement::StolenTypeBit)
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1 << 1)])
    .with_reserved(&[Reserved::new(1 << 1, "_PAGE_PRESENT", "pte_present tests it, and so do the TLB miss handlers")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
