//! m68k on a Sun-3 from 6.3 on: of seven bits of type, the highest went to the exclusive marker, and the encoder
//! no longer writes the bit of the offset that makes the word present.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::SUN3;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=5: the swap type, of which five bits are written
    #[inline]
    #[bits(6)]
    swp_type: u64,
    /// 6: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 7..=31: the swap offset, in pages; 31: `SUN3_PAGE_VALID`, zero
    #[inline]
    #[bits(25)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&SUN3, Field::new(0, 6).writing(5), Field::new(7, 25).writing(24))
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/m68k/include/asm/sun3_pgtable.h",
        "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE",
        "m68k/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (ed4154067a08, 6.3)",
    )
    .with_exclusive(6, Placement::StolenTypeBit)
    .with_present(&[Pattern::all_ones(1 << 31)])
    .with_reserved(&[Reserved::new(
        1 << 31,
        "SUN3_PAGE_VALID",
        "pte_present and the hardware test it, although the decoder takes it for a bit of the offset",
    )]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.swp_offset() >> 24 != 0;
    offset: writes 24 bits;
}
