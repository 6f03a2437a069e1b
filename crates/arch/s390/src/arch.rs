//! The facts of s390 that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, KernelRange, KernelVersion, Memory, MemoryOrder, Name,
    PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("s390", "s390", &[Name::new("s390x", &[("s390", "")])], &[S390]);

pub(crate) const S390: Variant<'static> = Variant::new("s390", "s390", 64, 12, Memory::new(MemoryOrder::Big))
    .with_pfn_bits(&[PfnBits::new(34, "every one: MAX_PHYSMEM_BITS is CONFIG_MAX_PHYSMEM_BITS, 46 by default")])
    .with_frames(&[Frame::new(12, Field::new(12, 52))])
    .with_options(&[
        BuildOption::always(KernelOption::Migration),
        // ZONE_DEVICE no longer asks for ARCH_HAS_PTE_DEVMAP: "mm: remove devmap related functions and page table bits".
        BuildOption::new(KernelOption::DevicePrivate, KernelRange::since(KernelVersion::new(6, 17))),
    ])
    .with_inaccessible(&[
        Inaccessible::new(1 << 4, 0, Reason::ProtNone, 4, "_PAGE_READ"),
        // Bit 2 is _PAGE_YOUNG.
        Inaccessible::new(1 << 10 | 1 << 2, 1 << 10, Reason::NotYoung, 10, "_PAGE_INVALID"),
        Inaccessible::new(1 << 10, 1 << 10, Reason::Invalidated, 10, "_PAGE_INVALID"),
    ]);
