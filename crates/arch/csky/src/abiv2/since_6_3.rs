//! C-SKY with ABI v2 from 6.3 on: the offset gave a bit, and the exclusive marker took bit 7.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved, Run};

use crate::arch::CSKY;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_GLOBAL`, zero
    #[inline]
    global: bool,
    /// 1: `_PAGE_VALID`, zero
    #[inline]
    valid: bool,
    /// 2..=6: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 7: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 8: bit 0 of the swap offset
    #[inline]
    #[bits(1)]
    offset_low: u64,
    #[bits(1)]
    __: u8,
    /// 10: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 11..=31: bits 1 to 21 of the swap offset
    #[inline]
    #[bits(21)]
    offset_high: u64,
}

impl Raw {
    const SWP_OFFSET_OFFSET: usize = Self::OFFSET_LOW_OFFSET;
    const SWP_OFFSET_BITS: usize = Self::OFFSET_LOW_BITS + Self::OFFSET_HIGH_BITS;

    /// The swap offset, in pages: bits 11-31 above bit 8.
    #[inline]
    const fn swp_offset(self) -> u64 {
        self.offset_high() << Self::OFFSET_LOW_BITS | self.offset_low()
    }

    #[inline]
    const fn with_swp_offset(self, offset: u64) -> Self {
        let low = offset & ((1 << Self::OFFSET_LOW_BITS) - 1);
        self.with_offset_low(low).with_offset_high(offset >> Self::OFFSET_LOW_BITS)
    }
}

const LAYOUT: Layout<'static> = Layout::new(
    &CSKY,
    Field::new(2, 5),
    Field::split([Run { bit: 8, len: 1, value_bit: 0 }, Run { bit: 11, len: 21, value_bit: 1 }]),
)
.with_kernels(
    KernelRange::since(KernelVersion::new(6, 3)),
    &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
)
.with_source(
    "arch/csky/abiv2/inc/abi/pgtable-bits.h",
    "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
    "csky/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (41e0d49104db, 6.3)",
)
.with_exclusive(7, Placement::StolenOffsetBit)
.with_none(Pattern::exactly(0, 1))
.with_present(&[Pattern::all_ones(1 << 10)])
.with_reserved(&[
    Reserved::new(
        1,
        "_PAGE_GLOBAL",
        "the hardware has one for two pages, so that it must be zero; pte_none ignores it",
    ),
    Reserved::new(1 << 1, "_PAGE_VALID", "the hardware must see an invalid entry"),
    Reserved::new(
        1 << 9,
        "_PAGE_WRITE",
        "alone it means PROT_NONE, which pte_present does not test: the header keeps it zero",
    ),
    Reserved::new(1 << 10, "_PAGE_PRESENT", "pte_present tests it"),
]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.present();
}
