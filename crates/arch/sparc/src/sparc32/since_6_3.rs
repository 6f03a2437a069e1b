//! 32-bit SPARC with the exclusive marker in bit 6, which says dirty in a present entry and nothing in a swap PTE.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::SPARC32;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=1: `SRMMU_ET_MASK`, zero
    #[inline]
    #[bits(2)]
    entry_type: u8,
    #[bits(4)]
    __: u8,
    /// 6: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 7..=11: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 12..=31: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SPARC32, Field::new(7, 5), Field::new(12, 20))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/sparc/include/asm/pgtable_32.h",
        "__swp_type, __swp_offset, SRMMU_SWP_TYPE_SHIFT, SRMMU_SWP_OFF_SHIFT, SRMMU_SWP_EXCLUSIVE",
        "sparc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE on 32bit (e6b37d7f6f17, 6.3)",
    )
    .with_exclusive(6, Placement::UnusedBit)
    .with_present(&[Pattern { mask: 3, value: 2 }])
    .with_reserved(&[Reserved::new(
        0x3,
        "SRMMU_ET_MASK",
        "the entry type: 2 is a mapping, to the hardware and to pte_present",
    )]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.entry_type() == 2;
}
