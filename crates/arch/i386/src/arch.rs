//! The facts of 32-bit x86 that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{Arch, BuildOption, Inaccessible, KernelOption, Memory, MemoryOrder, Name, PfnBits, Reason, Variant};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "i386",
    "i386",
    &[Name::new("i686", BOTH), Name::new("i586", TWO_LEVEL), Name::new("i486", TWO_LEVEL)],
    &[I386, I386_PAE],
);

const BOTH: &[(&str, &str)] = &[
    ("i386", "kernels without CONFIG_X86_PAE"),
    ("i386-pae", "kernels with CONFIG_X86_PAE, as distributions build most"),
];
const TWO_LEVEL: &[(&str, &str)] = BOTH.split_at(1).0;

const LITTLE: Memory = Memory::new(MemoryOrder::Little);

pub(crate) const I386: Variant<'static> = Variant::new("i386", "i386", 32, 12, LITTLE)
    .with_pfn_bits(&[PfnBits::new(20, "every one")])
    .with_options(&[BuildOption::always(KernelOption::MemoryFailure), BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(&[Inaccessible::new(1 | 1 << 8, 1 << 8, Reason::ProtNone, 8, "_PAGE_PROTNONE")]);

pub(crate) const I386_PAE: Variant<'static> = Variant::new("i386", "i386-pae", 64, 12, LITTLE)
    .with_pfn_bits(&[PfnBits::new(26, "CONFIG_FLATMEM"), PfnBits::new(24, "CONFIG_SPARSEMEM")])
    .with_options(I386.options)
    .with_inaccessible(I386.inaccessible);
