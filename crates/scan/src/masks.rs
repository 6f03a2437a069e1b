//! What a loop needs of a layout, as constants of its own: the layout itself is too large for the compiler to see
//! through in every turn.

use core::marker::PhantomData;

use swp_pte::{Flag, Pattern, SwpPte};

/// The masks of a backend's layout.
pub(crate) struct Masks<P>(PhantomData<P>);

impl<P: SwpPte> Masks<P> {
    const UNCLAIMED: u64 = P::LAYOUT.stray(u64::MAX);
    const ALWAYS_ONE: u64 = P::LAYOUT.always_one;

    /// The bit of each marker, by [`Flag`]; 0 where the layout does not have it.
    pub(crate) const FLAGS: [u64; Flag::ALL.len()] =
        [P::LAYOUT.flag_mask(Flag::Exclusive), P::LAYOUT.flag_mask(Flag::SoftDirty), P::LAYOUT.flag_mask(Flag::UffdWp)];

    /// `pte_none()`, within the word.
    pub(crate) const NONE: Pattern = Pattern {
        mask: P::LAYOUT.none.mask & P::LAYOUT.word_mask(),
        value: P::LAYOUT.none.value & P::LAYOUT.word_mask(),
    };

    const TYPE: Gather = Gather::new(P::LAYOUT.swp_type.mask(), P::LAYOUT.swp_type.is_inverted());
    const OFFSET: Gather = Gather::new(P::LAYOUT.swp_offset.mask(), P::LAYOUT.swp_offset.is_inverted());

    /// How many bits an offset has.
    pub(crate) const OFFSET_WIDTH: u32 = Self::OFFSET.mask.count_ones();

    /// The bits of the type.
    pub(crate) const TYPE_BITS: u64 = Self::TYPE.mask;

    #[inline(always)]
    pub(crate) const fn swp_type(word: u64) -> u64 {
        Self::TYPE.of(word)
    }
    #[inline(always)]
    pub(crate) const fn offset(word: u64) -> u64 {
        Self::OFFSET.of(word)
    }

    /// Whether the word is none.
    #[inline(always)]
    pub(crate) const fn is_none(word: u64) -> bool {
        Self::NONE.matches(word)
    }

    /// `pte_present()`, and patterns that match nothing to fill up.
    pub(crate) const PRESENT: [Pattern; 4] = {
        let mut patterns = [Pattern { mask: 0, value: 1 }; 4];
        let mut i = 0;
        while i < P::LAYOUT.present.len() {
            patterns[i] = P::LAYOUT.present[i];
            i += 1;
        }
        patterns
    };
    #[inline(always)]
    pub(crate) const fn matches_present(word: u64) -> bool {
        let [a, b, c, d] = Self::PRESENT;
        a.matches(word) | b.matches(word) | c.matches(word) | d.matches(word)
    }

    /// [`Layout::stray`](swp_pte::Layout::stray).
    #[inline(always)]
    pub(crate) const fn stray(word: u64) -> u64 {
        word & Self::UNCLAIMED | !word & Self::ALWAYS_ONE
    }
}

#[derive(Clone, Copy)]
struct Gather {
    mask: u64,
    invert: u64,
    shift: u32,
}
impl Gather {
    const fn new(mask: u64, inverted: bool) -> Self {
        // A field in several runs would need as many shifts; no layout has one.
        assert!((mask >> mask.trailing_zeros()).count_ones() == (mask >> mask.trailing_zeros()).trailing_ones());
        Self { mask, invert: if inverted { mask } else { 0 }, shift: mask.trailing_zeros() }
    }
    #[inline(always)]
    const fn of(self, word: u64) -> u64 {
        ((word ^ self.invert) & self.mask) >> self.shift
    }
}
