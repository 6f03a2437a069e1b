//! A histogram of offsets that widens its bins as larger offsets come: fixed memory, one pass, no range known before.

/// How many offsets fell into each stretch of offsets. All bins are equally wide, a power of two.
#[derive(Clone, PartialEq, Eq)]
pub struct Histogram {
    shift: u32,
    bins: [u64; Self::BINS],
}

impl core::fmt::Debug for Histogram {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Histogram").field("width", &self.width()).field("bins", &self.bars(Self::BINS).1).finish()
    }
}

impl Histogram {
    /// Number of bins.
    pub const BINS: usize = 256;

    const LAST: u64 = Self::BINS as u64 - 1;

    pub(crate) const EMPTY: Self = Self { shift: 0, bins: [0; Self::BINS] };

    /// How many offsets share a bin: a power of two.
    #[must_use]
    pub const fn width(&self) -> u64 {
        1 << self.shift
    }

    /// The counts of all bins; bin `i` holds the offsets from `i * width()` up.
    #[must_use]
    pub const fn bins(&self) -> &[u64; Self::BINS] {
        &self.bins
    }

    /// The counts in at most `most` bars from offset 0 to the highest bin in use, and how many offsets a bar is wide.
    #[must_use]
    pub fn bars(&self, most: usize) -> (u64, Vec<u64>) {
        let used = self.bins.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        let per_bar = used.div_ceil(most.max(1)).max(1).next_power_of_two();
        let bars = self.bins.get(..used).unwrap_or_default().chunks(per_bar).map(|bins| bins.iter().sum()).collect();
        (self.width() * per_bar as u64, bars)
    }

    /// log2 of the width of a bin.
    #[inline(always)]
    pub(crate) const fn shift(&self) -> u32 {
        self.shift
    }

    /// Makes the bins wide enough for an offset.
    #[inline(always)]
    pub(crate) fn make_room(&mut self, offset: u64) {
        if offset >> self.shift > Self::LAST {
            self.widen(offset);
        }
    }

    #[cold]
    fn widen(&mut self, offset: u64) {
        while offset >> self.shift > Self::LAST {
            for i in 0..Self::BINS {
                let pair = self.bins.get(2 * i..2 * i + 2).unwrap_or_default();
                self.bins[i] = pair.iter().sum();
            }
            self.shift += 1;
        }
    }

    /// Counts `count` offsets in the bin of this one, for which there is room.
    #[inline(always)]
    pub(crate) fn add(&mut self, offset: u64, count: u64) {
        self.bins[usize::from(Self::index(offset >> self.shift))] += count;
    }

    /// Counts one offset in each of these bins, and takes `too_many` out of bin 0 again.
    #[inline(always)]
    pub(crate) fn add_each(&mut self, bins: &[u8], too_many: u64) {
        for bin in bins {
            self.bins[usize::from(*bin)] += 1;
        }
        self.bins[0] -= too_many;
    }

    /// The number of a bin, which is in range once there is room for the offset.
    #[inline(always)]
    pub(crate) const fn index(bin: u64) -> u8 {
        (bin & Self::LAST) as u8
    }

    /// Adds the counts of another.
    pub(crate) fn merge(&mut self, other: &Self) {
        // Both must be as wide as the wider one.
        let mut other = other.clone();
        self.make_room(Self::LAST << other.shift);
        other.make_room(Self::LAST << self.shift);
        for (mine, theirs) in self.bins.iter_mut().zip(other.bins) {
            *mine += theirs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_widen_and_lose_nothing() {
        let mut histogram = Histogram::EMPTY;
        for offset in [0, 1, 255, 256, 1 << 20, (1 << 57) - 1] {
            histogram.make_room(offset);
            histogram.add(offset, 1);
        }
        assert_eq!(histogram.width(), 1 << (57 - 8));
        assert_eq!(histogram.bins()[0], 5);
        assert_eq!(histogram.bins()[255], 1);
    }

    #[test]
    fn merging_is_the_same_as_counting_together() {
        let count = |offsets: &[u64]| {
            let mut histogram = Histogram::EMPTY;
            for offset in offsets {
                histogram.make_room(*offset);
                histogram.add(*offset, 1);
            }
            histogram
        };
        let (narrow, wide) = ([0, 3, 100, 255], [5, 999, 70_000]);
        let together = count(&[narrow.as_slice(), wide.as_slice()].concat());
        for (a, b) in [(narrow.as_slice(), wide.as_slice()), (&wide, &narrow)] {
            let mut merged = count(a);
            merged.merge(&count(b));
            assert_eq!(merged, together);
        }
    }

    #[test]
    fn bars_cover_what_is_in_use() {
        let mut histogram = Histogram::EMPTY;
        histogram.add(0, 2);
        histogram.add(100, 3);
        assert_eq!(histogram.bars(256), (1, histogram.bins()[..101].to_vec()));
        let (width, bars) = histogram.bars(20);
        assert_eq!((width, bars.len(), bars[0], bars[12]), (8, 13, 2, 3));
        assert_eq!(Histogram::EMPTY.bars(20), (1, vec![]));
    }
}
