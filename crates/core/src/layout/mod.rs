//! A layout as data: which bits of the word say what, which others somebody looks at, and where all this is written
//! in the kernel.
//!
//! Bits are numbered from the least significant one, 0. Every list here is `const`; the bits that nothing claims are
//! computed, never listed.

mod bit_list;
mod build;
mod claim;
mod codec;
mod empty_entry;
mod field;
mod memory;
mod named;
mod placement;
#[cfg(test)]
mod sketch;

pub use bit_list::BitList;
pub use claim::{Claim, Inconsistency};
pub use field::{Field, Run};
pub use memory::{Memory, MemoryOrder, Repeated};
pub use named::NamedBits;
pub use placement::{Bytes, Candidate, Cost, Placement};

use crate::{KernelRange, KernelVersion};

/// One layout of the swap PTE, complete.
///
/// Built by [`Layout::new`] and the `with_` functions, so that it can gain fields. The texts live as long as `'a`:
/// `'static` in a backend, shorter in a layout that was read from a file.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Layout<'a> {
    /// Where this is written in the kernel, and for which kernels.
    pub source: Source<'a>,
    /// Bits of the word: 32 or 64.
    pub width: u32,
    /// log2 of the page size for which sizes in bytes are given. The bits do not depend on it, unless the variant's
    /// name says so.
    pub page_shift: u32,
    /// How the word lies in memory.
    pub memory: Memory,
    /// The swap type.
    pub swp_type: Field,
    /// The swap offset, in pages.
    pub swp_offset: Field,
    /// The bits of a swap type that the kernel's encoder drops, as a mask of the value: a type with one of them would come
    /// back as another, and is refused ([`EncodeError::TypeLost`](crate::EncodeError::TypeLost)). 0 but for nios2 before 6.3.
    pub lost_type: u64,
    /// The bits of an offset above the largest that the kernel's encoder writes although the word then reads as present, as
    /// a mask of the value; an entry with one of them is refused
    /// ([`EncodeError::EncodesToPresent`](crate::EncodeError::EncodesToPresent)). 0 but for m68k-sun3 before 6.3.
    pub present_offset: u64,
    /// The exclusive marker, or `None` in kernels from before it.
    pub exclusive: Option<ExclusiveBit>,
    /// The soft-dirty bit.
    pub soft_dirty: Option<u32>,
    /// The userfaultfd write-protection bit.
    pub uffd_wp: Option<u32>,
    /// Kernels whose own `pte_swp_exclusive()` says no of every word: it loses the bit between the word and the answer.
    pub unseen_exclusive: Option<KernelRange>,
    /// The bits that are 1 in every swap PTE.
    pub always_one: u64,
    /// `pte_none()`: the word is none if it matches.
    pub none: Pattern,
    /// `pte_present()`: the word is present if it matches any of these (and is not none).
    pub present: &'a [Pattern],
    /// Every bit that the hardware or the kernel looks at in an entry that is not present, or keeps for itself there.
    pub reserved: &'a [Reserved<'a>],
    /// Bits that the patterns of `none` and `present` tell from others, and that change nothing in a swap PTE all the
    /// same: they need no name among the reserved ones. See [`Layout::with_harmless`].
    pub harmless: u64,
}

/// Where a layout comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Source<'a> {
    /// The architecture, as the crate is named: `x86_64`, `arm64`, `s390`, `ppc`, `riscv`.
    pub arch: &'a str,
    /// The family of layouts, as looked up in the atlas: `ppc-book3s64-4k`.
    pub variant: &'a str,
    /// The level of the page table whose entries have this layout.
    pub level: Level,
    /// The kernels that have this layout.
    pub kernels: KernelRange,
    /// The kernels whose compiled headers were asked for every bit of it. Empty: read in the source, never measured.
    pub measured: &'a [KernelVersion],
    /// The kernel's header, from the top of its tree.
    pub header: &'a str,
    /// The macros and functions there that make the layout.
    pub symbols: &'a str,
    /// The commit that brought the layout, by its subject, with the release; or how far the record goes.
    pub since: &'a str,
    /// Why its exclusive marker got this place, as far as that commit says: in the first layout with the marker, where the
    /// place was not the cheapest or needs a word. Empty elsewhere.
    pub choice: &'a str,
}

/// A level of the page tables that can hold swap entries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Level {
    /// The lowest: one page.
    Pte,
    /// One above: a huge page, or the table of PTEs below it.
    Pmd,
}

impl Level {
    /// `pte`, `pmd`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pte => "pte",
            Self::Pmd => "pmd",
        }
    }
}

impl core::fmt::Display for Level {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// The exclusive marker of a layout: its bit, and how it got it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ExclusiveBit {
    /// The bit number.
    pub bit: u32,
    /// What was given up for it, compared with the layout before the marker.
    pub placement: Placement,
    /// How many bits the type field gave up in all, where it gave one for the marker: 1 but for sh, which gave up all that
    /// the core does not use. 0 elsewhere.
    pub type_bits: u32,
}

/// The three markers that a swap PTE can carry beside its entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flag {
    /// The page belonged to exactly one process (`PG_anon_exclusive`).
    Exclusive,
    /// The page was written since soft-dirty tracking was last cleared.
    SoftDirty,
    /// The page is write-protected by userfaultfd.
    UffdWp,
}

impl Flag {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Exclusive, Self::SoftDirty, Self::UffdWp];

    /// The field's usual name: `exclusive`, `soft-dirty`, `uffd-wp`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::SoftDirty => "soft-dirty",
            Self::UffdWp => "uffd-wp",
        }
    }
}

/// A word matches if its bits under `mask` are those of `value`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Pattern {
    /// The bits that are compared.
    pub mask: u64,
    /// What they must be.
    pub value: u64,
}

impl Pattern {
    /// All of these bits are 1.
    #[must_use]
    pub const fn all_ones(bits: u64) -> Self {
        Self { mask: bits, value: bits }
    }

    /// All of these bits are 0.
    #[must_use]
    pub const fn all_zeros(bits: u64) -> Self {
        Self { mask: bits, value: 0 }
    }

    /// The whole word is this, whatever the bits under `ignoring` are.
    #[must_use]
    pub const fn exactly(value: u64, ignoring: u64) -> Self {
        Self { mask: !ignoring, value }
    }

    /// Whether the word matches.
    #[must_use]
    pub const fn matches(self, word: u64) -> bool {
        word & self.mask == self.value
    }
}

/// Bits that are no part of a swap PTE, but that somebody looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Reserved<'a> {
    /// The bits, as a mask.
    pub bits: u64,
    /// The kernel's name for them, or the manual's.
    pub name: &'a str,
    /// Why a marker must not use them.
    pub reason: &'a str,
}

impl<'a> Reserved<'a> {
    /// Bits as a mask, their name, and why a marker must not use them.
    #[must_use]
    pub const fn new(bits: u64, name: &'a str, reason: &'a str) -> Self {
        Self { bits, name, reason }
    }
}

impl Layout<'_> {
    /// The bit of a marker, if this layout has it.
    #[must_use]
    pub const fn flag(&self, flag: Flag) -> Option<u32> {
        match flag {
            Flag::Exclusive => match self.exclusive {
                Some(exclusive) => Some(exclusive.bit),
                None => None,
            },
            Flag::SoftDirty => self.soft_dirty,
            Flag::UffdWp => self.uffd_wp,
        }
    }

    /// The bit of a marker as a mask, 0 if this layout does not have it.
    #[must_use]
    pub const fn flag_mask(&self, flag: Flag) -> u64 {
        match self.flag(flag) {
            Some(bit) => 1 << bit,
            None => 0,
        }
    }

    /// All bits of the word.
    #[must_use]
    pub const fn word_mask(&self) -> u64 {
        field::low_bits(self.width)
    }

    /// The largest swap offset that encodes, in pages.
    #[must_use]
    pub const fn max_offset(&self) -> u64 {
        self.swp_offset.max()
    }

    /// The bits of the entry that `pte_none()` ignores, as a mask of the word. Where there are any, entries with no other
    /// bit set read as none, and are refused ([`EncodeError::IgnoredByNone`](crate::EncodeError::IgnoredByNone)).
    #[must_use]
    pub const fn ignored_by_none(&self) -> u64 {
        (self.swp_type.written_mask() | self.swp_offset.written_mask()) & !self.none.mask
    }

    /// The largest swap file that the encoding can address, in bytes.
    #[must_use]
    pub const fn max_swap_file(&self) -> u128 {
        (self.max_offset() as u128 + 1) << self.page_shift
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::sketch::sketch;
    use super::*;
    use std::string::ToString;

    #[test]
    fn sizes_follow_from_the_word_and_the_offset() {
        assert_eq!((sketch().word_mask(), sketch().max_offset()), (0xffff_ffff, (1 << 19) - 1));
        // 2^19 pages of 2^12 bytes.
        assert_eq!(sketch().max_swap_file(), 1 << 31);
    }

    #[test]
    fn levels_and_markers_have_names() {
        assert_eq!([Level::Pte, Level::Pmd].map(|level| level.to_string()), ["pte", "pmd"]);
        assert_eq!(Flag::ALL.map(Flag::name), ["exclusive", "soft-dirty", "uffd-wp"]);
    }
}
