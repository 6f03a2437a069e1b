//! What is the same in every backend, said once.

/// Makes a [`SwpPte`](crate::SwpPte) of a bit-field struct `Raw` and a constant `LAYOUT` that stand in the same module.
///
/// ```
/// # mod swap_pte {
/// use bitfield_struct::bitfield;
/// # use swp_pte::{Field, Layout, Memory, MemoryOrder, Pattern, Placement, Reserved, Variant};
/// # const VARIANT: Variant<'static> = Variant::new("toy", "toy", 32, 12, Memory::new(MemoryOrder::Little));
///
/// #[bitfield(u32, debug = false, new = false, default = false)]
/// struct Raw {
///     present: bool,
///     exclusive: bool,
///     #[bits(5)]
///     swp_type: u64,
///     #[bits(25)]
///     swp_offset: u64,
/// }
///
/// const LAYOUT: Layout<'static> = Layout::new(&VARIANT, Field::new(2, 5), Field::new(7, 25))
///     .with_exclusive(1, Placement::UnusedBit)
///     .with_present(&[Pattern::all_ones(1)])
///     .with_reserved(&[Reserved::new(1, "PRESENT", "the hardware would take the word for a mapping")]);
///
/// swp_pte::backend! {
///     pub struct Pte(Raw: u32), with exclusive;
///     none: |raw| raw.into_bits() == 0;
///     present: |raw| raw.present();
/// }
/// # }
/// # fn main() {}
/// ```
///
/// - Behind `with` stand the markers of the layout: `exclusive`, `soft_dirty`, `uffd_wp`, each a `bool` of `Raw`.
/// - `none` and `present` are the kernel's two predicates; `present` is asked only if the word is not none.
/// - `ones: |raw| …` sets the bits that are 1 in every swap PTE; without it there are none.
/// - `offset: inverted` where the offset is stored inverted; `offset: writes N bits` where the decoder reads more bits
///   than the encoder writes; `offset: inverted, writes N bits` where both hold.
/// - `type: keeps N bits` where the kernel's encoder drops the others of the five.
///
/// `Raw` has the fields `swp_type` and `swp_offset`, both read as `u64`. Where one is split in the word, `Raw` has these
/// accessors by hand, and the constants `SWP_TYPE_OFFSET`, `SWP_OFFSET_OFFSET` and `SWP_OFFSET_BITS` with them, which say the
/// lowest bit in the word, and how many there are. `with_swp_type` and `with_swp_offset` are called once on a word in which
/// the field is 0.
#[macro_export]
macro_rules! backend {
    (
        $(#[$attribute:meta])*
        pub struct $pte:ident($raw:ident: $bits:ident) $(, with $($marker:ident),+)?;
        $(ones: |$ones_raw:ident| $ones:expr;)?
        none: |$none_raw:ident| $none:expr;
        present: |$present_raw:ident| $present:expr;
        $(offset: $how:ident $($written:literal bits)? $(, writes $inverted_written:literal bits)?;)?
        $(type: keeps $kept:literal bits;)?
    ) => {
        $(#[$attribute])*
        /// A page-table word of this layout; see the [module](self) for the picture.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(transparent)]
        pub struct $pte($bits);

        impl $pte {
            /// This layout as data: the second statement of the same facts, held against the first by the conformance
            /// suite.
            pub const LAYOUT: $crate::Layout<'static> = LAYOUT;

            /// The largest swap offset that encodes, in pages.
            pub const MAX_OFFSET: u64 =
                (1 << $crate::backend!(@or $($($written)? $($inverted_written)?)?, $raw::SWP_OFFSET_BITS)) - 1;

            /// How many entries there are: types times offsets.
            const ENTRIES: u64 = (Self::MAX_OFFSET + 1) * 32;

            /// What the offset as it is read is added to, bit by bit, where it is stored inverted.
            const READ_INVERSION: u64 = $crate::backend!(@inversion $raw $($how)?);

            /// The part of it that an encoder writes.
            const INVERSION: u64 = Self::READ_INVERSION & Self::MAX_OFFSET;

            /// The part that no offset reaches: 1 in every swap PTE.
            const UNREACHED: u64 = Self::READ_INVERSION & !Self::MAX_OFFSET;

            /// The bits of a swap type that the word has no place for.
            const LOST_TYPE: u64 = 31 & !$crate::backend!(@kept $($kept)?);

            /// Whether the entry of index 0, as it is stored, reads as none.
            const FIRST_IS_NONE: bool = Self::pack(0).is_none();

            /// The bits of an index, as it is stored, that `pte_none()` ignores: an entry with no other bit set is none too.
            const IGNORED: u64 = {
                let (mut ignored, mut bit) = (0, 0);
                while bit < Self::ENTRIES.trailing_zeros() {
                    if Self::LOST_TYPE >> bit & 1 == 0 && Self::pack(1 << bit).is_none() {
                        ignored |= 1 << bit;
                    }
                    bit += 1;
                }
                ignored
            };

            /// Any word out of a page table; it need not be a swap PTE.
            #[inline]
            #[must_use]
            pub const fn from_bits(bits: $bits) -> Self {
                Self(bits)
            }

            /// The word.
            #[inline]
            #[must_use]
            pub const fn to_bits(self) -> $bits {
                self.0
            }

            #[inline]
            const fn raw(self) -> $raw {
                $raw::from_bits(self.0)
            }

            #[inline]
            const fn from_raw(raw: $raw) -> Self {
                Self(raw.into_bits())
            }

            #[inline]
            const fn is_none(self) -> bool {
                let $none_raw = self.raw();
                $none
            }

            #[inline]
            const fn is_present(self) -> bool {
                let $present_raw = self.raw();
                $present
            }

            /// `pte_none()`, `pte_present()`, or neither: a swap PTE.
            #[inline]
            #[must_use]
            pub const fn kind(self) -> $crate::PteKind {
                if self.is_none() {
                    $crate::PteKind::None
                } else if self.is_present() {
                    $crate::PteKind::Present
                } else {
                    $crate::PteKind::Swap
                }
            }

            /// The word of an entry that fits, by its index with the offset as it is stored.
            #[inline]
            const fn pack(index: u64) -> Self {
                let raw = $crate::backend!(@ones $raw::from_bits(0) $(, $ones_raw, $ones)?);
                // The masks change nothing, and show the compiler that the accessors cannot panic.
                let swp_type = index & 31 & !Self::LOST_TYPE;
                let offset = index >> 5 & Self::MAX_OFFSET | Self::UNREACHED;
                Self::from_raw(raw.with_swp_type(swp_type).with_swp_offset(offset))
            }

            /// The word for an entry, all markers clear: `swp_entry_to_pte()`.
            ///
            /// # Errors
            /// [`Unencodable`](swp_pte::Unencodable): an offset above [`MAX_OFFSET`](Self::MAX_OFFSET), the one entry, if
            /// any, whose word would read as none, or one that a kernel of this layout loses: it says why.
            #[inline]
            pub const fn encode(entry: $crate::SwpEntry) -> core::result::Result<Self, $crate::Unencodable<Self>> {
                let index = entry.index() ^ Self::INVERSION << 5;
                // One comparison for both errors, and so one branch: below the first entry the index wraps.
                let first = Self::FIRST_IS_NONE as u64;
                // Of a few old kernels only: what pte_none ignores is left out, and what is lost put beyond the last entry.
                let lost = (index & Self::LOST_TYPE) << (u64::BITS - 5);
                if (index & !Self::IGNORED | lost).wrapping_sub(first) >= Self::ENTRIES - first {
                    return Err($crate::Unencodable::new(entry));
                }
                Ok(Self::pack(index))
            }

            /// What the kernel's decoder reads in any word at all: `__swp_type()` and `__swp_offset()`, the latter in
            /// pages.
            #[inline]
            #[must_use]
            pub const fn fields(self) -> (u64, u64) {
                let raw = self.raw();
                (raw.swp_type(), raw.swp_offset() ^ Self::READ_INVERSION)
            }

            /// The entry in a word, whatever its markers: `pte_to_swp_entry()`.
            ///
            /// # Errors
            /// [`Undecodable`](swp_pte::Undecodable): a word that is none or present, or one whose fields no encoder can
            /// have written.
            #[inline]
            pub const fn decode(self) -> core::result::Result<$crate::SwpEntry, $crate::Undecodable<Self>> {
                let (swp_type, offset) = self.fields();
                // The last two are known not to be, but for fields that are read wider than they are written.
                if self.is_none() || self.is_present() || swp_type > 31 || offset > Self::MAX_OFFSET {
                    return Err($crate::Undecodable::new(self.0 as u64));
                }
                Ok($crate::SwpEntry::from_index(offset << 5 | swp_type))
            }
        }

        impl $crate::SwpPte for $pte {
            type Bits = $bits;

            const LAYOUT: $crate::Layout<'static> = LAYOUT;

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
            fn fields(self) -> (u64, u64) {
                self.fields()
            }

            #[inline]
            fn encode(entry: $crate::SwpEntry) -> core::result::Result<Self, $crate::Unencodable<Self>> {
                Self::encode(entry)
            }

            #[inline]
            fn decode(self) -> core::result::Result<$crate::SwpEntry, $crate::Undecodable<Self>> {
                self.decode()
            }

            #[inline]
            fn is_set_or_stub(self, flag: $crate::Flag) -> bool {
                match flag {
                    $($($crate::backend!(@flag $marker) => $crate::backend!(@is $marker self),)+)?
                    #[allow(unreachable_patterns, reason = "a layout with all three markers has no stub")]
                    _ => false,
                }
            }

            #[inline]
            fn set_or_stub(self, flag: $crate::Flag) -> Self {
                match flag {
                    $($($crate::backend!(@flag $marker) => $crate::backend!(@set $marker self),)+)?
                    #[allow(unreachable_patterns, reason = "a layout with all three markers has no stub")]
                    _ => self,
                }
            }

            #[inline]
            fn clear_or_stub(self, flag: $crate::Flag) -> Self {
                match flag {
                    $($($crate::backend!(@flag $marker) => $crate::backend!(@clear $marker self),)+)?
                    #[allow(unreachable_patterns, reason = "a layout with all three markers has no stub")]
                    _ => self,
                }
            }
        }

        $($($crate::backend!(@marker $marker $pte);)+)?

        impl From<$bits> for $pte {
            #[inline]
            fn from(bits: $bits) -> Self {
                Self(bits)
            }
        }

        impl From<$pte> for $bits {
            #[inline]
            fn from(pte: $pte) -> Self {
                pte.0
            }
        }

        impl core::fmt::LowerHex for $pte {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::LowerHex::fmt(&self.0, f)
            }
        }

        /// The word with its variant and the kernels of its layout: `arm64 6.10+ (0x41004)`.
        impl core::fmt::Debug for $pte {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{} {:#} ({:#x})", LAYOUT.source.variant, LAYOUT.source.kernels, self.0)
            }
        }

        // The two statements of the layout, as far as a compiler can compare them; the conformance suite does the rest.
        const _: () = {
            assert!(LAYOUT.check().is_ok(), "LAYOUT contradicts itself");
            assert!(LAYOUT.width == <$bits>::BITS, "LAYOUT has words of another width than Raw");
            assert!(LAYOUT.max_offset() == $pte::MAX_OFFSET, "LAYOUT has another largest offset than Raw");
            assert!(LAYOUT.lost_type == $pte::LOST_TYPE, "LAYOUT loses other bits of the type than are not kept");
            assert!(
                LAYOUT.ignored_by_none().count_ones() == $pte::IGNORED.count_ones(),
                "LAYOUT has another pte_none than Raw"
            );
            let type_bit = LAYOUT.swp_type.mask().trailing_zeros() as usize;
            assert!(type_bit == $raw::SWP_TYPE_OFFSET, "LAYOUT has the swap type elsewhere than Raw");
            let offset_bit = LAYOUT.swp_offset.mask().trailing_zeros() as usize;
            assert!(offset_bit == $raw::SWP_OFFSET_OFFSET, "LAYOUT has the swap offset elsewhere than Raw");
            $($($crate::backend!(@agrees $marker $pte);)+)?
            let markers: &[$crate::Flag] = &[$($($crate::backend!(@flag $marker)),+)?];
            let mut i = 0;
            while i < $crate::Flag::ALL.len() {
                let declared = LAYOUT.flag_mask($crate::Flag::ALL[i]);
                let mut found = 0;
                let mut j = 0;
                while j < markers.len() {
                    if markers[j] as u8 == $crate::Flag::ALL[i] as u8 {
                        found |= declared;
                    }
                    j += 1;
                }
                assert!(found == declared, "LAYOUT has a marker that does not stand behind `with`");
                i += 1;
            }
        };
    };

    (@or , $second:expr) => { $second };
    (@or $first:expr, $second:expr) => { $first };
    (@kept) => { 31 };
    (@kept $kept:literal) => { ((1 << $kept) - 1) };
    (@inversion $raw:ident) => { 0 };
    (@inversion $raw:ident inverted) => { (1 << $raw::SWP_OFFSET_BITS) - 1 };
    (@inversion $raw:ident writes) => { 0 };
    (@inversion $raw:ident $other:ident) => {
        compile_error!("`offset:` is `inverted`, or `writes N bits`, or `inverted, writes N bits`")
    };
    (@ones $zero:expr) => { $zero };
    (@ones $zero:expr, $raw:ident, $ones:expr) => {{
        let $raw = $zero;
        $ones
    }};

    (@flag exclusive) => { $crate::Flag::Exclusive };
    (@is exclusive $pte:ident) => { $pte.is_exclusive() };
    (@set exclusive $pte:ident) => { $pte.mk_exclusive() };
    (@clear exclusive $pte:ident) => { $pte.clear_exclusive() };
    (@marker exclusive $pte:ident) => {
        $crate::backend!(@functions $pte, Exclusive, exclusive, with_exclusive, "the exclusive marker",
            is_exclusive "`pte_swp_exclusive()`", mk_exclusive "`pte_swp_mkexclusive()`", clear_exclusive "`pte_swp_clear_exclusive()`");
    };
    (@agrees exclusive $pte:ident) => {
        let bit = $pte(0).mk_exclusive().0 as u64;
        assert!(LAYOUT.flag_mask($crate::Flag::Exclusive) == bit, "LAYOUT has the exclusive marker elsewhere than Raw");
    };

    (@flag soft_dirty) => { $crate::Flag::SoftDirty };
    (@is soft_dirty $pte:ident) => { $pte.is_soft_dirty() };
    (@set soft_dirty $pte:ident) => { $pte.mk_soft_dirty() };
    (@clear soft_dirty $pte:ident) => { $pte.clear_soft_dirty() };
    (@marker soft_dirty $pte:ident) => {
        $crate::backend!(@functions $pte, SoftDirty, soft_dirty, with_soft_dirty, "soft-dirty",
            is_soft_dirty "`pte_swp_soft_dirty()`", mk_soft_dirty "`pte_swp_mksoft_dirty()`", clear_soft_dirty "`pte_swp_clear_soft_dirty()`");
    };
    (@agrees soft_dirty $pte:ident) => {
        let bit = $pte(0).mk_soft_dirty().0 as u64;
        assert!(LAYOUT.flag_mask($crate::Flag::SoftDirty) == bit, "LAYOUT has soft-dirty elsewhere than Raw");
    };

    (@flag uffd_wp) => { $crate::Flag::UffdWp };
    (@is uffd_wp $pte:ident) => { $pte.is_uffd_wp() };
    (@set uffd_wp $pte:ident) => { $pte.mk_uffd_wp() };
    (@clear uffd_wp $pte:ident) => { $pte.clear_uffd_wp() };
    (@marker uffd_wp $pte:ident) => {
        $crate::backend!(@functions $pte, UffdWp, uffd_wp, with_uffd_wp, "uffd-wp",
            is_uffd_wp "`pte_swp_uffd_wp()`", mk_uffd_wp "`pte_swp_mkuffd_wp()`", clear_uffd_wp "`pte_swp_clear_uffd_wp()`");
    };
    (@agrees uffd_wp $pte:ident) => {
        let bit = $pte(0).mk_uffd_wp().0 as u64;
        assert!(LAYOUT.flag_mask($crate::Flag::UffdWp) == bit, "LAYOUT has uffd-wp elsewhere than Raw");
    };

    (@functions $pte:ident, $marker:ident, $field:ident, $with:ident, $what:literal, $is:ident $is_doc:literal,
        $mk:ident $mk_doc:literal, $clear:ident $clear_doc:literal) => {
        impl $pte {
            #[doc = concat!("Whether ", $what, " is set: ", $is_doc, ".")]
            #[inline]
            #[must_use]
            pub const fn $is(self) -> bool {
                self.raw().$field()
            }

            #[doc = concat!("The word with ", $what, " set: ", $mk_doc, ".")]
            #[inline]
            #[must_use]
            pub const fn $mk(self) -> Self {
                Self::from_raw(self.raw().$with(true))
            }

            #[doc = concat!("The word with ", $what, " clear: ", $clear_doc, ".")]
            #[inline]
            #[must_use]
            pub const fn $clear(self) -> Self {
                Self::from_raw(self.raw().$with(false))
            }
        }

        impl $crate::$marker for $pte {
            #[inline]
            fn $is(self) -> bool {
                self.$is()
            }

            #[inline]
            fn $mk(self) -> Self {
                self.$mk()
            }

            #[inline]
            fn $clear(self) -> Self {
                self.$clear()
            }
        }
    };

    // Arms for any marker's name stand last, so that the three above are tried first.
    (@flag $other:ident) => {
        compile_error!(concat!("`", stringify!($other), "` is no marker: there are exclusive, soft_dirty and uffd_wp"))
    };
    (@$part:ident $other:ident $pte:ident) => {};
    ($($anything:tt)*) => {
        compile_error!(
            "a backend is: `pub struct Pte(Raw: u64), with exclusive, soft_dirty, uffd_wp;`, then `ones: |raw| …;` where \
             bits are always 1, `none: |raw| …;`, `present: |raw| …;`, and `offset: …;` where it is not stored as it is, \
             `type: keeps N bits;` where some are dropped, in this order"
        );
    };
}
