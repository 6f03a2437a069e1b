//! What a loop needs of a layout, as constants of its own: the layout itself is too large for the compiler to see
//! through in every turn.

use core::marker::PhantomData;

use swp_pte::{Field, Flag, Pattern, SwpPte};

/// The masks of a backend's layout.
pub(crate) struct Masks<P>(PhantomData<P>);

impl<P: SwpPte> Masks<P> {
    const UNCLAIMED: u64 = P::LAYOUT.stray(u64::MAX);
    const ALWAYS_ONE: u64 = P::LAYOUT.ones();

    /// The bit of each marker, by [`Flag`]; 0 where the layout does not have it.
    pub(crate) const FLAGS: [u64; Flag::ALL.len()] =
        [P::LAYOUT.flag_mask(Flag::Exclusive), P::LAYOUT.flag_mask(Flag::SoftDirty), P::LAYOUT.flag_mask(Flag::UffdWp)];

    /// `pte_none()`, within the word.
    pub(crate) const NONE: Pattern = Pattern {
        mask: P::LAYOUT.none.mask & P::LAYOUT.word_mask(),
        value: P::LAYOUT.none.value & P::LAYOUT.word_mask(),
    };

    const TYPE: Gather = Gather::new(P::LAYOUT.swp_type);
    const OFFSET: Gather = Gather::new(P::LAYOUT.swp_offset);

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

/// A field, taken out of a word: of one run with one shift, of several with one for each.
#[derive(Clone, Copy)]
struct Gather {
    mask: u64,
    invert: u64,
    parts: [Part; Field::MAX_RUNS],
}

/// The bits of a run, and the shifts that bring them to their place in the value, of which one is 0.
#[derive(Clone, Copy)]
struct Part {
    mask: u64,
    right: u32,
    left: u32,
}

impl Gather {
    const fn new(field: Field) -> Self {
        let runs = field.parts();
        let mut parts = [Part { mask: 0, right: 0, left: 0 }; Field::MAX_RUNS];
        let mut i = 0;
        while i < runs.len() {
            if let (len @ 1.., bit, value_bit) = (runs[i].len, runs[i].bit, runs[i].value_bit) {
                let mask = (u64::MAX >> (u64::BITS - len)) << bit;
                parts[i] = Part { mask, right: bit.saturating_sub(value_bit), left: value_bit.saturating_sub(bit) };
            }
            i += 1;
        }
        Self { mask: field.mask(), invert: if field.is_inverted() { field.mask() } else { 0 }, parts }
    }

    /// What is known when this is compiled, the runs that are not there among it, is nothing in the loop.
    #[inline(always)]
    const fn of(self, word: u64) -> u64 {
        let word = word ^ self.invert;
        let [a, b, c, d] = self.parts;
        a.of(word) | b.of(word) | c.of(word) | d.of(word)
    }
}

impl Part {
    #[inline(always)]
    const fn of(self, word: u64) -> u64 {
        ((word & self.mask) >> self.right) << self.left
    }
}

#[cfg(test)]
mod tests {
    use super::Gather;
    use swp_pte::{Field, Run};
    use swp_pte_atlas::ROWS;

    /// As the layouts' own reading of a word, which takes no account of speed.
    #[test]
    fn a_field_is_gathered_as_the_layout_reads_it() {
        let run = |bit, len, value_bit| Run { bit, len, value_bit };
        let scattered = Field::split([run(16, 15, 0), run(13, 3, 15), run(11, 1, 18), run(40, 2, 19)]);
        // One bit stands below its place in the value.
        let fields = ROWS.iter().flat_map(|row| [row.layout().swp_type, row.layout().swp_offset]);
        for field in fields.chain([scattered, scattered.inverted(), Field::new(0, 64)]) {
            for word in (0..64).flat_map(|bit| [1 << bit, !(1 << bit)]).chain([0, u64::MAX, 0x0123_4567_89ab_cdef]) {
                assert_eq!(Gather::new(field).of(word), field.gather(word), "{field:?} {word:#x}");
            }
        }
    }
}
