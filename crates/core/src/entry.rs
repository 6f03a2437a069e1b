//! What a swap PTE says, independent of any architecture: the swap type and the swap offset.

use crate::EntryError;

/// Number of bits of a swap type in the core of the kernel (`MAX_SWAPFILES_SHIFT`, `include/linux/swap.h`).
const TYPE_BITS: u32 = 5;

/// A swap type, 0..=31: the index of a swap file, or one of the numbers above the swap files that mean something else
/// (migration, device memory, hwpoison, PTE markers).
///
/// Mirrors what `swp_type()` returns (`include/linux/swapops.h`); the limit is `MAX_SWAPFILES_SHIFT` = 5 bits in
/// every kernel of the record, 5.10 to 7.2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct SwpType(u8);

impl SwpType {
    /// The largest swap type, 31.
    pub const MAX: Self = Self(31);

    /// # Errors
    /// [`EntryError::TypeOutOfRange`] above 31.
    #[inline]
    pub const fn new(value: u64) -> Result<Self, EntryError> {
        if value > Self::MAX.get() {
            return Err(EntryError::TypeOutOfRange { value, max: Self::MAX.get() });
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked above: at most 31")]
        Ok(Self(value as u8))
    }

    /// The number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0 as u64
    }
}

/// A swap offset, in pages from the start of the swap file; for entries that are no swap files, whatever the kernel
/// keeps there (a page frame number, marker flags).
///
/// The limit here, 59 bits, is that of [`SwpEntry`]; it is above that of every layout (the widest is 57 bits).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct SwpOffset(u64);

impl SwpOffset {
    /// The largest offset that a [`SwpEntry`] can hold, 2^59 - 1 pages.
    pub const MAX: Self = Self(u64::MAX >> TYPE_BITS);

    /// # Errors
    /// [`EntryError::OffsetOutOfRange`] above 2^59 - 1.
    #[inline]
    pub const fn new(value: u64) -> Result<Self, EntryError> {
        if value > Self::MAX.0 {
            return Err(EntryError::OffsetOutOfRange { value, max: Self::MAX.0 });
        }
        Ok(Self(value))
    }

    /// The number of pages.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A swap entry: a swap type and a swap offset in one word, as the kernel's `swp_entry_t`
/// (`include/linux/mm_types.h`).
///
/// The bits inside are this crate's own, 59 bits of offset above the type; see [`SwpEntry::index`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(transparent)]
pub struct SwpEntry(u64);

impl SwpEntry {
    /// The pair, as `swp_entry()` makes it, but without masking anything: both values are in range by their types.
    #[inline]
    #[must_use]
    pub const fn new(swp_type: SwpType, offset: SwpOffset) -> Self {
        Self(offset.0 << TYPE_BITS | swp_type.get())
    }

    /// The pair of two plain numbers.
    ///
    /// # Errors
    /// [`EntryError`] naming the field that is too large: a type above 31 or an offset above 2^59 - 1.
    #[inline]
    pub const fn from_parts(swp_type: u64, offset: u64) -> Result<Self, EntryError> {
        match (SwpType::new(swp_type), SwpOffset::new(offset)) {
            (Ok(swp_type), Ok(offset)) => Ok(Self::new(swp_type, offset)),
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// The entry of this number; the inverse of [`SwpEntry::index`]. Every number is one of an entry.
    #[inline]
    #[must_use]
    pub const fn from_index(index: u64) -> Self {
        Self(index)
    }

    /// The swap type, as `swp_type()`.
    #[inline]
    #[must_use]
    pub const fn swp_type(self) -> SwpType {
        #[expect(clippy::cast_possible_truncation, reason = "masked to the five bits that hold it")]
        SwpType((self.0 & SwpType::MAX.get()) as u8)
    }

    /// The swap offset, as `swp_offset()`.
    #[inline]
    #[must_use]
    pub const fn offset(self) -> SwpOffset {
        SwpOffset(self.0 >> TYPE_BITS)
    }

    /// The number of the entry in the order of offsets, and of types within an offset: `offset * 32 + type`.
    ///
    /// The entries of a layout have the numbers up to its largest offset's, so that an encoder asks with one
    /// comparison whether an entry is among them and is not the one at the edge that would read as none.
    #[inline]
    #[must_use]
    pub const fn index(self) -> u64 {
        self.0
    }
}

impl core::fmt::Debug for SwpEntry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SwpEntry(type {}, offset {:#x})", self.swp_type().get(), self.offset().get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_survive() {
        for swp_type in 0..=31 {
            for offset in [0, 1, 1 << 30, 1 << 58, SwpOffset::MAX.get()] {
                let entry = SwpEntry::from_parts(swp_type, offset).unwrap();
                assert_eq!((entry.swp_type().get(), entry.offset().get()), (swp_type, offset));
            }
        }
    }

    #[test]
    fn one_too_large_is_refused_with_field_value_and_limit() {
        assert_eq!(SwpEntry::from_parts(32, 0), Err(EntryError::TypeOutOfRange { value: 32, max: 31 }));
        let value = 1 << 59;
        assert_eq!(SwpEntry::from_parts(0, value), Err(EntryError::OffsetOutOfRange { value, max: value - 1 }));
        // A value whose low bits would be in range must not be cut down to them.
        assert_eq!(SwpType::new(1 << 32), Err(EntryError::TypeOutOfRange { value: 1 << 32, max: 31 }));
    }

    #[test]
    fn the_number_of_an_entry_is_its_offset_times_32_and_its_type() {
        extern crate std;
        let entry = SwpEntry::from_parts(3, 0x41).unwrap();
        assert_eq!((entry.index(), SwpEntry::from_index(0x41 * 32 + 3)), (0x41 * 32 + 3, entry));
        assert_eq!(std::format!("{entry:?}"), "SwpEntry(type 3, offset 0x41)");
    }
}
