//! x86_64 before the exclusive marker, in kernels that invert the offset against L1TF.
#![doc = include_str!("since_5_7.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::X86_64;

/// The word, from bit 0 up.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 1: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    /// 2: write-protected by userfaultfd
    #[inline]
    uffd_wp: bool,
    #[bits(2)]
    __: u8,
    /// 5..=6: `_PAGE_KNL_ERRATUM_MASK`, ignored by `pte_none`
    #[inline]
    #[bits(2)]
    erratum: u8,
    #[bits(1)]
    ___: u8,
    /// 8: `_PAGE_PROTNONE`, zero
    #[inline]
    prot_none: bool,
    /// 9..=58: the swap offset, in pages, inverted
    #[inline]
    #[bits(50)]
    swp_offset: u64,
    /// 59..=63: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&X86_64, Field::new(59, 5), Field::new(9, 50).inverted())
    .with_kernels(
        KernelRange::between(KernelVersion::new(5, 7), KernelVersion::new(5, 18)),
        &[KernelVersion::new(5, 10)],
    )
    .with_source(
        "arch/x86/include/asm/pgtable_64.h",
        "SWP_TYPE_BITS, SWP_OFFSET_FIRST_BIT, __swp_entry, _PAGE_SWP_*",
        "userfaultfd: wp: support swap and page migration (f45ec5ff16a7, 5.7)",
    )
    .with_soft_dirty(1)
    .with_uffd_wp(2)
    .with_none(Pattern::exactly(0, 0x60))
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 8)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            0x60,
            "_PAGE_ACCESSED, _PAGE_DIRTY",
            "Knights Landing may set them in an entry that is not present (an erratum), so pte_none ignores them",
        ),
        Reserved::new(1 << 7, "_PAGE_PSE", "in a PMD it means a huge page, and pmd_present counts it as present"),
        Reserved::new(
            1 << 8,
            "_PAGE_PROTNONE",
            "the global bit; in an entry that is not present it means PROT_NONE, and pte_present tests it",
        ),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u64), with soft_dirty, uffd_wp;
    none: |raw| raw.with_erratum(0).into_bits() == 0;
    present: |raw| raw.present() | raw.prot_none();
    offset: inverted;
}
