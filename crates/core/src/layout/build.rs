//! How a layout is put together: from what all eras of its variant share, its two fields, and one function for each
//! further fact.

use super::{ExclusiveBit, Field, Flag, Layout, Level, Pattern, Placement, Reserved, Source};
use crate::{KernelRange, KernelVersion, Variant};

impl<'a> Layout<'a> {
    /// A layout of a variant with these two fields, and so far nothing else: no marker, no bit that is always 1, an
    /// empty word that is none, no pattern for present, nothing reserved, and no kernel that it is known for.
    #[must_use]
    pub const fn new(variant: &Variant<'a>, swp_type: Field, swp_offset: Field) -> Self {
        let source = Source {
            arch: variant.arch,
            variant: variant.name,
            level: Level::Pte,
            kernels: KernelRange::since(KernelVersion::new(0, 0)),
            measured: &[],
            header: "",
            symbols: "",
            since: "",
            choice: "",
        };
        Self {
            source,
            width: variant.width,
            page_shift: variant.page_shift,
            memory: variant.memory,
            swp_type,
            swp_offset,
            lost_type: 0,
            present_offset: 0,
            exclusive: None,
            unseen_exclusive: None,
            soft_dirty: None,
            uffd_wp: None,
            always_one: 0,
            none: Pattern::exactly(0, 0),
            present: &[],
            reserved: &[],
            harmless: 0,
        }
    }

    /// The kernels that have it, and those of them whose compiled headers were asked.
    #[must_use]
    pub const fn with_kernels(mut self, kernels: KernelRange, measured: &'a [KernelVersion]) -> Self {
        self.source.kernels = kernels;
        self.source.measured = measured;
        self
    }

    /// The kernel's header, the macros and functions in it, and the commit that brought the layout.
    #[must_use]
    pub const fn with_source(mut self, header: &'a str, symbols: &'a str, since: &'a str) -> Self {
        self.source.header = header;
        self.source.symbols = symbols;
        self.source.since = since;
        self
    }

    /// Why the exclusive marker got its place, as far as its commit says.
    #[must_use]
    pub const fn with_choice(mut self, choice: &'a str) -> Self {
        self.source.choice = choice;
        self
    }

    /// The level of the page table, where it is not that of the PTE.
    #[must_use]
    pub const fn with_level(mut self, level: Level) -> Self {
        self.source.level = level;
        self
    }

    /// Other fields.
    #[must_use]
    pub const fn with_fields(self, swp_type: Field, swp_offset: Field) -> Self {
        Self { swp_type, swp_offset, ..self }
    }

    /// The bits of a swap type that the kernel's encoder drops, as a mask of the value.
    #[must_use]
    pub const fn with_lost_type(self, lost_type: u64) -> Self {
        Self { lost_type, ..self }
    }

    /// The bits of an offset that the kernel's encoder writes although the word then reads as present, as a mask of the
    /// value.
    #[must_use]
    pub const fn with_present_offset(self, present_offset: u64) -> Self {
        Self { present_offset, ..self }
    }

    /// The exclusive marker in this bit, and how it came by it.
    #[must_use]
    pub const fn with_exclusive(self, bit: u32, placement: Placement) -> Self {
        let type_bits = match placement {
            Placement::StolenTypeBit => 1,
            Placement::UnusedBit | Placement::StolenOffsetBit => 0,
        };
        Self { exclusive: Some(ExclusiveBit { bit, placement, type_bits }), ..self }
    }

    /// The exclusive marker in a bit of the type, which gave up so many bits at once.
    #[must_use]
    pub const fn with_exclusive_from_type(self, bit: u32, type_bits: u32) -> Self {
        Self { exclusive: Some(ExclusiveBit { bit, placement: Placement::StolenTypeBit, type_bits }), ..self }
    }

    /// The kernels that write the exclusive marker and never see it.
    #[must_use]
    pub const fn with_unseen_exclusive(self, kernels: KernelRange) -> Self {
        Self { unseen_exclusive: Some(kernels), ..self }
    }

    /// The soft-dirty bit.
    #[must_use]
    pub const fn with_soft_dirty(self, bit: u32) -> Self {
        Self { soft_dirty: Some(bit), ..self }
    }

    /// The uffd-wp bit.
    #[must_use]
    pub const fn with_uffd_wp(self, bit: u32) -> Self {
        Self { uffd_wp: Some(bit), ..self }
    }

    /// The same layout without a marker, its bit free.
    #[must_use]
    pub const fn without(self, flag: Flag) -> Self {
        match flag {
            Flag::Exclusive => Self { exclusive: None, ..self },
            Flag::SoftDirty => Self { soft_dirty: None, ..self },
            Flag::UffdWp => Self { uffd_wp: None, ..self },
        }
    }

    /// The bits that are 1 in every swap PTE, as a mask.
    #[must_use]
    pub const fn with_always_one(self, always_one: u64) -> Self {
        Self { always_one, ..self }
    }

    /// What `pte_none()` compares with.
    #[must_use]
    pub const fn with_none(self, none: Pattern) -> Self {
        Self { none, ..self }
    }

    /// What `pte_present()` tests: any of these.
    #[must_use]
    pub const fn with_present(self, present: &'a [Pattern]) -> Self {
        Self { present, ..self }
    }

    /// The bits that somebody looks at in an entry that is not present.
    #[must_use]
    pub const fn with_reserved(self, reserved: &'a [Reserved<'a>]) -> Self {
        Self { reserved, ..self }
    }

    /// Bits that need no name among the reserved ones although a predicate has to do with them: a half of the word that
    /// `pte_none` does not look at, as in the two-word entries of MIPS with XPA; a bit that makes an entry present
    /// together with one that no swap PTE has, as on xtensa.
    #[must_use]
    pub const fn with_harmless(self, harmless: u64) -> Self {
        Self { harmless, ..self }
    }
}
