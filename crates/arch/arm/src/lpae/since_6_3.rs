//! 32-bit Arm with LPAE: the offset gave its lowest place, bit 7, to the exclusive marker; half of the word is idle.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::{ARM_LPAE, MARKER_CHOICE};

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=1: `L_PTE_PRESENT`, zero
    #[inline]
    #[bits(2)]
    present: u8,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 8..=31: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
    #[bits(32)]
    __: u32,
}

const LAYOUT: Layout<'static> = Layout::new(&ARM_LPAE, Field::new(2, 5), Field::new(8, 24))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/arm/include/asm/pgtable.h",
        "__SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT, __swp_entry, L_PTE_SWP_EXCLUSIVE",
        "arm/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (20aae9eff5ac, 6.3)",
    )
    .with_exclusive(7, Placement::StolenOffsetBit)
    .with_choice(MARKER_CHOICE)
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 1)])
    .with_reserved(&[Reserved::new(
        0x3,
        "L_PTE_PRESENT",
        "pte_present tests both bits, and the hardware the lower one",
    )]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() != 0;
}
