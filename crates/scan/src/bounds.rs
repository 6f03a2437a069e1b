//! What the AND and the OR of some words tell about all of them.

use swp_pte::Pattern;

use crate::bytes::{Order, WordBytes};
use crate::masks::{Masks, Shape};
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
        // A processor without vectors that are known here has a byte for one, which holds no word.
        if size_of::<S::u8s>() < size_of::<W>() {
            let numbers = || block.iter().map(|word| word.number::<O>());
            return Self {
                all: numbers().fold(u64::MAX, |all, word| all & word),
                any: numbers().fold(0, |any, word| any | word),
            };
        }
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
    pub(crate) fn all_present<H: Shape>(self, masks: &Masks<H>) -> bool {
        let present =
            self.all & masks.present_bits != 0 || masks.patterns().iter().any(|pattern| self.all_match(*pattern));
        present && self.none_matches(masks.none)
    }

    /// Whether no word is present, as far as can be told.
    #[inline(always)]
    pub(crate) fn none_present<H: Shape>(self, masks: &Masks<H>) -> bool {
        let absent = |pattern: &Pattern| self.none_matches(*pattern) || pattern.mask == 0;
        self.any & masks.present_bits == 0 && masks.patterns().iter().all(absent)
    }

    /// The stray bits of all words together, if all are swap PTEs: any bit that is set and should not be, or the other way
    /// round.
    #[inline(always)]
    pub(crate) const fn stray_bits<H: Shape>(self, masks: &Masks<H>) -> u64 {
        masks.stray(self.all) | masks.stray(self.any)
    }

    /// Whether any word has stray bits, if all are swap PTEs.
    #[inline(always)]
    pub(crate) const fn stray<H: Shape>(self, masks: &Masks<H>) -> bool {
        self.stray_bits(masks) != 0
    }

    /// A range that has all offsets in it.
    #[inline(always)]
    pub(crate) fn offsets<H: Shape>(self, masks: &Masks<H>) -> Range {
        let (one, other) = (masks.offset(self.all), masks.offset(self.any));
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

#[cfg(test)]
mod tests {
    use super::Bounds;
    use crate::bytes::{Big, Little, Order};

    /// With every vector that this machine has, and with none, as on machines whose vectors are not known here.
    fn check<O: Order>(words: &[[u8; 8]], expected: (u64, u64)) {
        struct OfVectors<'a, O>(&'a [[u8; 8]], core::marker::PhantomData<O>);
        impl<O: Order> pulp::WithSimd for OfVectors<'_, O> {
            type Output = Bounds;

            fn with_simd<S: pulp::Simd>(self, simd: S) -> Bounds {
                Bounds::of::<_, O, S>(simd, self.0)
            }
        }
        let vectors = pulp::Arch::new().dispatch(OfVectors::<O>(words, core::marker::PhantomData));
        let scalar = Bounds::of::<_, O, _>(pulp::Scalar::new(), words);
        for found in [vectors, scalar] {
            assert_eq!((found.all, found.any), expected);
        }
    }

    #[test]
    fn bounds_are_those_of_all_words_with_and_without_vectors() {
        let words: Vec<u64> = (1..=67).map(|i| 0xf000_0000_0000_0100 | i << 12).collect();
        let fold = |words: &[u64]| {
            (words.iter().fold(u64::MAX, |all, word| all & word), words.iter().fold(0, |any, word| any | word))
        };
        for count in [1, 2, 7, 64, 67] {
            let words = &words[..count];
            let little: Vec<_> = words.iter().map(|word| word.to_le_bytes()).collect();
            let big: Vec<_> = words.iter().map(|word| word.to_be_bytes()).collect();
            check::<Little>(&little, fold(words));
            check::<Big>(&big, fold(words));
        }
    }
}
