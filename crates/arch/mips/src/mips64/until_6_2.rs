//! 64-bit MIPS, before the exclusive marker: the type field has eight bits, three more than the core uses.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::MIPS64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(6)]
    __: u8,
    /// 7: `_PAGE_GLOBAL`, zero, ignored by `pte_none`
    #[inline]
    global: bool,
    #[bits(8)]
    ___: u8,
    /// 16..=23: the swap type; the core uses five of the eight bits
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 24..=63: the swap offset, in pages
    #[inline]
    #[bits(40)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MIPS64, Field::new(16, 8).writing(5), Field::new(24, 40))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/mips/include/asm/pgtable-64.h",
        "mk_swap_pte, __swp_type, __swp_offset",
        "older than the record, which begins at 5.10",
    )
    .with_none(Pattern::exactly(0, 1 << 7))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 7, "_PAGE_GLOBAL", "pte_none ignores it: the other page of a pair can be global"),
        Reserved::new(
            1 << 8,
            "_PAGE_VALID",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
        Reserved::new(
            0x240,
            "EntryLo.G, EntryLo.V",
            "without huge pages both can be a bit lower, with RI and XI a bit higher, and pte_none ignores G there",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.present();
}
