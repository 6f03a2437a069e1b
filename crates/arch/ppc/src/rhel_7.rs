//! What RHEL 7 had on POWER and no upstream release: the type at bit 5, so that it stays clear of `_PAGE_NUMA`.
//!
//! A layout as data, without a backend: nobody writes a new kernel for it, and what old ones wrote is read as well.

use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::BOOK3S64_64K;

const V3_10: KernelVersion = KernelVersion::new(3, 10);

/// Every build that was read, 514 to 1160, with its 64K pages.
pub const OF_64K: Layout<'static> = Layout::new(&BOOK3S64_64K, Field::new(5, 5), Field::new(30, 34))
    .with_kernels(KernelRange::between(V3_10, V3_10), &[])
    .with_source(
        "arch/powerpc/include/asm/pgtable-ppc64.h",
        "SWP_TYPE_BITS, _PAGE_BIT_SWAP_TYPE, __swp_entry, PTE_RPN_SHIFT",
        "RHEL 7: _PAGE_BIT_SWAP_TYPE is 5, \"to avoid collision with _PAGE_NUMA\"",
    )
    .with_none(Pattern::exactly(0, 0x1fff_f800))
    .with_present(&[Pattern::all_ones(1), Pattern::all_ones(1 << 4)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(
            1 << 1,
            "_PAGE_FILE",
            "in an entry that is neither present nor none it means a page of a non-linear file mapping",
        ),
        Reserved::new(1 << 4, "_PAGE_NUMA", "pte_present tests it"),
        Reserved::new(
            1 << 11,
            "_PAGE_BUSY",
            "of _PAGE_HPTEFLAGS, which pte_none ignores: entry and hash table are changed",
        ),
        Reserved::new(0xffff << 12, "_PAGE_HPTE_SUB", "of _PAGE_HPTEFLAGS: which 4K parts are in the hash table"),
        Reserved::new(1 << 28, "_PAGE_COMBO", "of _PAGE_HPTEFLAGS: a 64K page made of 4K hash entries"),
    ]);
