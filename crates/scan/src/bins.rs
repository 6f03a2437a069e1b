//! The counters of a summary: how many swap PTEs of each type fell into each bin of its histogram.

use core::fmt;

use crate::Histogram;
use crate::histogram::BINS;
use crate::summary::TYPES;

/// Number of counters in a set: the bins of type 0, those of type 1, and so on. Indices are 16 bits.
const COUNTERS: usize = TYPES * BINS;
const _: () = assert!(COUNTERS == 1 << 16);

/// Between the sets, so that the two counters of a bin do not lie a multiple of a page apart: processors that look for
/// a store before a load compare the low bits of their addresses first.
const APART: usize = 16;

type Set = [u64; COUNTERS + APART];

/// Two sets of counters; a bin has counted what its two counters have together.
///
/// Two, because an addition in memory must wait for one before to the same counter, and offsets at random meet the same few
/// bins again and again. Half a megabyte each, of which only what is counted in is ever touched.
#[derive(Clone)]
pub(crate) struct Bins(Box<[Set; 2]>);

/// Where a type's bin is counted.
#[inline(always)]
pub(crate) const fn place(swp_type: u64, bin: u64) -> u64 {
    swp_type * BINS as u64 + bin
}

impl Bins {
    pub(crate) fn new() -> Self {
        Self(bytemuck::zeroed_box())
    }

    /// Counts swap PTEs of one bin.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "places have 16 bits")]
    pub(crate) fn add(&mut self, place: u64, count: u64) {
        self.0[0][usize::from(place as u16)] += count;
    }

    /// Counts a swap PTE for each place.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "places have 16 bits")]
    pub(crate) fn add_each(&mut self, places: &[u64]) {
        let [one, other] = &mut *self.0;
        let (pairs, rest) = places.as_chunks();
        for [even, odd] in pairs {
            one[usize::from(*even as u16)] += 1;
            other[usize::from(*odd as u16)] += 1;
        }
        for place in rest {
            one[usize::from(*place as u16)] += 1;
        }
    }

    /// Adds what another has counted of a type.
    pub(crate) fn merge(&mut self, swp_type: usize, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0.iter()) {
            let bins = mine.iter_mut().zip(theirs).skip(swp_type * BINS).take(BINS);
            bins.for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    /// The histograms of all types, from 0 up.
    pub(crate) fn histograms(&self) -> impl Iterator<Item = Histogram<'_>> {
        let [one, other] = &*self.0;
        let sets = one.as_chunks().0.iter().zip(other.as_chunks().0);
        sets.take(TYPES).map(|(one, other)| Histogram::new([one, other]))
    }
}

/// What was counted, in whichever set.
impl PartialEq for Bins {
    fn eq(&self, other: &Self) -> bool {
        self.histograms().eq(other.histograms())
    }
}

impl Eq for Bins {}

impl fmt::Debug for Bins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.histograms()).finish()
    }
}
