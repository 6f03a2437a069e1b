//! The facts of 32-bit x86 that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    Pattern, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "i386",
    "i386",
    &[Name::new("i686", BOTH), Name::new("i586", TWO_LEVEL), Name::new("i486", TWO_LEVEL)],
    &[I386, I386_PAE],
);

const BOTH: &[(&str, &str)] = &[
    ("i386", "kernels without CONFIG_X86_PAE"),
    ("i386-pae", "kernels with CONFIG_X86_PAE, as distributions build most"),
];
const TWO_LEVEL: &[(&str, &str)] = BOTH.split_at(1).0;

const LITTLE: Memory = Memory::new(MemoryOrder::Little);

pub(crate) const I386: Variant<'static> = Variant::new("i386", "i386", 32, 12, LITTLE)
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(12, 20))])
    // With CONFIG_VMSPLIT_3G, as distributions have it.
    .with_kernel_addresses(&[Pattern::all_ones(0xc000_0000)])
    .with_options(&[BuildOption::always(KernelOption::MemoryFailure), BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(&[Inaccessible::new(1 | 1 << 8, 1 << 8, Reason::ProtNone, 8, "_PAGE_PROTNONE")]);

pub(crate) const I386_PAE: Variant<'static> = Variant::new("i386", "i386-pae", 64, 12, LITTLE)
    .of_32_bit_kernels()
    // A page frame number is an unsigned long. Inverted as on x86_64.
    .with_frames(&[
        Frame::new(12, Field::new(12, 32))
            .inverted_if(Pattern::all_zeros(1))
            .in_kernels(KernelRange::since(KernelVersion::new(4, 19))),
        Frame::new(12, Field::new(12, 32)).only_if(Pattern::all_ones(1)),
    ])
    .with_kernel_addresses(I386.kernel_addresses)
    .with_pfn_bits(&[PfnBits::new(26, "CONFIG_FLATMEM"), PfnBits::new(24, "CONFIG_SPARSEMEM")])
    .with_options(I386.options)
    .with_inaccessible(I386.inaccessible);
