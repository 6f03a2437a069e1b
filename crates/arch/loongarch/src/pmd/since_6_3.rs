//! 64-bit LoongArch one level up, with a type of seven bits: the entry of a huge page, which has `_PAGE_HUGE` set besides. Bit
//! 60, `_PAGE_PRESENT_INVALID`, makes it present, and lies in the offset: an offset with it is refused here, and so are those
//! above it, which no page frame has.
//!
//! An empty entry of this level is the address of `invalid_pte_table`, which no layout can say: here it is what any other
//! address of a table is, present. The word 0, which no kernel writes, is none.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Level, Pattern, Reserved};

use crate::arch::LOONGARCH64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    #[bits(6)]
    __: u8,
    /// 6: `_PAGE_HUGE`, one
    #[inline]
    huge: bool,
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
    /// 16..=22: the swap type, of which five bits are written
    #[inline]
    #[bits(7)]
    swp_type: u64,
    #[bits(1)]
    _____: u8,
    /// 24..=63: the swap offset, in pages; 60: `_PAGE_PRESENT_INVALID`, zero
    #[inline]
    #[bits(40)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&LOONGARCH64, Field::new(16, 7).writing(5), Field::new(24, 40).writing(36))
    .with_level(Level::Pmd)
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/loongarch/include/asm/pgtable.h",
        "mk_swap_pte, __swp_type, __swp_offset, __swp_entry_to_pmd, pmd_present",
        "loongarch/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (ad3150f11b09, 6.3)",
    )
    .with_present_offset(1 << 36)
    .with_always_one(1 << 6)
    .with_present(&[
        Pattern { mask: 1 << 6, value: 0 },
        Pattern::all_ones(1 << 7),
        Pattern::all_ones(1 << 10),
        Pattern::all_ones(1 << 60),
    ])
    .with_reserved(&[
        Reserved::new(
            1,
            "_PAGE_VALID",
            "the TLB is filled with the word as it is: the hardware would take the word for a mapping",
        ),
        Reserved::new(1 << 6, "_PAGE_HUGE", "an entry of this level without it is the address of a table"),
        Reserved::new(1 << 7, "_PAGE_PRESENT", "pmd_present tests it"),
        Reserved::new(1 << 10, "_PAGE_PROTNONE", "present, and PROT_NONE: pmd_present tests it"),
        Reserved::new(
            1 << 60,
            "_PAGE_PRESENT_INVALID",
            "pmd_present tests it, although the decoder takes it for a bit of the offset",
        ),
    ]);

swp_pte::backend! {
    pub struct Pmd(Raw: u64);
    ones: |raw| raw.with_huge(true);
    none: |raw| raw.into_bits() == 0;
    present: |raw| !raw.huge() | raw.present() | raw.prot_none() | (raw.swp_offset() >> 36 & 1 != 0);
    offset: writes 36 bits;
}
