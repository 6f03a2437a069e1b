//! 64-bit SPARC with the exclusive marker in bit 20, the highest one of the type, which the core never used.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{MARKER_CHOICE, SPARC64};

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(7)]
    __: u8,
    /// 7: `_PAGE_PRESENT_4U`, zero
    #[inline]
    present: bool,
    #[bits(5)]
    ___: u8,
    /// 13..=19: the swap type; the core uses five of the seven bits
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 20: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 21..=63: the swap offset, in pages
    #[inline]
    #[bits(43)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SPARC64, Field::new(13, 7).writing(5), Field::new(21, 43))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/sparc/include/asm/pgtable_64.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "sparc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE on 64bit (adf8e329ff56, 6.3)",
    )
    .with_exclusive(20, Placement::StolenTypeBit)
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1 << 7)])
    .with_reserved(&[
        Reserved::new(
            1 << 4,
            "_PAGE_PRESENT_4V",
            "pte_present tests it on sun4v: the kernel patches itself when it starts",
        ),
        Reserved::new(1 << 7, "_PAGE_PRESENT_4U", "pte_present tests it on sun4u"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
