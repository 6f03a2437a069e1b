//! The facts of C-SKY that hold in every era: its names, its variants, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, Name, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "csky",
    "csky",
    &[Name::new("cskyv2", &[("csky", "CK807, CK810 and CK860")]), Name::new("cskyv1", &[("csky-ck610", "CK610")])],
    &[CSKY, CK610],
);

pub(crate) const CSKY: Variant<'static> = Variant::new("csky", "csky", 32, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(12, 20))])
    .with_options(&[BuildOption::always(KernelOption::Migration)]);

pub(crate) const CK610: Variant<'static> = CSKY.with_name("csky-ck610");
