//! The contract of a backend: one type per layout, each implementing [`SwpPte`].

use core::fmt::{Debug, LowerHex};
use core::hash::Hash;

use crate::{Flag, Layout, PteBits, PteKind, SwpEntry, Undecodable, Unencodable};

/// A swap PTE of one layout: one architecture, MMU family, page size and era of kernels.
///
/// - Every function is a pure function of its arguments, the same on every host.
/// - `decode(encode(e)) == e` for every entry that encodes.
/// - `encode` masks nothing: what does not fit is an error.
/// - `decode` asks [`kind`](SwpPte::kind) first: a word that is no swap PTE is an error that says which kind it is.
/// - Bits that no field claims are ignored by `decode`, as by the kernel; [`Layout::stray`] shows them.
/// - The marker functions change the marker's bit and no other.
///
/// Markers are traits of their own, [`Exclusive`], [`SoftDirty`] and [`UffdWp`], so that asking a layout for a bit that
/// it does not have does not compile. Code that is generic over layouts from before and after a marker asks for the
/// kernel's stubs by name, with the functions that end in `_or_stub`.
///
/// ```
/// use swp_pte::{EncodeError, SwpEntry, SwpPte};
///
/// fn word<P: SwpPte>(swp_type: u64, offset: u64) -> Result<P, EncodeError> {
///     Ok(P::encode(SwpEntry::from_parts(swp_type, offset)?)?)
/// }
/// ```
pub trait SwpPte: Copy + Eq + Hash + Debug + LowerHex + Send + Sync + 'static {
    /// The machine word, in native byte order.
    type Bits: PteBits;

    /// This layout as data.
    const LAYOUT: Layout<'static>;

    /// Any word out of a page table; it need not be a swap PTE.
    fn from_bits(bits: Self::Bits) -> Self;

    /// The word.
    fn to_bits(self) -> Self::Bits;

    /// None, present, or a swap PTE: `pte_none()`, `pte_present()`, `is_swap_pte()`.
    fn kind(self) -> PteKind;

    /// What the kernel's decoder reads in any word at all: `__swp_type()` and `__swp_offset()`, the latter in pages.
    fn fields(self) -> (u64, u64);

    /// The word for an entry, with all markers clear: `swp_entry_to_pte()`.
    ///
    /// # Errors
    /// [`Unencodable`], whose reason is [`EncodeError::OffsetOutOfRange`](crate::EncodeError::OffsetOutOfRange) for an
    /// offset above the layout's largest, or [`EncodeError::EncodesToNone`](crate::EncodeError::EncodesToNone) for the
    /// one entry, if any, whose word would read as none. Some old kernels write words from which they do not read the
    /// entry again: such an entry is [`EncodeError::TypeLost`](crate::EncodeError::TypeLost),
    /// [`EncodeError::EncodesToPresent`](crate::EncodeError::EncodesToPresent) or
    /// [`EncodeError::IgnoredByNone`](crate::EncodeError::IgnoredByNone).
    fn encode(entry: SwpEntry) -> Result<Self, Unencodable<Self>>;

    /// The entry in a word, whatever its markers: `pte_to_swp_entry()`.
    ///
    /// # Errors
    /// [`Undecodable`], whose reason is [`DecodeError::None`](crate::DecodeError::None) or
    /// [`DecodeError::Present`](crate::DecodeError::Present) for a word that is no swap PTE;
    /// [`DecodeError::TypeOutOfRange`](crate::DecodeError::TypeOutOfRange) or
    /// [`DecodeError::OffsetOutOfRange`](crate::DecodeError::OffsetOutOfRange) where the kernel's decoder reads more
    /// bits than its encoder writes, and one of those is set.
    fn decode(self) -> Result<SwpEntry, Undecodable<Self>>;

    /// Whether a marker is set; false in a layout without it, as the kernel's stub has it.
    fn is_set_or_stub(self, flag: Flag) -> bool;

    /// The word with a marker set; the word unchanged in a layout without it, as the kernel's stub has it.
    #[must_use]
    fn set_or_stub(self, flag: Flag) -> Self;

    /// The word with a marker clear; the word unchanged in a layout without it, as the kernel's stub has it.
    #[must_use]
    fn clear_or_stub(self, flag: Flag) -> Self;
}

/// The backend's type for a number, if it is no wider than the word.
#[inline]
pub(crate) fn from_u64<P: SwpPte>(word: u64) -> Option<P> {
    P::Bits::try_from_u64(word).map(P::from_bits)
}

/// Layouts with the exclusive marker (`__HAVE_ARCH_PTE_SWP_EXCLUSIVE`): the page belonged to exactly one process.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no exclusive marker",
    label = "a layout from before the marker",
    note = "layouts with it: x86_64, arm64, s390 and ppc book3s64 from kernel 5.19 on, all others from 6.3 on",
    note = "the kernel's stubs are `is_set_or_stub`, `set_or_stub` and `clear_or_stub` of `SwpPte`, with `Flag::Exclusive`"
)]
pub trait Exclusive: SwpPte {
    /// `pte_swp_exclusive()`.
    fn is_exclusive(self) -> bool;

    /// `pte_swp_mkexclusive()`.
    #[must_use]
    fn mk_exclusive(self) -> Self;

    /// `pte_swp_clear_exclusive()`.
    #[must_use]
    fn clear_exclusive(self) -> Self;
}

/// Layouts with a soft-dirty bit in swap PTEs (`CONFIG_MEM_SOFT_DIRTY`): the page was written since the bit was last
/// cleared through `/proc/PID/clear_refs`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no soft-dirty bit",
    label = "a layout without soft-dirty",
    note = "layouts with it: x86_64, s390, ppc book3s64, and riscv rv64 with Svrsw60t59b",
    note = "the kernel's stubs are `is_set_or_stub`, `set_or_stub` and `clear_or_stub` of `SwpPte`, with `Flag::SoftDirty`"
)]
pub trait SoftDirty: SwpPte {
    /// `pte_swp_soft_dirty()`.
    fn is_soft_dirty(self) -> bool;

    /// `pte_swp_mksoft_dirty()`.
    #[must_use]
    fn mk_soft_dirty(self) -> Self;

    /// `pte_swp_clear_soft_dirty()`.
    #[must_use]
    fn clear_soft_dirty(self) -> Self;
}

/// Layouts with a userfaultfd write-protection bit in swap PTEs (`CONFIG_HAVE_ARCH_USERFAULTFD_WP`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no uffd-wp bit",
    label = "a layout without uffd-wp",
    note = "layouts with it: x86_64, arm64 from kernel 6.10 on, and riscv rv64 with Svrsw60t59b",
    note = "the kernel's stubs are `is_set_or_stub`, `set_or_stub` and `clear_or_stub` of `SwpPte`, with `Flag::UffdWp`"
)]
pub trait UffdWp: SwpPte {
    /// `pte_swp_uffd_wp()`.
    fn is_uffd_wp(self) -> bool;

    /// `pte_swp_mkuffd_wp()`.
    #[must_use]
    fn mk_uffd_wp(self) -> Self;

    /// `pte_swp_clear_uffd_wp()`.
    #[must_use]
    fn clear_uffd_wp(self) -> Self;
}
