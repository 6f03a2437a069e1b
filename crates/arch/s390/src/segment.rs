//! s390 one level up: the swap entry in a segment-table entry, for a huge page. The type makes room for the table-type
//! bits 2 and 3, and bit 4 says swap, since the type covers the bit that says it in a PTE.
#![doc = include_str!("segment.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Level, Pattern, Reserved};

use crate::arch::S390;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_SEGMENT_ENTRY_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    #[bits(2)]
    __: u8,
    /// 4: `_SEGMENT_ENTRY_COMM`, one
    #[inline]
    comm: bool,
    /// 5: `_SEGMENT_ENTRY_INVALID`, one
    #[inline]
    invalid: bool,
    /// 6..=10: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(1)]
    ___: u8,
    /// 12..=63: the swap offset, in pages
    #[inline]
    #[bits(52)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&S390, Field::new(6, 5), Field::new(12, 52))
    .with_level(Level::Pmd)
    .with_kernels(KernelRange::since(KernelVersion::new(7, 2)), &[KernelVersion::new(7, 2), KernelVersion::new(7, 3)])
    .with_source(
        "arch/s390/include/asm/pgtable.h",
        "mk_swap_rste, __SWP_TYPE_SHIFT_RSTE, __SWP_OFFSET_SHIFT_RSTE, __swp_entry_to_pmd",
        "s390/mm: Introduce region-third and segment table swap entries (absent in 6.12, there in \
             7.2; when between is not established)",
    )
    .with_soft_dirty(1)
    .with_always_one(0x30)
    .with_none(Pattern::exactly(1 << 5, 0))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_SEGMENT_ENTRY_PRESENT", "pmd_present tests it"),
        Reserved::new(0xc, "_SEGMENT_ENTRY_TYPE_MASK", "the table type: 0 for a segment, and pmd_bad tests it"),
        Reserved::new(1 << 4, "_SEGMENT_ENTRY_COMM", "1 here and 0 in bit 0 say swap"),
        Reserved::new(1 << 5, "_SEGMENT_ENTRY_INVALID", "the hardware must see an invalid entry"),
    ]);

swp_pte::backend! {
    pub struct Pmd(Raw: u64), with soft_dirty;
    ones: |raw| raw.with_comm(true).with_invalid(true);
    none: |raw| raw.into_bits() == Raw::from_bits(0).with_invalid(true).into_bits();
    present: |raw| raw.present();
}
