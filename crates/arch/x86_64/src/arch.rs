//! The facts of x86_64 that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    Pattern, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "x86_64",
    "x86_64",
    &[
        Name::new("amd64", &[("x86_64", "")]),
        Name::new("x86-64", &[("x86_64", "")]),
        Name::new("x64", &[("x86_64", "")]),
    ],
    &[X86_64],
);

pub(crate) const X86_64: Variant<'static> = Variant::new("x86_64", "x86_64", 64, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[
        PfnBits::new(34, "four levels of page tables"),
        PfnBits::new(40, "CONFIG_X86_5LEVEL, on a processor that runs with five levels"),
    ])
    // Inverted against L1TF. Where bit 0 is clear, stable updates of kernels before 4.19 do it and their first releases not.
    .with_frames(&[
        Frame::new(12, Field::new(12, 40))
            .inverted_if(Pattern::all_zeros(1))
            .in_kernels(KernelRange::since(KernelVersion::new(4, 19))),
        Frame::new(12, Field::new(12, 40)).only_if(Pattern::all_ones(1)),
    ])
    // Four levels of page tables or five: from 0xffff800000000000 or 0xff00000000000000 on.
    .with_kernel_addresses(&[Pattern::all_ones(0xff << 56)])
    .with_options(&[
        BuildOption::always(KernelOption::MemoryFailure),
        BuildOption::always(KernelOption::Migration),
        BuildOption::always(KernelOption::DevicePrivate),
        // The one architecture that had uffd-wp while this was an option.
        BuildOption::always(KernelOption::PteMarker),
    ])
    .with_inaccessible(&[Inaccessible::new(1 | 1 << 8, 1 << 8, Reason::ProtNone, 8, "_PAGE_PROTNONE")]);
