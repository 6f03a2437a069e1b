//! x86_64 of 3.11 to 3.15: as 3.10, with soft-dirty.
//!
//! A layout as data, without a backend: nobody writes a new kernel for it, and what old ones wrote is read as well.

use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::X86_64;

/// 3.11 to 3.15.
pub const SINCE_3_11: Layout<'static> = Layout::new(&X86_64, Field::new(1, 5), Field::new(9, 55))
    .with_kernels(KernelRange::between(KernelVersion::new(3, 11), KernelVersion::new(3, 15)), &[])
    .with_source(
        "arch/x86/include/asm/pgtable_64.h",
        "SWP_TYPE_BITS, SWP_OFFSET_SHIFT, __swp_entry, _PAGE_SWP_SOFT_DIRTY",
        "mm: save soft-dirty bits on swapped pages (179ef71cbc08, 3.11)",
    )
    .with_soft_dirty(7)
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 8)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "the hardware would take the word for a mapping"),
        Reserved::new(
            1 << 6,
            "_PAGE_FILE",
            "the dirty bit; in an entry that is neither present nor none it means a page of a non-linear file mapping",
        ),
        Reserved::new(
            1 << 8,
            "_PAGE_PROTNONE",
            "the global bit, from 3.13 on of _PAGE_NUMA too; in an entry that is not present it means PROT_NONE, and \
             pte_present tests it",
        ),
    ]);
