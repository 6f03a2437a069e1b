//! ppc 85xx (e500) with 32-bit words before the exclusive marker. The manual counts bits from the other end: its bit
//! n is bit 31 - n here.
#![doc = include_str!("until_6_2.md")]

use bitfield_struct::bitfield;
use static_assertions::{assert_eq_size, assert_impl_all, const_assert_eq};
use swp_pte::{
    ByteOrder, DecodeError, EncodeError, Field, KernelRange, KernelVersion, Layout, Pattern, PteKind, Reserved, Source,
    SwpEntry,
};

/// The word, from bit 0 up. Without `inline`, other crates would call each accessor.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    #[bits(2)]
    __: u8,
    /// 3..=7: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 8..=31: the swap offset, in pages
    #[inline]
    #[bits(24)]
    swp_offset: u64,
}

/// A page-table word of this layout; see the [module](self) for the picture.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Pte(u32);

impl Pte {
    /// This layout as data: the second statement of the same facts, held against the first by the conformance suite.
    pub const LAYOUT: Layout = Layout {
        source: Source {
            arch: "ppc",
            variant: "ppc-nohash32-85xx",
            kernels: KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(6, 2)),
            measured: &[KernelVersion::new(5, 10), KernelVersion::new(6, 1)],
            header: "arch/powerpc/include/asm/nohash/32/pgtable.h",
            symbols: "__swp_type, __swp_offset, __swp_entry, __pte_to_swp_entry",
            since: "older than the record, which begins at 5.10",
        },
        width: 32,
        page_shift: 12,
        memory_order: ByteOrder::Big,
        swp_type: Field::new(3, 5),
        swp_offset: Field::new(8, 24),
        exclusive: None,
        soft_dirty: None,
        uffd_wp: None,
        always_one: 0,
        none: Pattern::exactly(0, 0),
        present: &[Pattern::all_ones(1 << 0)],
        reserved: &[Reserved { bits: 1 << 0, name: "_PAGE_PRESENT", reason: "pte_present tests it" }],
    };

    /// The largest swap offset that encodes, in pages.
    pub const MAX_OFFSET: u64 = (1 << Raw::SWP_OFFSET_BITS) - 1;

    /// How many entries there are: types times offsets.
    const ENTRIES: u64 = 32 << Raw::SWP_OFFSET_BITS;

    /// Any word out of a page table; it need not be a swap PTE.
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The word.
    #[inline]
    #[must_use]
    pub const fn to_bits(self) -> u32 {
        self.0
    }

    #[inline]
    const fn raw(self) -> Raw {
        Raw::from_bits(self.0)
    }

    #[inline]
    const fn from_raw(raw: Raw) -> Self {
        Self(raw.into_bits())
    }

    /// `pte_none()`, `pte_present()`, or neither: a swap PTE.
    #[inline]
    #[must_use]
    pub const fn kind(self) -> PteKind {
        if self.0 == 0 {
            PteKind::None
        } else if self.raw().present() {
            PteKind::Present
        } else {
            PteKind::Swap
        }
    }

    /// The word for an entry, all markers clear: `swp_entry_to_pte()`.
    ///
    /// # Errors
    /// [`EncodeError::OffsetOutOfRange`] above [`Pte::MAX_OFFSET`]; [`EncodeError::EncodesToNone`] for the entry of the empty word.
    #[inline]
    pub const fn encode(entry: SwpEntry) -> Result<Self, EncodeError> {
        let (swp_type, offset) = (entry.swp_type().get(), entry.offset().get());
        // Type 0, offset 0 is the empty word; below it the index wraps, so that one comparison refuses both.
        if entry.index().wrapping_sub(1) >= Self::ENTRIES - 1 {
            return Err(EncodeError::refused(entry, Self::MAX_OFFSET));
        }
        // The mask changes nothing any more, and shows a 32-bit machine's compiler that the accessor cannot panic.
        let raw = Raw::from_bits(0).with_swp_type(swp_type).with_swp_offset(offset & Self::MAX_OFFSET);
        Ok(Self::from_raw(raw))
    }

    /// The entry in a word, whatever its markers: `pte_to_swp_entry()`.
    ///
    /// # Errors
    /// [`DecodeError::None`] or [`DecodeError::Present`] for a word that is no swap PTE.
    #[inline]
    pub const fn decode(self) -> Result<SwpEntry, DecodeError> {
        match self.kind() {
            PteKind::None => return Err(DecodeError::None { word: self.0 as u64 }),
            PteKind::Present => return Err(DecodeError::Present { word: self.0 as u64 }),
            PteKind::Swap => {}
        }
        let raw = self.raw();
        match SwpEntry::from_parts(raw.swp_type(), raw.swp_offset()) {
            Ok(entry) => Ok(entry),
            Err(error) => Err(DecodeError::from_entry(error)),
        }
    }

    /// Always false: these kernels have no marker, and no page was remembered as exclusive.
    #[inline]
    #[must_use]
    pub const fn is_exclusive(self) -> bool {
        false
    }

    /// The word unchanged: these kernels have no marker.
    #[inline]
    #[must_use]
    pub const fn mk_exclusive(self) -> Self {
        self
    }

    /// The word unchanged: these kernels have no marker.
    #[inline]
    #[must_use]
    pub const fn clear_exclusive(self) -> Self {
        self
    }
}

swp_pte::impl_swp_pte!(Pte, u32);

assert_eq_size!(Pte, u32);
assert_impl_all!(Pte: Copy, Eq, Send, Sync);
const _: () = assert!(Pte::LAYOUT.check().is_ok(), "the layout contradicts itself");
// The two statements of the layout agree about what is where.
const_assert_eq!(Pte::LAYOUT.max_offset(), Pte::MAX_OFFSET);
const_assert_eq!(Pte::LAYOUT.swp_type.mask().trailing_zeros() as usize, Raw::SWP_TYPE_OFFSET);
const_assert_eq!(Pte::LAYOUT.swp_offset.mask().trailing_zeros() as usize, Raw::SWP_OFFSET_OFFSET);
// Type and offset share no bit; a marker is outside both and outside every reserved bit.
const_assert_eq!(Pte::LAYOUT.swp_type.mask() & Pte::LAYOUT.swp_offset.mask(), 0);
