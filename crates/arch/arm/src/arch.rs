//! The facts of 32-bit Arm that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, Memory, MemoryOrder, Name, Pattern, PfnBits, Reason,
    Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "arm",
    "arm",
    &[
        Name::new("armv7l", BOTH),
        Name::new("armv8l", BOTH),
        Name::new("armhf", BOTH),
        Name::new("armv6l", SHORT),
        Name::new("armv5tel", SHORT),
        Name::new("armel", SHORT),
    ],
    &[ARM, ARM_LPAE],
);

const BOTH: &[(&str, &str)] = &[
    ("arm", "kernels without CONFIG_ARM_LPAE"),
    ("arm-lpae", "kernels with CONFIG_ARM_LPAE, for ARMv7 with LPAE and later"),
];
const SHORT: &[(&str, &str)] = BOTH.split_at(1).0;

const LITTLE: Memory = Memory::new(MemoryOrder::Little);

pub(crate) const ARM: Variant<'static> = Variant::new("arm", "arm", 32, 12, LITTLE)
    .with_pfn_bits(&[PfnBits::new(20, "CONFIG_FLATMEM"), PfnBits::new(24, "CONFIG_SPARSEMEM")])
    .with_frames(&[Frame::new(12, Field::new(12, 20))])
    // With CONFIG_VMSPLIT_3G, as distributions have it.
    .with_kernel_addresses(&[Pattern::all_ones(0xc000_0000)])
    .with_options(&[BuildOption::always(KernelOption::Migration)])
    // What set_pte_ext gives no entry of the hardware's own.
    .with_inaccessible(&[
        Inaccessible::new(1 | 1 << 11, 1 | 1 << 11, Reason::ProtNone, 11, "L_PTE_NONE"),
        Inaccessible::new(1 | 1 << 1, 1, Reason::NotYoung, 1, "L_PTE_YOUNG"),
    ]);

pub(crate) const ARM_LPAE: Variant<'static> = Variant::new("arm", "arm-lpae", 64, 12, LITTLE)
    .of_32_bit_kernels()
    // PHYS_MASK has 40 bits.
    .with_frames(&[Frame::new(12, Field::new(12, 28))])
    .with_kernel_addresses(ARM.kernel_addresses)
    .with_pfn_bits(&[PfnBits::new(26, "CONFIG_FLATMEM"), PfnBits::new(24, "CONFIG_SPARSEMEM")])
    .with_options(ARM.options)
    .with_inaccessible(&[
        Inaccessible::new(1 | 1 << 57, 1 << 57, Reason::ProtNone, 57, "L_PTE_NONE"),
        Inaccessible::new(1, 0, Reason::Invalidated, 0, "L_PTE_VALID"),
    ]);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit steals the bit from the offset and says what that costs, not \
     why the idle bits were passed over; the header draws bits 0 and 1 as zero.";
