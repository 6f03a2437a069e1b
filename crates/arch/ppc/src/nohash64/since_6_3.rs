//! ppc 64-bit without a hash table (Book3E) with the exclusive marker in bit 7, which nobody used. The manual counts
//! bits from the other end: its bit n is bit 63 - n here.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::NOHASH64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    #[bits(16)]
    ___: u16,
    /// 24..=63: the swap offset, in pages
    #[inline]
    #[bits(40)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&NOHASH64, Field::new(2, 5), Field::new(24, 40))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/powerpc/include/asm/nohash/64/pgtable.h",
        "SWP_TYPE_BITS, __swp_type, __swp_entry, PTE_RPN_SHIFT, _PAGE_SWP_EXCLUSIVE",
        "powerpc/nohash/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (2bba2ffbe030, 6.3)",
    )
    .with_exclusive(7, Placement::UnusedBit)
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it")]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
