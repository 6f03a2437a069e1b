//! s390 before 4.1: bit 0 of the offset stood apart, and was read from two bits.
//!
//! Layouts as data, without a backend: nobody writes a new kernel for them, and what old ones wrote is read as well.

use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Reserved, Run};

use crate::arch::S390;

const HEADER: &str = "arch/s390/include/asm/pgtable.h";
const SYMBOLS: &str = "mk_swap_pte, __SWP_OFFSET_MASK, __swp_type, __swp_offset";

/// Bit 7 below bits 12 to 63. `__swp_offset` shifts by 11, so that bit 11 is bit 0 of the offset as well.
const OFFSET: Field =
    Field::split([Run { bit: 7, len: 1, value_bit: 0 }, Run { bit: 12, len: 52, value_bit: 1 }]).reading_also(11);

const CHANGE: Reserved<'static> = Reserved::new(1 << 8, "bit 55", "counted from the left: the header wants it zero");
const LARGE: Reserved<'static> = Reserved::new(
    1 << 11,
    "bit 52",
    "counted from the left: the header wants it zero, and the decoder takes it for bit 0 of the offset",
);

/// 3.10 and 3.11: four types of pages that are not mapped, told apart by bits 0, 1 and 9.
pub const UNTIL_3_11: Layout<'static> = Layout::new(&S390, Field::new(2, 5), OFFSET)
    .with_kernels(KernelRange::between(KernelVersion::new(3, 10), KernelVersion::new(3, 11)), &[])
    .with_source(HEADER, SYMBOLS, "older than the record, which begins at 3.10")
    .with_always_one(0x403)
    .with_none(Pattern::exactly(0x400, !0x401))
    .with_present(&[Pattern::exactly(0x401, !0x603), Pattern::all_zeros(0x401)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_SWT", "pte_none and pte_present test it: 1 here and in bit 1 say swap"),
        Reserved::new(1 << 1, "_PAGE_SWX", "pte_present tests it: 0 here says PROT_NONE"),
        CHANGE,
        Reserved::new(1 << 9, "_PAGE_RO", "pte_file tests it: 1 here says a page of a non-linear file mapping"),
        Reserved::new(1 << 10, "_PAGE_INVALID", "the hardware must see an invalid entry"),
        LARGE,
    ]);

/// 3.14 to 4.0: a present bit, and `_PAGE_TYPE`.
pub const SINCE_3_14: Layout<'static> = Layout::new(&S390, Field::new(2, 5), OFFSET)
    .with_kernels(KernelRange::between(KernelVersion::new(3, 14), KernelVersion::new(4, 0)), &[])
    .with_source(HEADER, SYMBOLS, "where it began is not known: headers of 3.14, 3.15, 3.16, 3.19 and 4.0 were read")
    .with_always_one(0x402)
    .with_none(Pattern::exactly(0x400, 0))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[
        Reserved::new(1, "_PAGE_PRESENT", "pte_present tests it"),
        Reserved::new(1 << 1, "_PAGE_TYPE", "pte_swap tests it: 1 here and in bit 10, 0 in bits 0 and 9 say swap"),
        CHANGE,
        Reserved::new(
            1 << 9,
            "_PAGE_PROTECT",
            "pte_swap tests it; until 3.19 it said a page of a non-linear file mapping",
        ),
        Reserved::new(1 << 10, "_PAGE_INVALID", "the hardware must see an invalid entry"),
        LARGE,
    ]);
