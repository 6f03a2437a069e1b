//! The facts of RISC-V that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    Pattern, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "riscv",
    "riscv",
    &[
        Name::new(
            "riscv64",
            &[
                ("riscv-rv64", "harts without Svrsw60t59b, and all kernels before 6.19"),
                ("riscv-rv64-svrsw60t59b", "harts with Svrsw60t59b (isa in /proc/cpuinfo), kernels from 6.19 on"),
            ],
        ),
        Name::new("riscv32", &[("riscv-rv32", "")]),
    ],
    &[RV64, RV32, RV64_SVRSW60T59B],
);

pub(crate) const RV64: Variant<'static> = Variant::new("riscv", "riscv-rv64", 64, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(44, "every one")])
    // Not of a word with bit 63, _PAGE_NAPOT: the lowest set bit of its number tells the size of the page.
    .with_frames(&[Frame::new(12, Field::new(10, 44)).only_if(Pattern::all_zeros(1 << 63))])
    .with_kernel_addresses(&[Pattern::all_ones(0xff << 56)])
    .with_options(&[
        BuildOption::always(KernelOption::Migration),
        // "riscv: mm: Add support for ZONE_DEVICE".
        BuildOption::new(KernelOption::DevicePrivate, KernelRange::since(KernelVersion::new(6, 11))),
    ])
    .with_inaccessible(&[
        Inaccessible::new(1 | 1 << 5, 1 << 5, Reason::ProtNone, 5, "_PAGE_PROT_NONE")
            .in_kernels(KernelRange::since(KernelVersion::new(5, 17))),
        Inaccessible::new(1 | 1 << 1, 1 << 1, Reason::ProtNone, 1, "_PAGE_PROT_NONE")
            .in_kernels(KernelRange::between(KernelVersion::new(5, 0), KernelVersion::new(5, 16))),
    ]);

/// Why the exclusive marker got its bit, in every variant that had a layout before it.
pub(crate) const MARKER_CHOICE: &str = "The commit steals the bit from the offset and says what that costs, not why the idle bit was passed over. Harts with \
     Svrsw60t59b have used bit 4 for uffd-wp since 6.19.";

pub(crate) const RV64_SVRSW60T59B: Variant<'static> = RV64.with_name("riscv-rv64-svrsw60t59b");

pub(crate) const RV32: Variant<'static> = Variant::new("riscv", "riscv-rv32", 32, 12, RV64.memory)
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(10, 22))])
    .with_kernel_addresses(&[Pattern::all_ones(0xc000_0000)])
    .with_options(&[BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(RV64.inaccessible);
