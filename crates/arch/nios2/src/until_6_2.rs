//! Nios II before the exclusive marker. The type field has two bits: the kernel's encoder drops the others.
//! `pte_none` ignores the lowest four bits of the offset. What this loses is refused here.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::NIOS2;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=19: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
    /// 20: `_PAGE_GLOBAL`, zero
    #[inline]
    global: bool,
    #[bits(4)]
    __: u8,
    /// 25: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 26..=27: the swap type, as much as is kept of it
    #[inline]
    #[bits(2)]
    swp_type: u64,
    #[bits(4)]
    ___: u8,
}

const LAYOUT: Layout<'static> = Layout::new(&NIOS2, Field::new(26, 2), Field::new(0, 20))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/nios2/include/asm/pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_lost_type(0b1_1100)
    .with_none(Pattern::exactly(0, 0xf | 1 << 20))
    .with_present(&[Pattern::all_ones(1 << 25)])
    .with_reserved(&[
        Reserved::new(
            1 << 20,
            "_PAGE_GLOBAL",
            "the refill loads any word into the TLB, present or not; pte_none ignores it",
        ),
        Reserved::new(
            0xe0_0000,
            "_PAGE_EXEC, _PAGE_WRITE, _PAGE_READ",
            "the refill loads any word into the TLB, present or not: without a permission the access faults",
        ),
        Reserved::new(1 << 24, "_PAGE_CACHED", "the refill loads any word into the TLB, present or not"),
        Reserved::new(1 << 25, "_PAGE_PRESENT", "pte_present tests it"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.with_global(false).into_bits() >> 4 == 0;
    present: |raw| raw.present();
    type: keeps 2 bits;
}
