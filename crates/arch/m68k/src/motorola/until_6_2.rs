//! m68k with a Motorola MMU, before the exclusive marker: the decoder reads eight bits of type.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::MOTOROLA;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    #[bits(1)]
    ___: u8,
    /// 4..=11: the swap type, of which five bits are written
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&MOTOROLA, Field::new(4, 8).writing(5), Field::new(12, 20))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/m68k/include/asm/motorola_pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 2)])
    .with_reserved(&[
        Reserved::new(
            1,
            "_PAGE_PRESENT",
            "half of the descriptor type, of which 0 means invalid to the hardware; pte_present tests it",
        ),
        Reserved::new(1 << 1, "_PAGE_SHORT", "the other half of the descriptor type: the hardware must see 0"),
        Reserved::new(
            1 << 2,
            "_PAGE_PROTNONE",
            "read-only to the hardware; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
