//! The facts of PA-RISC that hold in every era: its names, its variants, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, Name, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "parisc",
    "parisc",
    &[Name::new("parisc", EVERY), Name::new("hppa", EVERY), Name::new("hppa64", &[("parisc64", "")])],
    &[PARISC32, PARISC64],
);

const EVERY: &[(&str, &str)] = &[
    ("parisc32", "a kernel of 32 bits: uname -m prints parisc"),
    ("parisc64", "a kernel of 64 bits: uname -m prints parisc64"),
];

pub(crate) const PARISC32: Variant<'static> = Variant::new("parisc", "parisc32", 32, 12, Memory::new(MemoryOrder::Big))
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_frames(&[Frame::new(12, Field::new(12, 20))])
    .with_options(&[BuildOption::always(KernelOption::MemoryFailure), BuildOption::always(KernelOption::Migration)]);

pub(crate) const PARISC64: Variant<'static> = Variant::new("parisc", "parisc64", 64, 12, PARISC32.memory)
    .with_pfn_bits(&[PfnBits::new(27, "4K pages"), PfnBits::new(25, "16K pages"), PfnBits::new(23, "64K pages")])
    // PFN_PTE_SHIFT is 12, whatever the page size.
    .with_frames(&[
        Frame::new(12, Field::new(12, 52)),
        Frame::new(14, Field::new(12, 52)),
        Frame::new(16, Field::new(12, 52)),
    ])
    .with_options(PARISC32.options);

/// How the exclusive marker came by its bit, with words of either width.
pub(crate) const MARKER_CHOICE: &str = "Nothing is dearer here: the commit of 6.3 took bit 8 for yet unused, although the \
     offset had it, and the fix in 6.4 moved the offset over the idle bits 5 and 10.";
