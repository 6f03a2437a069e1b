//! ppc book3s64 with 4K pages before the exclusive marker: soft-dirty stands in bit 5. The manual counts bits from
//! the other end: its bit n is bit 63 - n here.
#![doc = include_str!("until_5_18.md")]

use bitfield_struct::bitfield;
use static_assertions::{assert_eq_size, assert_impl_all, const_assert_eq};
use swp_pte::{
    ByteOrder, DecodeError, EncodeError, Field, Flag, KernelRange, KernelVersion, Layout, Pattern, PteKind, Reserved,
    Source, SwpEntry,
};

/// The word, from bit 0 up. Without `inline`, other crates would call each accessor.
#[bitfield(u64, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=4: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 5: written since tracking was last cleared
    #[inline]
    soft_dirty: bool,
    #[bits(1)]
    __: u8,
    /// 7..=8: `_PAGE_DIRTY` and `_PAGE_ACCESSED`, ignored by `radix__pte_none`
    #[inline]
    #[bits(2)]
    referenced_changed: u8,
    #[bits(3)]
    ___: u8,
    /// 12..=52: the swap offset, in pages
    #[inline]
    #[bits(41)]
    swp_offset: u64,
    #[bits(8)]
    ____: u8,
    /// 61: `_PAGE_INVALID`, zero
    #[inline]
    invalid: bool,
    /// 62: `_PAGE_PTE`, one
    #[inline]
    leaf: bool,
    /// 63: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
}

/// A page-table word of this layout; see the [module](self) for the picture.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Pte(u64);

impl Pte {
    /// This layout as data: the second statement of the same facts, held against the first by the conformance suite.
    pub const LAYOUT: Layout = Layout {
        source: Source {
            arch: "ppc",
            variant: "ppc-book3s64-4k",
            kernels: KernelRange::between(KernelVersion::new(5, 10), KernelVersion::new(5, 18)),
            measured: &[KernelVersion::new(5, 10)],
            header: "arch/powerpc/include/asm/book3s/64/pgtable.h",
            symbols: "SWP_TYPE_BITS, __swp_entry, __swp_offset, PTE_RPN_MASK, _PAGE_SWP_*",
            since: "older than the record, which begins at 5.10",
        },
        width: 64,
        page_shift: 12,
        memory_order: ByteOrder::Big,
        swp_type: Field::new(0, 5),
        swp_offset: Field::new(12, 41),
        exclusive: None,
        soft_dirty: Some(5),
        uffd_wp: None,
        always_one: 1 << 62,
        none: Pattern::exactly(0, 0x180),
        present: &[Pattern::all_ones(0xc000_0000_0000_0000), Pattern::all_ones(0x6000_0000_0000_0000)],
        reserved: &[
            Reserved {
                bits: 1 << 6,
                name: "H_PAGE_BUSY",
                reason: "of _PAGE_HPTEFLAGS, which the hash code filters whenever a PTE is set; hash__pte_update waits until it is clear",
            },
            Reserved {
                bits: 0x180,
                name: "_PAGE_DIRTY, _PAGE_ACCESSED",
                reason: "radix__pte_none ignores them (RADIX_PTE_NONE_MASK)",
            },
            Reserved {
                bits: 0xe0_0000_0000_0000,
                name: "H_PAGE_F_GIX",
                reason: "of _PAGE_HPTEFLAGS: the slot in the hash group",
            },
            Reserved {
                bits: 1 << 56,
                name: "H_PAGE_F_SECOND",
                reason: "of _PAGE_HPTEFLAGS: in the secondary hash group",
            },
            Reserved {
                bits: 1 << 60,
                name: "H_PAGE_HASHPTE",
                reason: "of _PAGE_HPTEFLAGS: the entry is in the hash table",
            },
            Reserved {
                bits: 1 << 61,
                name: "_PAGE_INVALID",
                reason: "together with _PAGE_PTE it makes the entry present: invalidated for an update",
            },
            Reserved { bits: 1 << 62, name: "_PAGE_PTE", reason: "tells a leaf from a pointer to a table" },
            Reserved { bits: 1 << 63, name: "_PAGE_PRESENT", reason: "the hardware would take the word for a mapping" },
        ],
    };

    /// The largest swap offset that encodes, in pages.
    pub const MAX_OFFSET: u64 = (1 << Raw::SWP_OFFSET_BITS) - 1;

    /// How many entries there are: types times offsets.
    const ENTRIES: u64 = 32 << Raw::SWP_OFFSET_BITS;

    /// Any word out of a page table; it need not be a swap PTE.
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The word.
    #[inline]
    #[must_use]
    pub const fn to_bits(self) -> u64 {
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
        let raw = self.raw();
        if raw.with_referenced_changed(0).into_bits() == 0 {
            PteKind::None
        } else if raw.leaf() & (raw.present() | raw.invalid()) {
            PteKind::Present
        } else {
            PteKind::Swap
        }
    }

    /// The word for an entry, all markers clear: `swp_entry_to_pte()`.
    ///
    /// # Errors
    /// [`EncodeError::OffsetOutOfRange`] above [`Pte::MAX_OFFSET`].
    #[inline]
    pub const fn encode(entry: SwpEntry) -> Result<Self, EncodeError> {
        let (swp_type, offset) = (entry.swp_type().get(), entry.offset().get());
        if entry.index() >= Self::ENTRIES {
            return Err(EncodeError::refused(entry, Self::MAX_OFFSET));
        }
        let raw = Raw::from_bits(0).with_leaf(true).with_swp_type(swp_type).with_swp_offset(offset);
        Ok(Self::from_raw(raw))
    }

    /// The entry in a word, whatever its markers: `pte_to_swp_entry()`.
    ///
    /// # Errors
    /// [`DecodeError::None`] or [`DecodeError::Present`] for a word that is no swap PTE.
    #[inline]
    pub const fn decode(self) -> Result<SwpEntry, DecodeError> {
        match self.kind() {
            PteKind::None => return Err(DecodeError::None { word: self.0 }),
            PteKind::Present => return Err(DecodeError::Present { word: self.0 }),
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

    /// `pte_swp_soft_dirty()`.
    #[inline]
    #[must_use]
    pub const fn is_soft_dirty(self) -> bool {
        self.raw().soft_dirty()
    }

    /// `pte_swp_mksoft_dirty()`.
    #[inline]
    #[must_use]
    pub const fn mk_soft_dirty(self) -> Self {
        Self::from_raw(self.raw().with_soft_dirty(true))
    }

    /// `pte_swp_clear_soft_dirty()`.
    #[inline]
    #[must_use]
    pub const fn clear_soft_dirty(self) -> Self {
        Self::from_raw(self.raw().with_soft_dirty(false))
    }
}

swp_pte::impl_swp_pte!(Pte, u64, SoftDirty);

assert_eq_size!(Pte, u64);
assert_impl_all!(Pte: Copy, Eq, Send, Sync);
const _: () = assert!(Pte::LAYOUT.check().is_ok(), "the layout contradicts itself");
// The two statements of the layout agree about what is where.
const_assert_eq!(Pte::LAYOUT.max_offset(), Pte::MAX_OFFSET);
const_assert_eq!(Pte::LAYOUT.swp_type.mask().trailing_zeros() as usize, Raw::SWP_TYPE_OFFSET);
const_assert_eq!(Pte::LAYOUT.swp_offset.mask().trailing_zeros() as usize, Raw::SWP_OFFSET_OFFSET);
const_assert_eq!(Pte::LAYOUT.flag_mask(Flag::SoftDirty), 1 << Raw::SOFT_DIRTY_OFFSET);
// Type and offset share no bit; a marker is outside both and outside every reserved bit.
const_assert_eq!(Pte::LAYOUT.swp_type.mask() & Pte::LAYOUT.swp_offset.mask(), 0);
const_assert_eq!(Pte::LAYOUT.flag_mask(Flag::SoftDirty) & Pte::LAYOUT.taken_mask(), 0);
