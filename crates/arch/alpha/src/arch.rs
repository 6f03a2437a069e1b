//! The facts of Alpha that hold in every era: its names, its variant, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, Pattern, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("alpha", "alpha", &[], &[ALPHA]);

pub(crate) const ALPHA: Variant<'static> = Variant::new("alpha", "alpha", 64, 13, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(51, "CONFIG_FLATMEM"), PfnBits::new(35, "CONFIG_SPARSEMEM")])
    .with_frames(&[Frame::new(13, Field::new(32, 32))])
    .with_kernel_addresses(&[Pattern::all_ones(0xffff_fc00 << 32)])
    .with_options(&[BuildOption::always(KernelOption::Migration)]);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit calls the stolen bit effectively unused, since the core has \
     five bits of type; it does not say why the idle bits were passed over.";
