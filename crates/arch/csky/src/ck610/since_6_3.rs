//! C-SKY CK610 from 6.3 on: the offset gave its lowest bit to the exclusive marker.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved, Run};

use crate::arch::CK610;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(1)]
    __: u8,
    /// 2..=5: bits 0 to 3 of the swap type
    #[inline]
    #[bits(4)]
    type_low: u64,
    /// 6: `_PAGE_GLOBAL`, zero
    #[inline]
    global: bool,
    #[bits(1)]
    ___: u8,
    /// 8: bit 4 of the swap type
    #[inline]
    #[bits(1)]
    type_high: u64,
    /// 9: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 10..=31: the swap offset, in pages
    #[inline]
    #[bits(22)]
    swp_offset: u64,
}

impl Raw {
    const SWP_TYPE_OFFSET: usize = Self::TYPE_LOW_OFFSET;

    /// The swap type: bit 8 above bits 2-5.
    #[inline]
    const fn swp_type(self) -> u64 {
        self.type_high() << Self::TYPE_LOW_BITS | self.type_low()
    }

    #[inline]
    const fn with_swp_type(self, swp_type: u64) -> Self {
        let low = swp_type & ((1 << Self::TYPE_LOW_BITS) - 1);
        self.with_type_low(low).with_type_high(swp_type >> Self::TYPE_LOW_BITS)
    }
}

const LAYOUT: Layout<'static> = Layout::new(
    &CK610,
    Field::split([Run { bit: 2, len: 4, value_bit: 0 }, Run { bit: 8, len: 1, value_bit: 4 }]),
    Field::new(10, 22),
)
.with_kernels(
    KernelRange::since(KernelVersion::new(6, 3)),
    &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
)
.with_source(
    "arch/csky/abiv1/inc/abi/pgtable-bits.h",
    "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
    "csky/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (41e0d49104db, 6.3)",
)
.with_exclusive(9, Placement::StolenOffsetBit)
.with_none(Pattern::exactly(0, 1 << 6))
.with_present(&[Pattern::all_ones(1)])
.with_reserved(&[
    Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
    Reserved::new(
        1 << 1,
        "_PAGE_READ",
        "alone it means PROT_NONE, which pte_present does not test: the header keeps it zero",
    ),
    Reserved::new(
        1 << 6,
        "_PAGE_GLOBAL",
        "the hardware has one for two pages, so that it must be zero; pte_none ignores it",
    ),
    Reserved::new(1 << 7, "_PAGE_VALID", "the hardware must see an invalid entry"),
]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.with_global(false).into_bits() == 0;
    present: |raw| raw.present();
}
