//! The facts of Hexagon that hold in every era: its variant, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, PfnBits, Variant};

/// The architecture's facts; `uname -m` prints the variant's name.
pub const ARCH: Arch<'static> = Arch::new("hexagon", "hexagon", &[], &[HEXAGON]);

pub(crate) const HEXAGON: Variant<'static> =
    Variant::new("hexagon", "hexagon", 32, 12, Memory::new(MemoryOrder::Little))
        .with_pfn_bits(&[
            PfnBits::new(20, "4K pages"),
            PfnBits::new(18, "16K pages"),
            PfnBits::new(16, "64K pages"),
            PfnBits::new(14, "256K pages"),
        ])
        .with_frames(&[
            Frame::new(12, Field::new(12, 20)),
            Frame::new(14, Field::new(14, 18)),
            Frame::new(16, Field::new(16, 16)),
            Frame::new(18, Field::new(18, 14)),
        ])
        .with_options(&[BuildOption::always(KernelOption::Migration)]);
