//! The facts of MicroBlaze that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("microblaze", "microblaze", &[], &[MICROBLAZE]);

/// Kernels of either byte order can be built; little is the default.
pub(crate) const MICROBLAZE: Variant<'static> =
    Variant::new("microblaze", "microblaze", 32, 12, Memory::new(MemoryOrder::Little))
        .with_pfn_bits(&[PfnBits::new(20, "every one")])
        .with_frames(&[Frame::new(12, Field::new(12, 20))])
        .with_options(&[BuildOption::always(KernelOption::Migration)]);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit calls the stolen bit effectively unused, since the core has \
     five bits of type; it does not say why the idle bits were passed over.";
