//! 64-bit LoongArch before the exclusive marker: the type field has eight bits, three more than the core uses.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::LOONGARCH64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(6)]
    __: u8,
    /// 6: `_PAGE_GLOBAL`, zero, ignored by `pte_none`
    #[inline]
    global: bool,
    /// 7: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(2)]
    ___: u8,
    /// 10: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    #[bits(5)]
    ____: u8,
    /// 16..=23: the swap type; the core uses five of the eight bits
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 24..=63: the swap offset, in pages
    #[inline]
    #[bits(40)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&LOONGARCH64, Field::new(16, 8).writing(5), Field::new(24, 40))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 19), KernelVersion::new(6, 2)),
        &[KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/loongarch/include/asm/pgtable.h",
        "mk_swap_pte, __swp_type, __swp_offset",
        "LoongArch: Add memory management (09cfefb7fa70, 5.19)",
    )
    .with_none(Pattern::exactly(0, 1 << 6))
    .with_present(&[Pattern::all_ones(1 << 7), Pattern::all_ones(1 << 10)])
    .with_reserved(&[
        Reserved::new(
            1,
            "_PAGE_VALID",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
        Reserved::new(
            1 << 6,
            "_PAGE_GLOBAL",
            "pte_none ignores it: cleared kernel entries keep it; in a PMD it is _PAGE_HUGE",
        ),
        Reserved::new(1 << 7, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 10, "_PAGE_PROTNONE", "present, and PROT_NONE: pte_present tests it"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
