//! The facts of MIPS that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{Arch, BuildOption, KernelOption, Memory, MemoryOrder, Name, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "mips",
    "mips",
    &[Name::new("mips", EVERY), Name::new("mipsel", WORDS_OF_32_BITS), Name::new("mips64el", &[("mips64", "")])],
    &[MIPS32, MIPS32_R3K, MIPS32_XPA, MIPS32_PHYS64, MIPS64],
);

const EVERY: &[(&str, &str)] = &[
    ("mips32", "32-bit kernels: R4000, MIPS32"),
    ("mips32-r3k", "32-bit kernels: R3000, as in DECstations"),
    ("mips32-xpa", "32-bit kernels with CONFIG_XPA: MIPS32 R5 and later"),
    ("mips32-phys64", "32-bit kernels with 36-bit physical addresses: Alchemy"),
    ("mips64", "64-bit kernels"),
];
const WORDS_OF_32_BITS: &[(&str, &str)] = EVERY.split_at(4).0;

pub(crate) const MIPS32: Variant<'static> = Variant::new("mips", "mips32", 32, 12, Memory::new(MemoryOrder::Big))
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_options(&[BuildOption::always(KernelOption::Migration)]);

pub(crate) const MIPS32_R3K: Variant<'static> =
    MIPS32.with_name("mips32-r3k").with_memory(Memory::new(MemoryOrder::Little));

/// The smallest pages that go with XPA have 16K: its option depends on `!PAGE_SIZE_4KB`.
pub(crate) const MIPS32_XPA: Variant<'static> =
    Variant::new("mips", "mips32-xpa", 64, 14, Memory::new(MemoryOrder::BigLowWordFirst))
        .of_32_bit_kernels()
        .with_pfn_bits(&[PfnBits::new(26, "every one")])
        .with_options(MIPS32.options);

/// The machines are little-endian, and a low word in front is what a word of 64 bits is there.
pub(crate) const MIPS32_PHYS64: Variant<'static> =
    Variant::new("mips", "mips32-phys64", 64, 12, Memory::new(MemoryOrder::Little).in_pairs())
        .of_32_bit_kernels()
        .with_pfn_bits(MIPS32_XPA.pfn_bits)
        .with_options(MIPS32.options);

pub(crate) const MIPS64: Variant<'static> = Variant::new("mips", "mips64", 64, 12, Memory::new(MemoryOrder::Big))
    .with_pfn_bits(&[
        PfnBits::new(36, "CONFIG_SPARSEMEM, 4K pages"),
        PfnBits::new(34, "CONFIG_SPARSEMEM, 16K pages"),
        PfnBits::new(32, "CONFIG_SPARSEMEM, 64K pages"),
        PfnBits::new(52, "CONFIG_FLATMEM, 4K pages"),
        PfnBits::new(50, "CONFIG_FLATMEM, 16K pages"),
        PfnBits::new(48, "CONFIG_FLATMEM, 64K pages"),
    ])
    .with_options(MIPS32.options);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit calls the stolen bit effectively unused, since the core has \
     five bits of type; it does not say why the idle bits were passed over.";
