//! A number inside the word: one run of bits or several, as it is or inverted.

/// A run of consecutive bits of the word that hold consecutive bits of the value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Run {
    /// The lowest bit of the run in the word.
    pub bit: u32,
    /// How many bits; 0 for a run that is not there.
    pub len: u32,
    /// The bit of the value that stands in the lowest bit of the run.
    pub value_bit: u32,
}

/// A field of the word: the swap type or the swap offset.
///
/// The kernel's decoder can read more bits than its encoder ever writes (the type of arm64 before the marker; the
/// offset in 64-bit words of 32-bit ppc): [`Field::width`] is what is read, [`Field::max`] the limit of what is written.
/// A bit that is only read can be reserved too: the type of sh took in `_PAGE_PRESENT`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    runs: [Run; Self::MAX_RUNS],
    inverted: bool,
    written_bits: u32,
    also: Option<u32>,
}

/// The lowest `count` bits.
pub(super) const fn low_bits(count: u32) -> u64 {
    if count >= u64::BITS { u64::MAX } else { (1 << count) - 1 }
}

impl Field {
    /// How many runs a field can be split into.
    pub const MAX_RUNS: usize = 4;

    const NO_RUN: Run = Run { bit: 0, len: 0, value_bit: 0 };

    /// One run of `len` bits from `bit` up.
    #[must_use]
    pub const fn new(bit: u32, len: u32) -> Self {
        Self::split([Run { bit, len, value_bit: 0 }])
    }

    /// Several runs, at most four.
    #[must_use]
    pub const fn split<const N: usize>(runs: [Run; N]) -> Self {
        const { assert!(N <= Self::MAX_RUNS, "a field has at most four runs") };
        let mut field = Self { runs: [Self::NO_RUN; Self::MAX_RUNS], inverted: false, written_bits: 0, also: None };
        let mut i = 0;
        while i < N {
            field.runs[i] = runs[i];
            field.written_bits += runs[i].len;
            i += 1;
        }
        field
    }

    /// The same field, stored inverted.
    #[must_use]
    pub const fn inverted(self) -> Self {
        Self { inverted: true, ..self }
    }

    /// The same field, of which the encoder writes only the lowest `bits` bits of the value.
    #[must_use]
    pub const fn writing(self, bits: u32) -> Self {
        Self { written_bits: bits, ..self }
    }

    /// The same field, of which the decoder ORs one more bit of the word, which no encoder sets, into the lowest bit of the
    /// value (s390 before 4.1).
    #[must_use]
    pub const fn reading_also(self, bit: u32) -> Self {
        Self { also: Some(bit), ..self }
    }

    /// The bit that is read into the lowest bit of the value beside its own.
    #[must_use]
    pub const fn also(&self) -> Option<u32> {
        self.also
    }

    /// Whether the value is stored inverted.
    #[must_use]
    pub const fn is_inverted(&self) -> bool {
        self.inverted
    }

    /// The runs, in the order of their value bits.
    pub fn runs(&self) -> impl Iterator<Item = Run> + use<> {
        self.runs.into_iter().filter(|run| run.len > 0)
    }

    /// The runs in the order of their value bits, and runs of no bit to fill up.
    #[must_use]
    pub const fn parts(&self) -> [Run; Self::MAX_RUNS] {
        self.runs
    }

    /// How many bits the kernel's decoder reads.
    #[must_use]
    pub const fn width(&self) -> u32 {
        let mut width = 0;
        let mut i = 0;
        while i < Self::MAX_RUNS {
            width += self.runs[i].len;
            i += 1;
        }
        width
    }

    /// How many bits the kernel's encoder writes.
    #[must_use]
    pub const fn written_bits(&self) -> u32 {
        self.written_bits
    }

    /// The largest value that the encoder can write.
    #[must_use]
    pub const fn max(&self) -> u64 {
        low_bits(self.written_bits)
    }

    /// The bits of the word that the decoder reads.
    #[must_use]
    pub const fn mask(&self) -> u64 {
        self.place(low_bits(self.width()))
    }

    /// The bits of the word that the encoder writes.
    #[must_use]
    pub const fn written_mask(&self) -> u64 {
        self.place(self.max())
    }

    /// The bits of a value, each in its place, without inversion.
    const fn place(&self, value: u64) -> u64 {
        let mut word = 0;
        let mut i = 0;
        while i < Self::MAX_RUNS {
            let run = self.runs[i];
            word |= ((value >> run.value_bit) & low_bits(run.len)) << run.bit;
            i += 1;
        }
        word
    }

    /// The field's bits of the word for a value that fits.
    #[must_use]
    pub const fn scatter(&self, value: u64) -> u64 {
        let placed = self.place(value);
        if self.inverted { placed ^ self.mask() } else { placed }
    }

    /// The value that the kernel's decoder reads.
    #[must_use]
    pub const fn gather(&self, word: u64) -> u64 {
        let word = if self.inverted { word ^ self.mask() } else { word };
        let mut value = 0;
        let mut i = 0;
        while i < Self::MAX_RUNS {
            let run = self.runs[i];
            value |= ((word >> run.bit) & low_bits(run.len)) << run.value_bit;
            i += 1;
        }
        match self.also {
            Some(bit) => value | (word >> bit) & 1,
            None => value,
        }
    }

    /// The bit of the word that holds a bit of the value.
    #[must_use]
    pub const fn position(&self, value_bit: u32) -> Option<u32> {
        let mut i = 0;
        while i < Self::MAX_RUNS {
            let run = self.runs[i];
            if run.value_bit <= value_bit && value_bit < run.value_bit + run.len {
                return Some(run.bit + value_bit - run.value_bit);
            }
            i += 1;
        }
        None
    }

    /// The field whose value bits 0, 1, 2 … stand at these bits of the word; `None` if that takes too many runs.
    pub(super) fn from_positions(positions: impl Iterator<Item = u32>) -> Option<Self> {
        let mut runs = [Self::NO_RUN; Self::MAX_RUNS];
        let mut last: Option<usize> = None;
        for (value_bit, bit) in (0..).zip(positions) {
            let current = last.and_then(|i| runs.get_mut(i));
            match current {
                Some(run) if run.bit + run.len == bit => run.len += 1,
                _ => {
                    let next = last.map_or(0, |i| i + 1);
                    *runs.get_mut(next)? = Run { bit, len: 1, value_bit };
                    last = Some(next);
                }
            }
        }
        Some(Self::split(runs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_field_keeps_every_bit() {
        let field = Field::split([Run { bit: 7, len: 1, value_bit: 0 }, Run { bit: 12, len: 20, value_bit: 1 }]);
        assert_eq!((field.width(), field.max()), (21, 0x1f_ffff));
        assert_eq!(field.mask(), 0xffff_f080);
        for value in (0..21).map(|bit| 1 << bit).chain([0, 0x1f_ffff, 0x15_5555]) {
            assert_eq!(field.gather(field.scatter(value)), value);
            assert_eq!(field.inverted().gather(field.inverted().scatter(value)), value);
        }
        assert_eq!(field.scatter(1), 1 << 7);
        assert_eq!(field.scatter(2), 1 << 12);
    }

    #[test]
    fn a_bit_that_is_read_too_is_never_written() {
        let field = Field::split([Run { bit: 7, len: 1, value_bit: 0 }, Run { bit: 12, len: 4, value_bit: 1 }]);
        let also = field.reading_also(11);
        assert_eq!((also.mask(), also.scatter(0x1f), also.also()), (field.mask(), field.scatter(0x1f), Some(11)));
        for (word, value) in [(0, 0), (1 << 11, 1), (1 << 7, 1), (1 << 7 | 1 << 11, 1), (1 << 11 | 1 << 12, 3)] {
            assert_eq!(also.gather(word), value, "{word:#x}");
        }
        assert_eq!(field.gather(1 << 11), 0);
    }

    #[test]
    fn positions_become_runs() {
        let field = Field::from_positions([3, 4, 5, 9, 10].into_iter());
        let runs = [Run { bit: 3, len: 3, value_bit: 0 }, Run { bit: 9, len: 2, value_bit: 3 }];
        assert_eq!(field, Some(Field::split(runs)));
        assert_eq!(Field::from_positions([1, 3, 5, 7, 9].into_iter()), None);
    }

    #[test]
    fn only_what_is_written_has_a_limit_and_all_that_is_read_has_a_place() {
        let field = Field::new(8, 6).writing(4);
        assert_eq!((field.mask(), field.written_mask()), (0b11_1111 << 8, 0b1111 << 8));
        assert_eq!((field.max(), field.width(), field.written_bits()), (15, 6, 4));
        assert_eq!([0, 5, 6].map(|value_bit| field.position(value_bit)), [Some(8), Some(13), None]);
    }
}
