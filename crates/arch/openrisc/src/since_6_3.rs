//! OpenRISC with the exclusive marker in bit 11, the highest one of the type, which the core never used.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{MARKER_CHOICE, OPENRISC};

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(4)]
    __: u8,
    /// 5..=10: the swap type; the core uses five of the six bits
    #[inline]
    #[bits(6)]
    swp_type: u64,
    /// 11: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&OPENRISC, Field::new(5, 6).writing(5), Field::new(12, 20))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/openrisc/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "openrisc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (5ae3e74474f8, 6.3)",
    )
    .with_exclusive(11, Placement::StolenTypeBit)
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it, and so do the TLB miss handlers")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
