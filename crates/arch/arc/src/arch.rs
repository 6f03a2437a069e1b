//! The facts of ARC that hold in every era: its names, its variants, and what its kernels can be built with.

use swp_pte::{Arch, BuildOption, Field, Frame, KernelOption, Memory, MemoryOrder, Name, PfnBits, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new("arc", "arc", &[Name::new("arceb", EVERY)], &[ARC, PAE40]);

const EVERY: &[(&str, &str)] = &[
    ("arc", "entries of 32 bits; big-endian in memory in a big-endian kernel"),
    ("arc-pae40", "CONFIG_ARC_HAS_PAE40: entries of 64 bits; big-endian in memory in a big-endian kernel"),
];

/// The page size is that of the usual kernels; others have 4K or 16K pages, with the same bits.
pub(crate) const ARC: Variant<'static> = Variant::new("arc", "arc", 32, 13, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(19, "8K pages"), PfnBits::new(20, "4K pages"), PfnBits::new(18, "16K pages")])
    .with_frames(&[
        Frame::new(13, Field::new(13, 19)),
        Frame::new(12, Field::new(12, 20)),
        Frame::new(14, Field::new(14, 18)),
    ])
    .with_options(&[BuildOption::always(KernelOption::Migration)]);

/// Not with 4K pages. The number of a frame has all the bits that the core's offset has.
pub(crate) const PAE40: Variant<'static> = Variant::new("arc", "arc-pae40", 64, 13, ARC.memory)
    .of_32_bit_kernels()
    .with_frames(&[Frame::new(13, Field::new(13, 27)), Frame::new(14, Field::new(14, 26))])
    .with_pfn_bits(&[PfnBits::new(26, "every one")])
    .with_options(ARC.options);
