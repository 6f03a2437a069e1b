//! i386 with PAE, the exclusive marker in bit 7. An entry is 32 bits wide: the type, and 27 bits of the
//! offset, of which the core sets 26. The word has room for 50, inverted, and all above are one.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::I386_PAE;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(4)]
    __: u8,
    /// 5..=6: `_PAGE_KNL_ERRATUM_MASK`, ignored by `pte_none`
    #[inline]
    #[bits(2)]
    erratum: u8,
    /// 7: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
    /// 8: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    /// 9..=35: the swap offset, in pages, inverted; no offset reaches bit 35
    #[inline]
    #[bits(27)]
    swp_offset: u64,
    /// 36..=58: what the offset would have above, inverted: one
    #[inline]
    #[bits(23)]
    upper_offset: u32,
    /// 59..=63: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&I386_PAE, Field::new(59, 5), Field::new(9, 27).writing(26).inverted())
    .with_kernels(
        KernelRange::since(KernelVersion::new(6, 3)),
        &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)],
    )
    .with_source(
        "arch/x86/include/asm/pgtable-3level.h",
        "SWP_TYPE_BITS, SWP_OFFSET_FIRST_BIT, __swp_pteval_entry, __pteval_swp_offset, _PAGE_SWP_EXCLUSIVE",
        "x86/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE also on 32bit (93c0eac40d4e, 6.3)",
    )
    .with_exclusive(7, Placement::UnusedBit)
    .with_always_one(0x07ff_fff0_0000_0000)
    .with_none(Pattern::exactly(0, 0x60))
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 8)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            0x60,
            "_PAGE_ACCESSED, _PAGE_DIRTY",
            "Knights Landing may set them in an entry that is not present (an erratum), so pte_none ignores them",
        ),
        Reserved::new(
            1 << 8,
            "_PAGE_PROTNONE",
            "the global bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
        Reserved::new(
            0x07ff_fff0_0000_0000,
            "upper offset",
            "swp_entry_t has 32 bits: of the offset in the word nothing above is ever set, and it is stored inverted",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with exclusive;
    ones: |raw| raw.with_upper_offset(0x7f_ffff);
    none: |raw| raw.with_erratum(0).into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
    offset: inverted, writes 26 bits;
}
