//! ppc book3s64 with 4K pages before 4.10: the offset reaches up to bit 56. The manual counts bits
//! from the other end: its bit n is bit 63 - n here.
#![doc = include_str!("until_4_9.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::BOOK3S64_4K;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=4: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 5: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    #[bits(1)]
    __: u8,
    /// 7..=8: `_PAGE_DIRTY` and `_PAGE_ACCESSED`, ignored by `radix__pte_none`
    #[inline]
    #[bits(2)]
    referenced_changed: u8,
    #[bits(3)]
    ___: u8,
    /// 12..=56: the swap offset, in pages
    #[inline]
    #[bits(45)]
    swp_offset: u64,
    #[bits(5)]
    ____: u8,
    /// 62: `_PAGE_PTE`, one
    #[inline]
    leaf: bool,
    /// 63: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
}

const LAYOUT: Layout<'static> = Layout::new(&BOOK3S64_4K, Field::new(0, 5), Field::new(12, 45))
    .with_kernels(KernelRange::between(KernelVersion::new(4, 7), KernelVersion::new(4, 9)), &[KernelVersion::new(4, 9)])
    .with_source(
        "arch/powerpc/include/asm/book3s/64/pgtable.h",
        "SWP_TYPE_BITS, __swp_entry, __swp_offset, PTE_RPN_MASK, _PAGE_SWP_*",
        "where it began is not known: it is in 4.7, and in 4.5 the type began at bit 2",
    )
    .with_soft_dirty(5)
    .with_always_one(1 << 62)
    .with_none(Pattern::exactly(0, 0x180))
    .with_present(&[Pattern::all_ones(1 << 63)])
    .with_reserved(&[
        Reserved::new(0x180, "_PAGE_DIRTY, _PAGE_ACCESSED", "radix__pte_none ignores them (RADIX_PTE_NONE_MASK)"),
        Reserved::new(1 << 11, "H_PAGE_BUSY", "of _PAGE_HPTEFLAGS, which the hash code filters whenever a PTE is set"),
        Reserved::new(0x7 << 57, "H_PAGE_F_GIX", "of _PAGE_HPTEFLAGS: the slot in the hash group"),
        Reserved::new(1 << 60, "H_PAGE_F_SECOND", "of _PAGE_HPTEFLAGS: in the secondary hash group"),
        Reserved::new(1 << 61, "H_PAGE_HASHPTE", "of _PAGE_HPTEFLAGS: the entry is in the hash table"),
        Reserved::new(1 << 62, "_PAGE_PTE", "tells a leaf from a pointer to a table"),
        Reserved::new(1 << 63, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with soft_dirty;
    ones: |raw| raw.with_leaf(true);
    none: |raw| raw.with_referenced_changed(0).into_bits() == 0;
    present: |raw| raw.present();
}
