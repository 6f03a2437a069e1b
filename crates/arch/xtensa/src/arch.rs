//! The facts of Xtensa that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, Memory, MemoryOrder, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("xtensa", "xtensa", &[], &[XTENSA]);

/// The byte order is the processor's, which is made to order; little is that of the kernel's own configurations.
pub(crate) const XTENSA: Variant<'static> = Variant::new("xtensa", "xtensa", 32, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(12, 20))])
    .with_options(&[BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(&[Inaccessible::new(0xf, 0xf, Reason::ProtNone, 1, "_PAGE_HW_WRITE, of _PAGE_NONE")]);
