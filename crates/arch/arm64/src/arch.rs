//! The facts of arm64 that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    Pattern, PfnBits, Reason, Run, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("arm64", "arm64", &[Name::new("aarch64", &[("arm64", "")])], &[ARM64]);

pub(crate) const ARM64: Variant<'static> = Variant::new("arm64", "arm64", 64, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[
        PfnBits::new(36, "4K pages with 48 bits of physical address, or 64K pages with 52"),
        PfnBits::new(40, "4K pages with 52 bits of physical address"),
    ])
    // With 52 bits of physical address and 64K pages, the four highest bits stand below the others. With 4K or 16K pages
    // they are bits 8 and 9, which say how memory is shared in all other kernels: they are left out.
    .with_frames(&[
        Frame::new(12, Field::new(12, 38)),
        Frame::new(14, Field::new(14, 36)),
        Frame::new(16, Field::split([Run { bit: 16, len: 32, value_bit: 0 }, Run { bit: 12, len: 4, value_bit: 32 }])),
    ])
    // With addresses of 48 bits or 52: from 0xffff000000000000 or 0xfff0000000000000 on.
    .with_kernel_addresses(&[Pattern::all_ones(0xfff << 52)])
    // Of 4.10 to 4.14 and of 5.5 to 5.9 nobody looked.
    .with_options(&[
        BuildOption::new(KernelOption::MemoryFailure, KernelRange::since(KernelVersion::new(4, 15))),
        BuildOption::always(KernelOption::Migration),
        BuildOption::new(KernelOption::DevicePrivate, KernelRange::since(KernelVersion::new(5, 10))),
    ])
    .with_inaccessible(&[
        Inaccessible::new(1 | 1 << 58, 1 << 58, Reason::ProtNone, 58, "PTE_PROT_NONE")
            .in_kernels(KernelRange::between(KernelVersion::new(4, 0), KernelVersion::new(6, 9))),
        // PTE_USER clear and PTE_UXN set: neither accessible nor executable for user space.
        Inaccessible::new(
            1 | 1 << 6 | 1 << 11 | 1 << 54,
            1 << 11 | 1 << 54,
            Reason::ProtNone,
            11,
            "PTE_PRESENT_INVALID",
        )
        .in_kernels(KernelRange::since(KernelVersion::new(6, 10))),
        Inaccessible::new(1 | 1 << 11, 1 << 11, Reason::Invalidated, 11, "PTE_PRESENT_INVALID")
            .in_kernels(KernelRange::since(KernelVersion::new(6, 10))),
    ]);
