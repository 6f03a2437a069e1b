//! Alpha with the exclusive marker in bit 39, the highest one of the type, which the core never used.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{ALPHA, MARKER_CHOICE};

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_VALID`, zero
    #[inline]
    valid: bool,
    #[bits(31)]
    __: u32,
    /// 32..=38: the swap type; the core uses five of the seven bits
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 39: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 40..=63: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&ALPHA, Field::new(32, 7).writing(5), Field::new(40, 24))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/alpha/include/asm/pgtable.h",
        "mk_swap_pte, __swp_type, __swp_offset, _PAGE_SWP_EXCLUSIVE",
        "alpha/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (a172d5128706, 6.3)",
    )
    .with_exclusive(39, Placement::StolenTypeBit)
    // pte_swp_exclusive() returned an int, which has no bit 39; a bool since "mm: pgtable: fix pte_swp_exclusive"
    // (403d1338a4a5, 6.16).
    .with_unseen_exclusive(KernelRange::between(KernelVersion::new(6, 3), KernelVersion::new(6, 15)))
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_VALID", "the hardware would take the word for a mapping")]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.valid();
}
