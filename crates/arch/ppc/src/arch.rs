//! The facts of ppc that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    Pattern, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "ppc",
    "powerpc",
    &[
        Name::new("ppc64le", POWER),
        Name::new("ppc64el", POWER),
        Name::new("powerpc64le", POWER),
        Name::new("ppc64", WORDS_OF_64_BITS),
        Name::new("powerpc64", WORDS_OF_64_BITS),
        Name::new("ppc", EVERY),
        Name::new("powerpc", EVERY),
    ],
    &[BOOK3S64_4K, BOOK3S64_64K, BOOK3S32, NOHASH32_8XX, NOHASH32_85XX, NOHASH32_PTE64, NOHASH32_40X, NOHASH64],
);

const EVERY: &[(&str, &str)] = &[
    ("ppc-book3s64-64k", "POWER with 64K pages (getconf PAGESIZE), as distributions build it"),
    ("ppc-book3s64-4k", "POWER with 4K pages"),
    ("ppc-nohash64", "Book3E 64-bit: e5500, e6500"),
    ("ppc-book3s32", "603, 604, 7xx, 74xx"),
    ("ppc-nohash32-8xx", "8xx"),
    ("ppc-nohash32-85xx", "85xx (e500) without CONFIG_PTE_64BIT"),
    ("ppc-nohash32-pte64", "44x, and 85xx (e500) with CONFIG_PTE_64BIT"),
    ("ppc-nohash32-40x", "40x, up to 6.10"),
];
const WORDS_OF_64_BITS: &[(&str, &str)] = EVERY.split_at(3).0;
const POWER: &[(&str, &str)] = EVERY.split_at(2).0;

const BIG: Memory = Memory::new(MemoryOrder::Big);

pub(crate) const BOOK3S64_4K: Variant<'static> = Variant::new("ppc", "ppc-book3s64-4k", 64, 12, BIG)
    .with_pfn_bits(&[PfnBits::new(39, "every one")])
    // Up to _PAGE_PA_MAX.
    .with_frames(&[Frame::new(12, Field::new(12, 41))])
    .with_kernel_addresses(&[Pattern { mask: 0xf << 60, value: 0xc << 60 }])
    .with_options(&[
        BuildOption::always(KernelOption::MemoryFailure),
        BuildOption::always(KernelOption::Migration),
        BuildOption::always(KernelOption::DevicePrivate),
    ])
    .with_inaccessible(&[
        // Valid to the hardware, but without a right for anybody.
        // Of older kernels nobody looked.
        Inaccessible::new(1 << 63 | 0b111, 1 << 63, Reason::ProtNone, 2, "_PAGE_READ, as _PAGE_WRITE and _PAGE_EXEC")
            .in_kernels(KernelRange::since(KernelVersion::new(5, 10))),
        Inaccessible::new(1 << 63 | 1 << 61, 1 << 61, Reason::Invalidated, 61, "_PAGE_INVALID")
            .in_kernels(KernelRange::since(KernelVersion::new(5, 0))),
    ]);

pub(crate) const BOOK3S64_64K: Variant<'static> = Variant::new("ppc", "ppc-book3s64-64k", 64, 16, BIG)
    .with_pfn_bits(&[PfnBits::new(35, "every one")])
    .with_frames(&[Frame::new(16, Field::new(16, 37))])
    .with_kernel_addresses(BOOK3S64_4K.kernel_addresses)
    .with_options(BOOK3S64_4K.options)
    .with_inaccessible(BOOK3S64_4K.inaccessible);

/// Why the exclusive marker got its bit, whatever the page size.
pub(crate) const BOOK3S64_CHOICE: &str = "Nothing is dearer here: the commit gave soft-dirty the bit that it has in \
     present entries, and the marker the bit that this freed.";

pub(crate) const BOOK3S32: Variant<'static> = Variant::new("ppc", "ppc-book3s32", 32, 12, BIG)
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(12, 20))])
    .with_kernel_addresses(&[Pattern::all_ones(0xc000_0000)])
    .with_options(&[BuildOption::always(KernelOption::Migration)]);

/// With 16K pages the hardware still walks a table of 4K pages, so that an entry is four words.
pub(crate) const NOHASH32_8XX: Variant<'static> = BOOK3S32
    .with_name("ppc-nohash32-8xx")
    .with_memory(BIG.repeated(14, 4))
    .with_pfn_bits(&[PfnBits::new(20, "4K pages"), PfnBits::new(18, "16K pages")])
    .with_frames(&[Frame::new(12, Field::new(12, 20)), Frame::new(14, Field::new(14, 18))]);

pub(crate) const NOHASH32_85XX: Variant<'static> = BOOK3S32.with_name("ppc-nohash32-85xx");

pub(crate) const NOHASH32_40X: Variant<'static> = BOOK3S32.with_name("ppc-nohash32-40x");

pub(crate) const NOHASH32_PTE64: Variant<'static> = Variant::new("ppc", "ppc-nohash32-pte64", 64, 12, BIG)
    .of_32_bit_kernels()
    // PTE_RPN_SHIFT is 12 on 44x and 24 on e500, so that no frame number is said.
    .with_kernel_addresses(BOOK3S32.kernel_addresses)
    .with_pfn_bits(&[PfnBits::new(26, "every one")])
    .with_options(BOOK3S32.options);

pub(crate) const NOHASH64: Variant<'static> = Variant::new("ppc", "ppc-nohash64", 64, 12, BIG)
    .with_pfn_bits(&[PfnBits::new(32, "every one")])
    .with_frames(&[Frame::new(12, Field::new(24, 40))])
    .with_kernel_addresses(BOOK3S64_4K.kernel_addresses)
    .with_options(&[
        BuildOption::always(KernelOption::Migration),
        // ZONE_DEVICE no longer asks for ARCH_HAS_PTE_DEVMAP: "mm: remove devmap related functions and page table bits".
        BuildOption::new(KernelOption::DevicePrivate, KernelRange::since(KernelVersion::new(6, 17))),
    ]);
