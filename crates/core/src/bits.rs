//! The machine words that a page-table entry can be: `u32` and `u64`, and nothing else.

use core::fmt::{Debug, LowerHex};
use core::hash::Hash;

mod sealed {
    pub trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u64 {}
}

/// The machine word of a page-table entry, in native byte order.
///
/// Byte order belongs to whoever reads memory; see [`crate::Memory`].
pub trait PteBits:
    sealed::Sealed + Copy + Eq + Ord + Hash + Debug + LowerHex + Into<u64> + Send + Sync + 'static
{
    /// Number of bits in the word: 32 or 64.
    const BITS: u32;

    /// The word with the value of `word`, or `None` if it does not fit.
    fn try_from_u64(word: u64) -> Option<Self>;
}

impl PteBits for u32 {
    const BITS: u32 = Self::BITS;

    #[inline]
    fn try_from_u64(word: u64) -> Option<Self> {
        Self::try_from(word).ok()
    }
}

impl PteBits for u64 {
    const BITS: u32 = Self::BITS;

    #[inline]
    fn try_from_u64(word: u64) -> Option<Self> {
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::PteBits;

    #[test]
    fn a_number_becomes_a_word_if_it_fits() {
        assert_eq!([0x1234, 0xffff_ffff].map(u32::try_from_u64), [Some(0x1234), Some(u32::MAX)]);
        assert_eq!(u32::try_from_u64(1 << 32), None);
        assert_eq!(u64::try_from_u64(1 << 32), Some(1 << 32));
        assert_eq!((<u32 as PteBits>::BITS, <u64 as PteBits>::BITS), (32, 64));
    }
}
