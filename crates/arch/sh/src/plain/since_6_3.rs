//! sh with entries of 32 bits from 6.3 on: the type keeps the five bits that the core uses, and the next went to
//! the exclusive marker.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::SH;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    #[bits(1)]
    __: u8,
    /// 1..=5: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 6: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    #[bits(1)]
    ___: u8,
    /// 8: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 9: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    #[bits(1)]
    ____: u8,
    /// 11..=31: the swap offset, in pages
    #[inline]
    #[bits(21)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SH, Field::new(1, 5), Field::new(11, 21))
    .with_kernels(KernelRange::since(KernelVersion::new(6, 3)), &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)])
    .with_source("arch/sh/include/asm/pgtable_32.h", "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry, _PAGE_SWP_EXCLUSIVE", "sh/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (cca10df10293, 6.3)")
    .with_exclusive_from_type(6, 2)
    .with_choice(
        "The commit reduces the type to the five bits that the core uses, so that the stolen bit is as good as unused; of the \
         idle bits 0 and 10 it says nothing.",
    )
    .with_present(&[Pattern::all_ones(1 << 8), Pattern::all_ones(1 << 9)])
    .with_reserved(&[
        Reserved::new(1 << 8, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB"),
        Reserved::new(1 << 9, "_PAGE_PROTNONE", "nothing to the hardware; in an entry that is not present it means PROT_NONE, and pte_present tests it"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
