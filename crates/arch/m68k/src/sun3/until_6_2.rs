//! m68k on a Sun-3, before the exclusive marker. The kernel's encoder writes 25 bits of offset, and the highest
//! makes the word present: an entry with it is refused here.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::SUN3;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=6: the swap type, of which five bits are written
    #[inline]
    #[bits(7)]
    swp_type: u64,
    /// 7..=31: the swap offset, in pages; 31: `SUN3_PAGE_VALID`, zero
    #[inline]
    #[bits(25)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SUN3, Field::new(0, 7).writing(5), Field::new(7, 25).writing(24))
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
        &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
    )
    .with_source(
        "arch/m68k/include/asm/sun3_pgtable.h",
        "__swp_type, __swp_offset, __swp_entry",
        "older than the record, which begins at 5.10",
    )
    .with_present_offset(1 << 24)
    .with_present(&[Pattern::all_ones(1 << 31)])
    .with_reserved(&[Reserved::new(
        1 << 31,
        "SUN3_PAGE_VALID",
        "pte_present and the hardware test it, although the decoder takes it for a bit of the offset",
    )]);

swp_pte::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.swp_offset() >> 24 != 0;
    offset: writes 24 bits;
}
