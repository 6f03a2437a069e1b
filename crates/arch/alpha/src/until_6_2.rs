//! Alpha before the exclusive marker: the type field has eight bits, three more than the core uses.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::ALPHA;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_VALID`, zero
    #[inline]
    valid: bool,
    #[bits(31)]
    __: u32,
    /// 32..=39: the swap type; the core uses five of the eight bits
    #[inline]
    #[bits(8)]
    swp_type: u64,
    /// 40..=63: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&ALPHA, Field::new(32, 8).writing(5), Field::new(40, 24))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/alpha/include/asm/pgtable.h",
        "mk_swap_pte, __swp_type, __swp_offset",
        "older than the record, which begins at 5.10",
    )
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "_PAGE_VALID", "the hardware would take the word for a mapping")]);

swp_pte::backend! {
    pub struct Pte(Raw: u64);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.valid();
}
