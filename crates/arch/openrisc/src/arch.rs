//! The facts of OpenRISC that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, Name, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> =
    Arch::new("openrisc", "openrisc", &[Name::new("or1k", &[("openrisc", "")])], &[OPENRISC]);

pub(crate) const OPENRISC: Variant<'static> =
    Variant::new("openrisc", "openrisc", 32, 13, Memory::new(MemoryOrder::Big))
        .with_pfn_bits(&[PfnBits::new(19, "every one")])
        .with_frames(&[Frame::new(13, Field::new(13, 19))])
        .with_options(&[BuildOption::always(KernelOption::Migration)]);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit calls the stolen bit effectively unused, since the core has \
     five bits of type; it does not say why the idle bits were passed over.";
