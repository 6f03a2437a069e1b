//! The facts of LoongArch that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    Pattern, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> =
    Arch::new("loongarch", "loongarch", &[Name::new("loong64", &[("loongarch64", "")])], &[LOONGARCH64]);

/// Sizes are for pages of 16K, as the kernel's own configuration has them.
pub(crate) const LOONGARCH64: Variant<'static> =
    Variant::new("loongarch", "loongarch64", 64, 14, Memory::new(MemoryOrder::Little))
        .with_pfn_bits(&[
            PfnBits::new(34, "CONFIG_SPARSEMEM, 16K pages"),
            PfnBits::new(36, "CONFIG_SPARSEMEM, 4K pages"),
            PfnBits::new(32, "CONFIG_SPARSEMEM, 64K pages"),
            PfnBits::new(50, "CONFIG_FLATMEM, 16K pages"),
        ])
        // Up to _PAGE_PFN_END_SHIFT.
        .with_frames(&[
            Frame::new(12, Field::new(12, 36)),
            Frame::new(14, Field::new(14, 34)),
            Frame::new(16, Field::new(16, 32)),
        ])
        // The direct mapping, cached and not, and what is mapped by page tables.
        .with_kernel_addresses(&[
            Pattern { mask: 0xffff << 48, value: 0x9000 << 48 },
            Pattern { mask: 0xffff << 48, value: 0x8000 << 48 },
            Pattern::all_ones(0xffff << 48),
        ])
        .with_options(&[
            BuildOption::always(KernelOption::Migration),
            // "LoongArch: Add ARCH_HAS_PTE_DEVMAP support".
            BuildOption::new(KernelOption::DevicePrivate, KernelRange::since(KernelVersion::new(6, 11))),
        ])
        .with_inaccessible(&[
            Inaccessible::new(1 << 10, 1 << 10, Reason::ProtNone, 10, "_PAGE_PROTNONE"),
            // The same bit says that a page is young.
            Inaccessible::new(1, 0, Reason::NotYoung, 0, "_PAGE_VALID"),
        ]);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit calls the stolen bit effectively unused, since the core has \
     five bits of type; it does not say why the idle bits were passed over.";
