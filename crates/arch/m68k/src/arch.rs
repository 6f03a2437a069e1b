//! The facts of m68k that hold in every era: its name, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, Memory, MemoryOrder, Name, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "m68k",
    "m68k",
    &[Name::new(
        "m68k",
        &[
            ("m68k-motorola", "68020 to 68060: Amiga, Atari, Macintosh, virtual machines"),
            ("m68k-sun3", "Sun-3"),
            ("m68k-coldfire", "ColdFire with an MMU"),
        ],
    )],
    &[MOTOROLA, SUN3, COLDFIRE],
);

pub(crate) const MOTOROLA: Variant<'static> =
    Variant::new("m68k", "m68k-motorola", 32, 12, Memory::new(MemoryOrder::Big))
        .with_pfn_bits(&[PfnBits::new(20, "every one")])
        .with_frames(&[Frame::new(12, Field::new(12, 20))])
        .with_options(&[BuildOption::always(KernelOption::Migration)])
        .with_inaccessible(&[Inaccessible::new(1 | 1 << 2, 1 << 2, Reason::ProtNone, 2, "_PAGE_PROTNONE")]);

/// `PROT_NONE` is a mapping without rights here, valid as any other.
pub(crate) const SUN3: Variant<'static> = Variant::new("m68k", "m68k-sun3", 32, 13, MOTOROLA.memory)
    .with_pfn_bits(&[PfnBits::new(19, "every one")])
    // SUN3_PAGE_PGNUM_MASK.
    .with_frames(&[Frame::new(13, Field::new(0, 19))])
    .with_options(MOTOROLA.options);

pub(crate) const COLDFIRE: Variant<'static> =
    SUN3.with_name("m68k-coldfire").with_frames(&[Frame::new(13, Field::new(13, 19))]);

/// Why the exclusive marker got its bit, where others were idle.
pub(crate) const MARKER_CHOICE: &str = "The commit takes a bit of the type since the core uses five only, so that the stolen \
     bit is as good as unused; of the idle ones it says nothing.";
