//! MIPS with XPA, before the exclusive marker: the entry is in the high word, made for `EntryLo`.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::MIPS32_XPA;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(24)]
    __: u32,
    /// 24: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(9)]
    ___: u16,
    /// 34: `EntryLo.G`, zero, ignored by `pte_none`
    #[inline]
    global: bool,
    #[bits(1)]
    ____: u8,
    /// 36..=40: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 41..=63: the swap offset, in pages
    #[inline]
    #[bits(23)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MIPS32_XPA, Field::new(36, 5), Field::new(41, 23))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/mips/include/asm/pgtable-32.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_none(Pattern::exactly(0, 0x0004_ffff_ffff))
    .with_present(&[Pattern::all_ones(1 << 24)])
    .with_reserved(&[
        Reserved::new(1 << 24, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 34, "EntryLo.G", "pte_none ignores it: the other page of a pair can be global"),
        Reserved::new(
            1 << 35,
            "EntryLo.V",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
    ])
    .with_harmless(0xfeff_ffff);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.with_global(false).into_bits() >> 32 == 0;
    present: |raw| raw.present();
}
