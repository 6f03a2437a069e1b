//! ARC with entries of 64 bits, of which the lower half is used, with the exclusive marker in bit 5, which was
//! unused.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::PAE40;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=4: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 5: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    #[bits(3)]
    __: u8,
    /// 9: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(3)]
    ___: u8,
    /// 13..=31: the swap offset, in pages
    #[inline]
    #[bits(19)]
    swp_offset: u64,
    #[bits(32)]
    ____: u32,
}

const LAYOUT: Layout<'static> = Layout::new(&PAE40, Field::new(0, 5), Field::new(13, 19))
    .with_kernels(KernelRange::since(KernelVersion::new(6, 3)), &[KernelVersion::new(7, 2), KernelVersion::new(7, 3)])
    .with_source(
        "arch/arc/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "arc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (4a446b3dd335, 6.3)",
    )
    .with_exclusive(5, Placement::UnusedBit)
    .with_present(&[Pattern::all_ones(1 << 9)])
    .with_reserved(&[Reserved::new(1 << 9, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB")]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}
