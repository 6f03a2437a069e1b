//! sh with entries of 64 bits, with the exclusive marker in bit 6, which was unused. The entry is the upper half
//! of the word. An offset of the core has 26 bits in a kernel of 32 bits, one fewer than there is room for.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::X2TLB;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(6)]
    __: u8,
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
    #[bits(22)]
    ____: u32,
    /// 32..=36: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 37..=63: the swap offset, in pages, of which 26 bits are written
    #[inline]
    #[bits(27)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&X2TLB, Field::new(32, 5), Field::new(37, 27).writing(26))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/sh/include/asm/pgtable_32.h",
        "__swp_type, __swp_offset, __swp_entry, __swp_entry_to_pte, _PAGE_SWP_EXCLUSIVE",
        "sh/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (cca10df10293, 6.3)",
    )
    .with_exclusive(6, Placement::UnusedBit)
    .with_present(&[Pattern::all_ones(1 << 8), Pattern::all_ones(1 << 9)])
    .with_reserved(&[
        Reserved::new(1 << 8, "_PAGE_PRESENT", "pte_present tests it, and the refill of the TLB"),
        Reserved::new(
            1 << 9,
            "_PAGE_PROTNONE",
            "nothing to the hardware; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
    offset: writes 26 bits;
}
