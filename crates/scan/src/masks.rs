//! What a loop needs of a layout, as a few numbers: the loops are compiled for widths, byte orders and shapes of layouts,
//! not for each layout, of which there are nearly a hundred.

use core::marker::PhantomData;

use swp_pte::{Field, Flag, Layout, Pattern, PteKind, SwpEntry};

/// How much a loop has to ask of a word.
pub(crate) trait Shape: Copy {
    /// In how many runs a field can be.
    const RUNS: usize;
    /// How many patterns of several bits, or of bits that must be 0, make a word present.
    const PATTERNS: usize;
}

/// Each field in one run, and present is any of some bits: two layouts of three.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

/// All that a layout can be.
#[derive(Clone, Copy)]
pub(crate) struct Any;

impl Shape for Plain {
    const RUNS: usize = 1;
    const PATTERNS: usize = 0;
}

impl Shape for Any {
    const RUNS: usize = Field::MAX_RUNS;
    const PATTERNS: usize = MAX_PATTERNS;
}

/// The most patterns that a layout can have.
const MAX_PATTERNS: usize = 4;

/// Matches no word.
const NEVER: Pattern = Pattern { mask: 0, value: 1 };

/// The numbers of a layout, for loops of a shape.
#[derive(Clone, Copy)]
pub(crate) struct Masks<H> {
    /// `pte_none()`, within the word.
    pub(crate) none: Pattern,
    /// Any of these bits makes a word present.
    pub(crate) present_bits: u64,
    /// What else makes it present, filled up with patterns that match nothing.
    patterns: [Pattern; MAX_PATTERNS],
    /// The bit of each marker, by [`Flag`]; 0 where the layout does not have it.
    pub(crate) flags: [u64; Flag::ALL.len()],
    unclaimed: u64,
    always_one: u64,
    swp_type: Gather,
    offset: Gather,
    /// How many bits an offset has.
    pub(crate) offset_width: u32,
    /// The largest offset that an encoder writes.
    pub(crate) max_offset: u64,
    shape: PhantomData<H>,
}

impl Masks<Any> {
    pub(crate) fn new(layout: &Layout<'_>) -> Self {
        let word = layout.word_mask();
        let (bits, patterns): (Vec<Pattern>, Vec<Pattern>) =
            layout.present.iter().partition(|pattern| pattern.mask.is_power_of_two() && pattern.value == pattern.mask);
        let mut rest = patterns.into_iter();
        Self {
            none: Pattern { mask: layout.none.mask & word, value: layout.none.value & word },
            present_bits: bits.iter().fold(0, |bits, pattern| bits | pattern.mask),
            patterns: [(); MAX_PATTERNS].map(|()| rest.next().unwrap_or(NEVER)),
            flags: Flag::ALL.map(|flag| layout.flag_mask(flag)),
            unclaimed: layout.stray(u64::MAX),
            always_one: layout.stray(0),
            swp_type: Gather::new(&layout.swp_type),
            offset: Gather::new(&layout.swp_offset),
            offset_width: layout.swp_offset.width(),
            max_offset: layout.max_offset(),
            shape: PhantomData,
        }
    }

    /// The same for the loops that ask less, if they ask enough.
    pub(crate) fn plain(&self) -> Option<Masks<Plain>> {
        let Self { none, present_bits, patterns, flags, unclaimed, always_one, swp_type, offset, .. } = *self;
        let Self { offset_width, max_offset, .. } = *self;
        let one_run = |field: Gather| field.parts[1..].iter().all(|part| part.mask == 0) && field.parts[0].left == 0;
        let plain = one_run(swp_type) && one_run(offset) && patterns == [NEVER; MAX_PATTERNS];
        plain.then_some(Masks {
            none,
            present_bits,
            patterns,
            flags,
            unclaimed,
            always_one,
            swp_type,
            offset,
            offset_width,
            max_offset,
            shape: PhantomData,
        })
    }
}

impl<H: Shape> Masks<H> {
    /// The patterns that loops of this shape ask for.
    pub(crate) fn patterns(&self) -> &[Pattern] {
        &self.patterns[..H::PATTERNS]
    }

    /// The bits of the type.
    #[inline(always)]
    pub(crate) const fn type_bits(&self) -> u64 {
        self.swp_type.mask
    }

    #[inline(always)]
    pub(crate) fn swp_type(&self, word: u64) -> u64 {
        self.swp_type.of::<H>(word)
    }

    #[inline(always)]
    pub(crate) fn offset(&self, word: u64) -> u64 {
        self.offset.of::<H>(word)
    }

    /// Whether the word is none.
    #[inline(always)]
    pub(crate) const fn is_none(&self, word: u64) -> bool {
        self.none.matches(word)
    }

    /// Whether the word is present if it is not none.
    #[inline(always)]
    pub(crate) const fn matches_present(&self, word: u64) -> bool {
        let [a, b, c, d] = self.patterns;
        let patterns = H::PATTERNS > 0 && (a.matches(word) | b.matches(word) | c.matches(word) | d.matches(word));
        (word & self.present_bits != 0) | patterns
    }

    /// What the word is.
    pub(crate) const fn kind(&self, word: u64) -> PteKind {
        match (self.is_none(word), self.matches_present(word)) {
            (true, _) => PteKind::None,
            (_, true) => PteKind::Present,
            _ => PteKind::Swap,
        }
    }

    /// The entry of a swap PTE; `None` where the fields hold more than an encoder writes.
    pub(crate) fn entry(&self, word: u64) -> Option<SwpEntry> {
        let (swp_type, offset) = (self.swp_type(word), self.offset(word));
        SwpEntry::from_parts(swp_type, offset).ok().filter(|_| offset <= self.max_offset)
    }

    /// [`Layout::stray`].
    #[inline(always)]
    pub(crate) const fn stray(&self, word: u64) -> u64 {
        word & self.unclaimed | !word & self.always_one
    }
}

/// A field, taken out of a word: of one run with one shift, of several with one for each.
#[derive(Clone, Copy)]
struct Gather {
    mask: u64,
    invert: u64,
    /// The bit that is read into the lowest one too, as a mask, and its place.
    also: (u64, u32),
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
    fn new(field: &Field) -> Self {
        let mut runs = field.runs();
        let parts = [(); Field::MAX_RUNS].map(|()| {
            runs.next().map_or(Part { mask: 0, right: 0, left: 0 }, |run| Part {
                mask: (u64::MAX >> (u64::BITS - run.len)) << run.bit,
                right: run.bit.saturating_sub(run.value_bit),
                left: run.value_bit.saturating_sub(run.bit),
            })
        });
        let invert = if field.is_inverted() { field.mask() } else { 0 };
        Self { mask: field.mask(), invert, also: field.also().map_or((0, 0), |bit| (1 << bit, bit)), parts }
    }

    #[inline(always)]
    fn of<H: Shape>(self, word: u64) -> u64 {
        let word = word ^ self.invert;
        let [first, rest @ ..] = self.parts;
        let first_alone = (word & first.mask) >> first.right;
        if H::RUNS == 1 {
            return first_alone;
        }
        let (also, place) = self.also;
        rest.iter().fold(first_alone << first.left | (word & also) >> place, |value, part| {
            value | ((word & part.mask) >> part.right) << part.left
        })
    }
}

#[cfg(test)]
mod tests {
    use swp_pte::Run;
    use swp_pte_atlas::ROWS;

    use super::*;

    fn words() -> impl Iterator<Item = u64> + Clone {
        (0..64).flat_map(|bit| [1 << bit, !(1 << bit)]).chain([0, u64::MAX, 0x0123_4567_89ab_cdef])
    }

    /// As the layouts' own reading of a word, which takes no account of speed.
    #[test]
    fn a_field_is_gathered_as_the_layout_reads_it() {
        let run = |bit, len, value_bit| Run { bit, len, value_bit };
        let scattered = Field::split([run(16, 15, 0), run(13, 3, 15), run(11, 1, 18), run(40, 2, 19)]);
        // One bit stands below its place in the value.
        let below = Field::split([run(2, 4, 0), run(1, 1, 4)]);
        let fields = ROWS.iter().flat_map(|row| [row.layout().swp_type, row.layout().swp_offset]);
        // As s390 before 4.1.
        let also = Field::split([run(7, 1, 0), run(12, 52, 1)]).reading_also(11);
        for field in fields.chain([scattered, scattered.inverted(), below, also, Field::new(0, 64)]) {
            for word in words() {
                assert_eq!(Gather::new(&field).of::<Any>(word), field.gather(word), "{field:?} {word:#x}");
            }
        }
    }

    #[test]
    fn the_loops_that_ask_less_say_the_same() {
        let mut plain = 0;
        for layout in ROWS.iter().map(swp_pte_atlas::Row::layout) {
            let any = Masks::new(layout);
            let Some(masks) = any.plain() else { continue };
            plain += 1;
            for word in words().map(|word| word & layout.word_mask()) {
                let all = |masks: [u64; 4]| (masks, layout.source);
                let of_any = [any.swp_type(word), any.offset(word), any.matches_present(word).into(), any.stray(word)];
                let of_plain =
                    [masks.swp_type(word), masks.offset(word), masks.matches_present(word).into(), masks.stray(word)];
                assert_eq!(all(of_plain), all(of_any), "{word:#x}");
            }
        }
        assert!(plain > ROWS.len() / 2, "{plain} of {}", ROWS.len());
    }
}
