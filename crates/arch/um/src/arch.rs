//! The facts of user-mode Linux that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, Memory, MemoryOrder, Name, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("um", "um", &[Name::new("uml", &[("um", "")])], &[UM]);

pub(crate) const UM: Variant<'static> = Variant::new("um", "um", 64, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(52, "every one")])
    .with_frames(&[Frame::new(12, Field::new(12, 52))])
    .with_options(&[BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(&[Inaccessible::new(1 | 1 << 4, 1 << 4, Reason::ProtNone, 4, "_PAGE_PROTNONE")]);
