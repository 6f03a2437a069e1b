//! The contract of a backend: one type per layout, each implementing [`SwpPte`].

use crate::{DecodeError, EncodeError, Layout, PteBits, PteKind, SwpEntry};

/// A swap PTE of one layout: one architecture, MMU family, page size and era of kernels.
///
/// - Every function is a pure function of its arguments, the same on every host.
/// - `decode(encode(e)) == e` for every entry that encodes.
/// - `encode` masks nothing: what does not fit is an error.
/// - `decode` asks [`kind`](SwpPte::kind) first: a word that is no swap PTE is an error that says which kind it is.
/// - Bits that no field claims are ignored by `decode`, as by the kernel; [`Layout::stray`] shows them.
/// - The marker functions change the marker's bit and no other.
/// - A layout from before the marker has `LAYOUT.exclusive == None`; its marker functions do what the kernel's stubs
///   did: never exclusive, word unchanged.
pub trait SwpPte: Copy + Eq + core::hash::Hash + core::fmt::Debug + Send + Sync + 'static {
    /// The machine word, in native byte order.
    type Bits: PteBits;

    /// This layout as data.
    const LAYOUT: Layout;

    /// Any word out of a page table; it need not be a swap PTE.
    fn from_bits(bits: Self::Bits) -> Self;

    /// The word.
    fn to_bits(self) -> Self::Bits;

    /// None, present, or a swap PTE: `pte_none()`, `pte_present()`, `is_swap_pte()`.
    fn kind(self) -> PteKind;

    /// The word for an entry, with all markers clear: `swp_entry_to_pte()`.
    ///
    /// # Errors
    /// [`EncodeError::OffsetOutOfRange`] for an offset above the layout's largest, and
    /// [`EncodeError::EncodesToNone`] for the one entry, if any, whose word would read as none.
    fn encode(entry: SwpEntry) -> Result<Self, EncodeError>;

    /// The entry in a word, whatever its markers: `pte_to_swp_entry()`.
    ///
    /// # Errors
    /// [`DecodeError::None`] or [`DecodeError::Present`] for a word that is no swap PTE;
    /// [`DecodeError::TypeOutOfRange`] or [`DecodeError::OffsetOutOfRange`] where the kernel's decoder reads more bits
    /// than its encoder writes, and one of those is set.
    fn decode(self) -> Result<SwpEntry, DecodeError>;

    /// Whether the exclusive marker is set: `pte_swp_exclusive()`.
    fn is_exclusive(self) -> bool;

    /// The word with the exclusive marker set: `pte_swp_mkexclusive()`.
    #[must_use]
    fn mk_exclusive(self) -> Self;

    /// The word with the exclusive marker clear: `pte_swp_clear_exclusive()`.
    #[must_use]
    fn clear_exclusive(self) -> Self;
}

/// Layouts with a soft-dirty bit in swap PTEs (`CONFIG_MEM_SOFT_DIRTY`): the page was written since the bit was last
/// cleared through `/proc/PID/clear_refs`.
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

/// Implements [`SwpPte`], and each marker trait named behind the word, by forwarding to the inherent `const fn`s of
/// the same names; and prints the word with its layout: `swp_pte::impl_swp_pte!(Pte, u64, SoftDirty, UffdWp);`
#[macro_export]
macro_rules! impl_swp_pte {
    ($pte:ident, $bits:ty $(, $marker:ident)*) => {
        impl $crate::SwpPte for $pte {
            type Bits = $bits;

            const LAYOUT: $crate::Layout = Self::LAYOUT;

            #[inline]
            fn from_bits(bits: $bits) -> Self {
                Self::from_bits(bits)
            }

            #[inline]
            fn to_bits(self) -> $bits {
                self.to_bits()
            }

            #[inline]
            fn kind(self) -> $crate::PteKind {
                self.kind()
            }

            #[inline]
            fn encode(entry: $crate::SwpEntry) -> Result<Self, $crate::EncodeError> {
                Self::encode(entry)
            }

            #[inline]
            fn decode(self) -> Result<$crate::SwpEntry, $crate::DecodeError> {
                self.decode()
            }

            #[inline]
            fn is_exclusive(self) -> bool {
                self.is_exclusive()
            }

            #[inline]
            fn mk_exclusive(self) -> Self {
                self.mk_exclusive()
            }

            #[inline]
            fn clear_exclusive(self) -> Self {
                self.clear_exclusive()
            }
        }

        impl core::fmt::Debug for $pte {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({:#x})", Self::LAYOUT.source.variant, self.to_bits())
            }
        }

        $($crate::impl_swp_pte!(@marker $marker $pte);)*
    };

    (@marker SoftDirty $pte:ident) => {
        impl $crate::SoftDirty for $pte {
            #[inline]
            fn is_soft_dirty(self) -> bool {
                self.is_soft_dirty()
            }

            #[inline]
            fn mk_soft_dirty(self) -> Self {
                self.mk_soft_dirty()
            }

            #[inline]
            fn clear_soft_dirty(self) -> Self {
                self.clear_soft_dirty()
            }
        }
    };

    (@marker UffdWp $pte:ident) => {
        impl $crate::UffdWp for $pte {
            #[inline]
            fn is_uffd_wp(self) -> bool {
                self.is_uffd_wp()
            }

            #[inline]
            fn mk_uffd_wp(self) -> Self {
                self.mk_uffd_wp()
            }

            #[inline]
            fn clear_uffd_wp(self) -> Self {
                self.clear_uffd_wp()
            }
        }
    };
}
