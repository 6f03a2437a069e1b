//! The facts of Nios II that hold in every era: its variant, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, PfnBits, Variant};

/// The architecture's facts; `uname -m` prints the variant's name.
pub const ARCH: Arch<'static> = Arch::new("nios2", "nios2", &[], &[NIOS2]);

pub(crate) const NIOS2: Variant<'static> = Variant::new("nios2", "nios2", 32, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(0, 20))])
    .with_options(&[BuildOption::always(KernelOption::Migration)]);
