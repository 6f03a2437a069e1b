//! What RHEL 7 had and no upstream release: soft-dirty stayed at bit 7, and `_PAGE_FILE` moved to bit 4.
//!
//! Layouts as data, without a backend: nobody writes a new kernel for them, and what old ones wrote is read as well.

use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::X86_64;

const V3_10: KernelVersion = KernelVersion::new(3, 10);

const PRESENT: &[Pattern] = &[Pattern::all_ones(1), Pattern::all_ones(1 << 8)];
const RESERVED: &[Reserved<'static>] = &[
    Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
    Reserved::new(
        1 << 4,
        "_PAGE_FILE",
        "in an entry that is neither present nor none it means a page of a non-linear file mapping",
    ),
    Reserved::new(
        0x60,
        "_PAGE_ACCESSED, _PAGE_DIRTY",
        "Knights Landing may set them in an entry that is not present (an erratum), so pte_none ignores them",
    ),
    Reserved::new(
        1 << 8,
        "_PAGE_PROTNONE",
        "the global bit, of _PAGE_NUMA too; in an entry that is not present it means PROT_NONE, and pte_present tests it",
    ),
];

const fn layout(swp_type: Field, swp_offset: Field, symbols: &'static str, since: &'static str) -> Layout<'static> {
    Layout::new(&X86_64, swp_type, swp_offset)
        .with_kernels(KernelRange::between(V3_10, V3_10), &[])
        .with_source("arch/x86/include/asm/pgtable_64.h", symbols, since)
        .with_soft_dirty(7)
        .with_none(Pattern::exactly(0, 0x60))
        .with_present(PRESENT)
        .with_reserved(RESERVED)
}

/// Builds 514 to before 862.11.6: bit 14 is nobody's, since the macro is off by one.
pub const BEFORE_INVERSION: Layout<'static> = layout(
    Field::new(9, 5),
    Field::new(15, 49),
    "SWP_TYPE_FIRST_BIT, SWP_OFFSET_FIRST_BIT, __swp_entry, _PAGE_SWP_SOFT_DIRTY",
    "RHEL 7: x86/mm: Move swap offset/type up in PTE to work around erratum, as it was first posted",
);

/// Builds from 862.11.6 on: as upstream's 4.19, but for soft-dirty.
pub const INVERTED: Layout<'static> = layout(
    Field::new(59, 5),
    Field::new(9, 50).inverted(),
    "SWP_TYPE_BITS, SWP_OFFSET_FIRST_BIT, SWP_OFFSET_SHIFT, __swp_entry, _PAGE_SWP_SOFT_DIRTY",
    "RHEL 7: x86/l1tf: Protect swap entries against L1TF, in build 862.11.6",
);
