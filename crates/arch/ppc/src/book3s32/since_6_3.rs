//! ppc 32-bit with a hash table (603, 604, 7xx, 74xx) with the exclusive marker in bit 2, which nobody used. The
//! manual counts bits from the other end: its bit n is bit 31 - n here.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::BOOK3S32;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1: `_PAGE_HASHPTE`, ignored by `pte_none`
    #[inline]
    hash_pte: bool,
    /// 2: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 3..=7: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 8..=31: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&BOOK3S32, Field::new(3, 5), Field::new(8, 24))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/powerpc/include/asm/book3s/32/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry, _PAGE_SWP_EXCLUSIVE",
        "powerpc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE on 32bit book3s (8897ebff37fd, 6.3)",
    )
    .with_exclusive(2, Placement::UnusedBit)
    .with_none(Pattern::exactly(0, 1 << 1))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(
            1 << 1,
            "_PAGE_HASHPTE",
            "owned by the hash code, which keeps it in memory over a new entry; pte_none ignores it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.with_hash_pte(false).into_bits() == 0;
    present: |raw| raw.present();
}
