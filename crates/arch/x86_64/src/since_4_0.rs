//! x86_64 up to 4.7: the type right above the present bit, soft-dirty in the bit of huge pages.
#![doc = include_str!("since_4_0.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::X86_64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1..=5: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    #[bits(1)]
    __: u8,
    /// 7: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    /// 8: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    /// 9..=63: the swap offset, in pages
    #[inline]
    #[bits(55)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&X86_64, Field::new(1, 5), Field::new(9, 55))
    .with_kernels(KernelRange::between(KernelVersion::new(4, 0), KernelVersion::new(4, 7)), &[KernelVersion::new(4, 4)])
    .with_source(
        "arch/x86/include/asm/pgtable_64.h",
        "SWP_TYPE_BITS, SWP_OFFSET_SHIFT, __swp_entry, _PAGE_SWP_SOFT_DIRTY",
        "where it began is not known: headers of 4.0, 4.1, 4.6 and 4.7 were read",
    )
    .with_soft_dirty(7)
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 8)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            1 << 8,
            "_PAGE_PROTNONE",
            "the global bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with soft_dirty;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
}
