//! A histogram of offsets whose bins are as wide as the offsets are large: fixed memory, one pass, no range known
//! before, and exact when it is drawn in bars of equal width.

/// How many offsets fell into each stretch of offsets.
///
/// Every power of two has [`PER_OCTAVE`](Self::PER_OCTAVE) bins of equal width up to the next, as a floating-point
/// number has fractions.
#[derive(Clone, Copy)]
pub struct Histogram<'a>([&'a [u64; BINS]; 2]);

/// Number of bins: those of the octaves of offsets below 2^63, and 0.
pub(crate) const BINS: usize = 64 << FRACTION_BITS;

const FRACTION_BITS: u32 = 5;

/// What the bits of a number between 1/2 and 1 are as `f64`, down to the fraction that the bins distinguish.
const BELOW_ONE: u64 = 0.5f64.to_bits() >> SHIFT;
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - FRACTION_BITS;

const TWO_52: f64 = (1u64 << 52) as f64;
const TWO_84: f64 = (1u128 << 84) as f64;

/// The bin of an offset of at most `width` bits, which are 63 at most. This and what it is made of is straight-line code
/// that compilers turn into vectors; few processors have those for a conversion of 64-bit integers.
#[inline(always)]
pub(crate) const fn bin(offset: u64, width: u32) -> u64 {
    bin_of(float(offset, width))
}

/// An offset of at most `width` bits as a number that has the same bin: itself, or less by no more than
/// [`FLOAT_LACKS`] if it is not below 2^53. 0 is 1/2, which has the power of two before that of 1.
#[inline(always)]
const fn float(offset: u64, width: u32) -> f64 {
    if is_narrow(width) { narrow(offset) } else { wide(offset) }
}

/// Whether offsets of so many bits are converted by [`narrow`], and not by [`wide`].
#[inline(always)]
pub(crate) const fn is_narrow(width: u32) -> bool {
    width < f64::MANTISSA_DIGITS
}

/// The place of 0.
#[inline(always)]
const fn not_zero(float: f64) -> f64 {
    // Not `max`, which minds NaN.
    if float > 0.5 { float } else { 0.5 }
}

/// By how much an offset below 2^63 may be larger than its [`float`].
pub(crate) const FLOAT_LACKS: u64 = (1 << (63 - f64::MANTISSA_DIGITS)) - 1;

/// The whole part of a [`float`].
#[inline(always)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2^63")]
pub(crate) const fn whole(float: f64) -> u64 {
    float as u64
}

/// The bin of a [`float`].
#[inline(always)]
pub(crate) const fn bin_of(float: f64) -> u64 {
    (float.to_bits() >> SHIFT) - BELOW_ONE
}

/// A number below 2^52: where the exponent says 2^52, the fraction counts ones.
#[inline(always)]
pub(crate) const fn narrow(number: u64) -> f64 {
    not_zero(f64::from_bits(number | TWO_52.to_bits()) - TWO_52)
}

/// A number below 2^63, or the next smaller ones if it has more than the 53 bits that fit.
#[inline(always)]
pub(crate) const fn wide(number: u64) -> f64 {
    // More than 53 bits would be rounded, perhaps up and into the next bin: clear the highest bit that does not fit.
    let number = number & !(number >> f64::MANTISSA_DIGITS);
    // The upper half where the fraction counts 2^32s, the lower half as above; only the last step rounds.
    let high = f64::from_bits(number >> 32 | TWO_84.to_bits()) - (TWO_84 + TWO_52);
    not_zero(high + f64::from_bits(number & 0xffff_ffff | TWO_52.to_bits()))
}

/// The lowest offset of a bin.
#[expect(clippy::cast_possible_truncation, reason = "bins begin below 2^63")]
const fn lowest(bin: usize) -> u64 {
    let per_octave = Histogram::PER_OCTAVE;
    match (bin / per_octave).checked_sub(1) {
        None => 0,
        Some(octave) => (((per_octave + bin % per_octave) as u128) << octave >> FRACTION_BITS) as u64,
    }
}

impl PartialEq for Histogram<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.counts().eq(other.counts())
    }
}

impl Eq for Histogram<'_> {}

impl core::fmt::Debug for Histogram<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_map().entries(self.bins()).finish()
    }
}

impl<'a> Histogram<'a> {
    /// Number of bins from one power of two to the next.
    pub const PER_OCTAVE: usize = 1 << FRACTION_BITS;

    /// The most bars that [`bars`](Self::bars) can draw.
    pub const BARS: usize = 2 * Self::PER_OCTAVE;

    /// A bin has counted what its counters in the two sets have together.
    pub(crate) const fn new(sets: [&'a [u64; BINS]; 2]) -> Self {
        Self(sets)
    }

    fn counts(self) -> impl Iterator<Item = u64> + use<'a> {
        let [one, other] = self.0;
        one.iter().zip(other).map(|(one, other)| one + other)
    }

    /// How many offsets were counted.
    #[must_use]
    pub fn count(self) -> u64 {
        self.counts().sum()
    }

    /// The bins that are not empty: the lowest offset that belongs there, in pages, and how many do.
    pub fn bins(self) -> impl Iterator<Item = (u64, u64)> + use<'a> {
        self.counts().enumerate().filter(|(_, count)| *count > 0).map(|(bin, count)| (lowest(bin), count))
    }

    /// The counts in at most `most` bars of equal width, from offset 0 to the last that is not empty, and how many
    /// offsets a bar is wide: a power of two. More than [`BARS`](Self::BARS) bars cannot be had.
    #[must_use]
    pub fn bars(self, most: usize) -> (u64, Vec<u64>) {
        let Some((last, _)) = self.bins().last() else { return (1, Vec::new()) };
        let most = most.clamp(1, Self::BARS) as u64;
        let mut width = 1;
        while last / width >= most {
            width *= 2;
        }
        let mut bars = Vec::new();
        for (lowest, count) in self.bins() {
            let bar = usize::try_from(lowest / width).unwrap_or(usize::MAX).min(Self::BARS);
            bars.resize(bar + 1, 0);
            bars[bar] += count;
        }
        (width, bars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a user of `bars` finds them: each bin counted in either set.
    fn counted(offsets: &[u64]) -> [[u64; BINS]; 2] {
        let mut bins = [[0; BINS]; 2];
        for (i, offset) in offsets.iter().enumerate() {
            bins[i % 2][usize::try_from(bin(*offset, 63)).unwrap()] += 1;
        }
        bins
    }

    /// The bin by integers alone: the octave, and the bits below the highest.
    fn by_integers(offset: u64) -> u64 {
        let Some(octave) = offset.checked_ilog2() else { return 0 };
        let fraction = (u128::from(offset) << FRACTION_BITS >> octave) & 31;
        u64::from(octave + 1) << FRACTION_BITS | u64::try_from(fraction).unwrap()
    }

    #[test]
    fn an_offset_is_in_the_bin_that_begins_at_or_below_it() {
        let near = |power: u32| [(1u64 << power) - 1, 1 << power, (1 << power) + 1, (1 << power) + (1 << power >> 5)];
        for offset in (0..62).flat_map(near).chain([(1 << 63) - 1, 0x1234_5678_9abc_def0, 12_345]) {
            let bin = usize::try_from(bin(offset, 63)).unwrap();
            assert!(bin < BINS, "{offset:#x}: {bin}");
            assert!(lowest(bin) <= offset, "{offset:#x}: {bin} from {:#x}", lowest(bin));
            let next = (bin + 1..BINS).map(lowest).find(|next| *next > lowest(bin));
            assert!(next.is_none_or(|next| offset < next), "{offset:#x}: {bin} to {next:x?}");
        }
    }

    #[test]
    fn the_bin_is_exact_for_every_width() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        for width in 1..=63 {
            let largest = (1u64 << width) - 1;
            // About every power of two, and about every border of a bin from there to the next.
            let borders = (0..width).flat_map(|power| (32..64u64).map(move |bin| bin << power >> FRACTION_BITS));
            let near = borders.flat_map(|at| (at.saturating_sub(3)..=at.saturating_add(3)).chain([at ^ at >> 1, !at]));
            let random = (0..1000).map(|i| {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                state >> (i % 64)
            });
            // As many ones as do not fit, and one more or less: what rounding would carry into the next bin.
            let ones = (0..63).flat_map(|shift| [largest << shift, largest >> shift, !(largest >> shift)]);
            for offset in near.chain(random).chain(ones).chain([0, 1, largest, largest - largest / 2]) {
                let offset = offset & largest;
                assert_eq!(bin(offset, width), by_integers(offset), "{offset:#x}, {width} bits");
                let whole = whole(float(offset, width));
                assert!(whole <= offset && offset - whole <= FLOAT_LACKS, "{offset:#x}, {width} bits: {whole:#x}");
                assert!(whole == offset || offset >> f64::MANTISSA_DIGITS != 0, "{offset:#x}, {width} bits");
            }
        }
    }

    #[test]
    fn bars_are_exact() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        for largest in [0, 1, 31, 32, 63, 64, 1000, 0xf_ffff, 0x10_0000, (1 << 57) - 1] {
            let offsets: Vec<_> = (0..500)
                .map(|_| {
                    state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                    (state >> 5) % (largest + 1)
                })
                .chain([largest])
                .collect();
            let [one, other] = counted(&offsets);
            for most in [1, 20, 32, 64, 1000] {
                let (width, bars) = Histogram([&one, &other]).bars(most);
                assert!(bars.len() <= most && width.is_power_of_two(), "{largest}, {most}: {width}, {bars:?}");
                let mut expected = vec![0; bars.len()];
                for offset in &offsets {
                    expected[usize::try_from(offset / width).unwrap()] += 1;
                }
                assert_eq!(bars, expected, "{largest}, {most}");
            }
        }
        assert_eq!(Histogram([&[0; BINS]; 2]).bars(20), (1, vec![]));
    }
}
