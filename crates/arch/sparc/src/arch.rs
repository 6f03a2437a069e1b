//! The facts of SPARC that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, Memory, MemoryOrder, Name, Pattern, PfnBits, Reason,
    Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "sparc",
    "sparc",
    &[Name::new(
        "sparc",
        &[("sparc64", "64-bit kernels: sun4u, sun4v"), ("sparc32", "32-bit kernels: sun4m, sun4d, LEON")],
    )],
    &[SPARC64, SPARC32],
);

const BIG: Memory = Memory::new(MemoryOrder::Big);

pub(crate) const SPARC64: Variant<'static> = Variant::new("sparc", "sparc64", 64, 13, BIG)
    .with_pfn_bits(&[PfnBits::new(40, "every one")])
    // sun4v has 13 more bits there, which sun4u never sets.
    .with_frames(&[Frame::new(13, Field::new(13, 30)).only_if(Pattern::all_zeros(0x1fff << 43))])
    .with_options(&[BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(&[
        // Bit 7 is _PAGE_PRESENT_4U. An entry of sun4u that is old has _PAGE_ACCESSED_4U, bit 10, clear.
        Inaccessible::new(1 << 63 | 1 << 10 | 1 << 7, 1 << 10 | 1 << 7, Reason::ProtNone, 63, "_PAGE_VALID"),
        Inaccessible::new(1 << 63 | 1 << 7, 1 << 7, Reason::NotYoung, 63, "_PAGE_VALID"),
    ]);

pub(crate) const SPARC32: Variant<'static> = Variant::new("sparc", "sparc32", 32, 12, BIG)
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    // Other addresses are those of devices.
    .with_frames(&[Frame::new(12, Field::new(8, 24)).only_if(Pattern::all_zeros(0xf000_0000))])
    .with_options(SPARC64.options);

/// Why the exclusive marker got its bit, as far as its commit says.
pub(crate) const MARKER_CHOICE: &str = "The commit calls the stolen bit effectively unused, since the core has \
     five bits of type; it does not say why the idle bits were passed over.";
