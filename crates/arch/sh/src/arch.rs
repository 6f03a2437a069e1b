//! The facts of sh that hold in every era: its names, its variants, and what their kernels can be built with.

use swp_pte::{
    Arch, BuildOption, Field, Frame, Inaccessible, KernelOption, Memory, MemoryOrder, Name, PfnBits, Reason, Variant,
};

/// The architecture's facts.
pub const ARCH: Arch<'static> = Arch::new(
    "sh",
    "sh",
    &[
        Name::new("sh3", PLAIN_ONLY),
        Name::new("sh4", PLAIN_ONLY),
        Name::new("sh4eb", PLAIN_ONLY),
        Name::new("sh4a", EVERY),
        Name::new("sh4aeb", EVERY),
    ],
    &[SH, X2TLB],
);

const EVERY: &[(&str, &str)] = &[
    ("sh", "entries of 32 bits; big-endian in memory in a big-endian kernel"),
    ("sh-x2tlb", "CONFIG_X2TLB: entries of 64 bits; in a big-endian kernel two big-endian words, the low one first"),
];
const PLAIN_ONLY: &[(&str, &str)] = EVERY.split_at(1).0;

pub(crate) const SH: Variant<'static> = Variant::new("sh", "sh", 32, 12, Memory::new(MemoryOrder::Little))
    .with_pfn_bits(&[PfnBits::new(20, "4K pages"), PfnBits::new(16, "64K pages")])
    .with_frames(&[Frame::new(12, Field::new(12, 20)), Frame::new(16, Field::new(16, 16))])
    .with_options(&[BuildOption::always(KernelOption::Migration)])
    .with_inaccessible(&[Inaccessible::new(1 << 8 | 1 << 9, 1 << 9, Reason::ProtNone, 9, "_PAGE_PROTNONE")]);

/// `pte_t` is two words, `pte_low` in front.
pub(crate) const X2TLB: Variant<'static> = Variant::new("sh", "sh-x2tlb", 64, 12, SH.memory.in_pairs())
    .of_32_bit_kernels()
    .with_pfn_bits(&[PfnBits::new(20, "4K pages"), PfnBits::new(19, "8K pages"), PfnBits::new(16, "64K pages")])
    .with_options(SH.options)
    .with_inaccessible(SH.inaccessible);
