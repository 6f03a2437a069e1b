//! What a summary holds, and how two of them become one.

use swp_pte::Flag;

use crate::Histogram;
use crate::bins::Bins;
use crate::words::Differing;

/// Number of swap types of the core, `1 << MAX_SWAPFILES_SHIFT`.
pub(crate) const TYPES: usize = 32;

/// What the words of an image come to.
///
/// Every word is none, present or swap, by the kernel's predicates. A swap PTE with stray bits is *suspicious*: no
/// kernel of the layout wrote it. It is counted among the swap PTEs and listed, and takes no part in the figures of
/// types, markers and offsets, which one word of garbage would spoil.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// How many words were read, each once, however many copies of it there are.
    pub words: u64,
    /// How many are none.
    pub none: u64,
    /// How many are present.
    pub present: u64,
    /// How many swap PTEs have stray bits.
    pub suspicious: u64,
    /// The stray bits of all suspicious words together.
    pub stray_bits: u64,
    /// The suspicious words with the lowest positions, in their order, at most [`Summary::EXAMPLES`].
    pub examples: Vec<Suspicious>,
    /// How many swap PTEs without stray bits carry each marker, by [`Flag`].
    pub(crate) flags: [u64; Flag::ALL.len()],
    /// The smallest and the largest offset of each type, the wrong way round for a type that does not occur.
    pub(crate) ranges: [Range; TYPES],
    /// How many of each type and stretch of offsets.
    pub(crate) bins: Bins,
    /// The words whose copies are not the same.
    pub(crate) differing: Differing,
}

/// A swap PTE with bits that no kernel of the layout sets there, or without those that every kernel sets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Suspicious {
    /// Where it is, in bytes from the start of the image.
    pub position: u64,
    /// The word.
    pub word: u64,
    /// Its stray bits, see [`Layout::stray`](swp_pte::Layout::stray).
    pub stray: u64,
}

/// The swap PTEs of one type, without the suspicious ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OfType<'a> {
    /// How many there are.
    pub count: u64,
    /// The smallest offset, in pages.
    pub min: u64,
    /// The largest offset, in pages.
    pub max: u64,
    /// The offsets.
    pub histogram: Histogram<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Range {
    pub(crate) min: u64,
    pub(crate) max: u64,
}

impl Range {
    const EMPTY: Self = Self { min: u64::MAX, max: 0 };

    #[inline(always)]
    pub(crate) fn extend(&mut self, other: Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.max < self.min
    }

    #[inline(always)]
    pub(crate) const fn contains(self, other: Self) -> bool {
        self.min <= other.min && other.max <= self.max
    }
}

impl Default for Summary {
    fn default() -> Self {
        Self::new()
    }
}

impl Summary {
    /// How many suspicious words are kept.
    pub const EXAMPLES: usize = 16;

    /// The summary of no words.
    #[must_use]
    pub fn new() -> Self {
        Self {
            words: 0,
            none: 0,
            present: 0,
            suspicious: 0,
            stray_bits: 0,
            examples: Vec::new(),
            flags: [0; Flag::ALL.len()],
            ranges: [Range::EMPTY; TYPES],
            bins: Bins::new(),
            differing: Differing::default(),
        }
    }

    /// How many words are swap PTEs, with or without stray bits.
    #[must_use]
    pub const fn swap(&self) -> u64 {
        self.words - self.none - self.present
    }

    /// How many swap PTEs have no stray bits.
    #[must_use]
    pub const fn clean(&self) -> u64 {
        self.swap() - self.suspicious
    }

    /// How many swap PTEs without stray bits carry a marker; 0 if the layout does not have it.
    #[must_use]
    pub fn with(&self, flag: Flag) -> u64 {
        self.flags.get(flag as usize).copied().unwrap_or_default()
    }

    /// How many words are left out of all other figures because their [copies](crate::Words::copies) are not the same: there
    /// is no telling which is right.
    #[must_use]
    pub const fn copies_that_differ(&self) -> u64 {
        self.differing.count
    }

    /// Where the first of them is, in bytes from the start of the image.
    #[must_use]
    pub const fn first_that_differs(&self) -> Option<u64> {
        self.differing.first
    }

    /// The swap types that occur in swap PTEs without stray bits, from 0 up.
    pub fn types(&self) -> impl Iterator<Item = (u8, OfType<'_>)> {
        let types = (0..).zip(self.ranges.iter().zip(self.bins.histograms()));
        types.filter(|(_, (range, _))| !range.is_empty()).map(|(swp_type, (range, histogram))| {
            let Range { min, max } = *range;
            (swp_type, OfType { count: histogram.count(), min, max, histogram })
        })
    }

    /// Adds the figures of another part of the same image.
    pub fn merge(&mut self, other: &Self) {
        self.words += other.words;
        self.none += other.none;
        self.present += other.present;
        self.suspicious += other.suspicious;
        self.stray_bits |= other.stray_bits;
        self.examples.extend(&other.examples);
        self.examples.sort_unstable();
        self.examples.truncate(Self::EXAMPLES);
        for (mine, theirs) in self.flags.iter_mut().zip(other.flags) {
            *mine += theirs;
        }
        for (swp_type, (mine, theirs)) in self.ranges.iter_mut().zip(other.ranges).enumerate() {
            // What the other never counted in stays memory that nobody touched.
            if !theirs.is_empty() {
                mine.extend(theirs);
                self.bins.merge(swp_type, &other.bins);
            }
        }
        self.differing.merge(other.differing);
    }

    /// Whether a suspicious word at this position would be kept.
    #[inline]
    pub(crate) fn wants_example(&self, position: u64) -> bool {
        self.examples.len() < Self::EXAMPLES || self.examples.last().is_some_and(|last| position < last.position)
    }

    pub(crate) fn add_example(&mut self, example: Suspicious) {
        let at = self.examples.partition_point(|known| *known < example);
        self.examples.insert(at, example);
        self.examples.truncate(Self::EXAMPLES);
    }
}
