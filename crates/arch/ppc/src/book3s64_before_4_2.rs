//! ppc book3s64 before 4.2: type and offset stand where a frame number does. The manual counts bits from the other end: its
//! bit n is bit 63 - n here.
//!
//! Layouts as data, without a backend: nobody writes a new kernel for them, and what old ones wrote is read as well.

use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved};

use crate::arch::{BOOK3S64_4K, BOOK3S64_64K};

const HEADER: &str = "arch/powerpc/include/asm/pgtable-ppc64.h";
const SYMBOLS: &str = "__swp_type, __swp_offset, __swp_entry, __swp_entry_to_pte, PTE_RPN_SHIFT";

const PRESENT: Reserved<'static> = Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it");
const FILE: Reserved<'static> = Reserved::new(
    1 << 1,
    "_PAGE_FILE",
    "in an entry that is neither present nor none it means a page of a non-linear file mapping",
);
const BUSY: Reserved<'static> = Reserved::new(
    1 << 11,
    "_PAGE_BUSY",
    "of _PAGE_HPTEFLAGS, which pte_none ignores: entry and hash table are changed",
);

/// Up to 3.11, with 4K pages.
pub const OF_4K_UNTIL_3_11: Layout<'static> =
    Layout::new(&BOOK3S64_4K, Field::new(18, 6).writing(5), Field::new(25, 39))
        .with_kernels(KernelRange::between(KernelVersion::new(3, 10), KernelVersion::new(3, 11)), &[])
        .with_source(HEADER, SYMBOLS, "older than the record, which begins at 3.10")
        .with_none(Pattern::exactly(0, 0xfc00))
        .with_present(&[Pattern::all_ones(1)])
        .with_reserved(&[
            PRESENT,
            FILE,
            Reserved::new(1 << 10, "_PAGE_HASHPTE", "of _PAGE_HPTEFLAGS, which pte_none ignores"),
            BUSY,
            Reserved::new(0x7 << 12, "_PAGE_GROUP_IX", "of _PAGE_HPTEFLAGS: the slot in the hash group"),
            Reserved::new(1 << 15, "_PAGE_SECONDARY", "of _PAGE_HPTEFLAGS: in the secondary hash group"),
        ]);

/// 4.0 and 4.1, with 4K pages.
pub const OF_4K_SINCE_4_0: Layout<'static> =
    Layout::new(&BOOK3S64_4K, Field::new(18, 6).writing(5), Field::new(25, 39))
        .with_kernels(KernelRange::between(KernelVersion::new(4, 0), KernelVersion::new(4, 1)), &[])
        .with_source(HEADER, SYMBOLS, "where it began is not known: headers of 4.0 and 4.1 were read")
        .with_none(Pattern::exactly(0, 0xfc00))
        .with_present(&[Pattern::all_ones(1)])
        .with_reserved(&[
            PRESENT,
            Reserved::new(1 << 10, "_PAGE_HASHPTE", "of _PAGE_HPTEFLAGS, which pte_none ignores"),
            BUSY,
            Reserved::new(0x7 << 12, "_PAGE_GROUP_IX", "of _PAGE_HPTEFLAGS: the slot in the hash group"),
            Reserved::new(1 << 15, "_PAGE_SECONDARY", "of _PAGE_HPTEFLAGS: in the secondary hash group"),
        ]);

/// Up to 3.11, with 64K pages.
pub const OF_64K_UNTIL_3_11: Layout<'static> =
    Layout::new(&BOOK3S64_64K, Field::new(31, 6).writing(5), Field::new(38, 26))
        .with_kernels(KernelRange::between(KernelVersion::new(3, 10), KernelVersion::new(3, 11)), &[])
        .with_source(HEADER, SYMBOLS, "older than the record, which begins at 3.10")
        .with_none(Pattern::exactly(0, 0x1ffff800))
        .with_present(&[Pattern::all_ones(1)])
        .with_reserved(&[
            PRESENT,
            FILE,
            BUSY,
            Reserved::new(0xffff << 12, "_PAGE_HPTE_SUB", "of _PAGE_HPTEFLAGS: which 4K parts are in the hash table"),
            Reserved::new(1 << 28, "_PAGE_COMBO", "of _PAGE_HPTEFLAGS: a 64K page made of 4K hash entries"),
        ]);

/// 4.0 and 4.1, with 64K pages.
pub const OF_64K_SINCE_4_0: Layout<'static> =
    Layout::new(&BOOK3S64_64K, Field::new(31, 6).writing(5), Field::new(38, 26))
        .with_kernels(KernelRange::between(KernelVersion::new(4, 0), KernelVersion::new(4, 1)), &[])
        .with_source(HEADER, SYMBOLS, "where it began is not known: headers of 4.0 and 4.1 were read")
        .with_none(Pattern::exactly(0, 0x1ffff800))
        .with_present(&[Pattern::all_ones(1)])
        .with_reserved(&[
            PRESENT,
            BUSY,
            Reserved::new(0xffff << 12, "_PAGE_HPTE_SUB", "of _PAGE_HPTEFLAGS: which 4K parts are in the hash table"),
            Reserved::new(1 << 28, "_PAGE_COMBO", "of _PAGE_HPTEFLAGS: a 64K page made of 4K hash entries"),
        ]);
