//! What the AND and the OR of some words tell about all of them.

use swp_pte::{Pattern, SwpPte};

use crate::bytes::{Order, WordBytes};
use crate::masks::Masks;
use crate::summary::Range;

/// AND and OR of some words: where the two agree, all words do.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) all: u64,
    pub(crate) any: u64,
}

impl Bounds {
    /// Written for vectors, since compilers unroll such a loop into scalar code; neither AND nor OR minds the byte order.
    #[inline(always)]
    pub(crate) fn of<W: WordBytes, O: Order, S: pulp::Simd>(simd: S, block: &[W]) -> Self {
        let (vectors, rest) = S::as_simd_u8s(W::join(block));
        let (mut alls, mut anys) = (simd.splat_u8s(0xff), simd.splat_u8s(0));
        for vector in vectors {
            alls = simd.and_u8s(alls, *vector);
            anys = simd.or_u8s(anys, *vector);
        }
        let words = |bytes| W::split(bytes).0.iter().map(|word| word.number::<O>());
        Self {
            all: words(bytemuck::bytes_of(&alls)).chain(words(rest)).fold(u64::MAX, |all, word| all & word),
            any: words(bytemuck::bytes_of(&anys)).chain(words(rest)).fold(0, |any, word| any | word),
        }
    }

    #[inline(always)]
    pub(crate) const fn varying(self) -> u64 {
        self.all ^ self.any
    }

    /// Whether every word matches.
    #[inline(always)]
    pub(crate) const fn all_match(self, pattern: Pattern) -> bool {
        pattern.matches(self.all) && pattern.matches(self.any)
    }

    /// Whether there is a bit by which no word matches.
    #[inline(always)]
    pub(crate) const fn none_matches(self, pattern: Pattern) -> bool {
        (self.all & !pattern.value | !self.any & pattern.value) & pattern.mask != 0
    }

    /// Whether every word is present, as far as can be told.
    #[inline(always)]
    pub(crate) fn all_present<P: SwpPte>(self) -> bool {
        self.none_matches(Masks::<P>::NONE) && Masks::<P>::PRESENT.into_iter().any(|pattern| self.all_match(pattern))
    }

    /// Whether no word is present, as far as can be told.
    #[inline(always)]
    pub(crate) fn none_present<P: SwpPte>(self) -> bool {
        Masks::<P>::PRESENT.into_iter().all(|pattern| self.none_matches(pattern) || pattern.mask == 0)
    }

    /// The stray bits of all words together, if all are swap PTEs: any bit that is set and should not be, or the other way
    /// round.
    #[inline(always)]
    pub(crate) const fn stray_bits<P: SwpPte>(self) -> u64 {
        Masks::<P>::stray(self.all) | Masks::<P>::stray(self.any)
    }

    /// Whether any word has stray bits, if all are swap PTEs.
    #[inline(always)]
    pub(crate) const fn stray<P: SwpPte>(self) -> bool {
        self.stray_bits::<P>() != 0
    }

    /// A range that has all offsets in it.
    #[inline(always)]
    pub(crate) fn offsets<P: SwpPte>(self) -> Range {
        let (one, other) = (Masks::<P>::offset(self.all), Masks::<P>::offset(self.any));
        // A field that is stored inverted has them the other way round.
        Range { min: one.min(other), max: one.max(other) }
    }
}

/// The numbers of the bits that are 1, from 0 up.
#[inline(always)]
pub(crate) fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        lowest
    })
}
