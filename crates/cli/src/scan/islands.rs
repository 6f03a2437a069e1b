//! Passes over what is known to be zeros without reading it: holes of a sparse file. They count as words that are none, which is
//! what they would be read as.

use std::ops::Range;

use swp_pte::{Layout, MemoryOrder};
use swp_pte_scan::{Summary, Words, summarize};

/// The first data at or behind a place.
pub(super) type Find<'a> = &'a (dyn Fn(u64) -> Option<Range<u64>> + Sync);

/// Tells zeros from data, at places that only grow.
pub(super) struct Islands<'a> {
    /// Without it everything is data.
    skip: Option<(Find<'a>, Zeros<'a>)>,
    /// Words begin at multiples of it, and
    word: u64,
    /// so many bytes behind.
    off: u64,
    last: Range<u64>,
}

impl std::fmt::Debug for Islands<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Islands({:?})", self.last)
    }
}

/// Bytes that are alike, and where they end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Run {
    /// To be read.
    Data(u64),
    /// Zeros.
    Zeros(u64),
}

impl<'a> Islands<'a> {
    pub(super) fn new(find: Find<'a>, zeros: Option<Zeros<'a>>, word: u64, off: u64) -> Self {
        Self { skip: zeros.map(|zeros| (find, zeros)), word: word.max(1), off, last: 0..0 }
    }

    /// What is at a place where a word begins, up to `end` at most; whole words, of which one that is half data is data. Zeros
    /// are counted.
    pub(super) fn run(&mut self, at: u64, end: u64) -> Run {
        let Some((find, zeros)) = &mut self.skip else { return Run::Data(end) };
        if self.last.end <= at {
            self.last = find(at).unwrap_or(u64::MAX..u64::MAX);
        }
        let inside = |place: u64| place.saturating_sub(self.off) % self.word;
        let start = self.last.start - inside(self.last.start);
        if start > at {
            zeros.count(at, start.min(end) - at);
            return Run::Zeros(start.min(end));
        }
        let rest = (self.word - inside(self.last.end)) % self.word;
        Run::Data(self.last.end.saturating_add(rest).min(end))
    }

    /// Adds what was passed over to a summary.
    pub(super) fn merge_into(&self, summary: &mut Summary) {
        if let Some((_, zeros)) = &self.skip {
            summary.merge(&zeros.all);
        }
    }
}

/// What zeros count as.
pub(super) struct Zeros<'a> {
    layout: &'a Layout<'a>,
    order: MemoryOrder,
    copies: u32,
    /// A word of zeros.
    one: Summary,
    /// Those that were counted.
    all: Summary,
}

impl<'a> Zeros<'a> {
    /// `None` if they have to be looked at: a word of zeros is a row, as on s390, where the empty word is another, and rows are
    /// wanted; or a layout of somebody's own makes more of it than can be counted.
    pub(super) fn new(layout: &'a Layout<'a>, order: MemoryOrder, copies: u32, rows: bool) -> Option<Self> {
        let mut zeros = Self { layout, order, copies, one: Summary::new(), all: Summary::new() };
        zeros.look(0, 1);
        std::mem::swap(&mut zeros.one, &mut zeros.all);
        let Summary { words, none, present, suspicious, .. } = zeros.one;
        (words == 1 && (none == 1 || present == 1 || suspicious == 1 && !rows)).then_some(zeros)
    }

    const fn word(&self) -> u64 {
        (self.layout.width / 8 * if self.copies == 0 { 1 } else { self.copies }) as u64
    }

    /// Looks at words as if they had been read.
    fn look(&mut self, at: u64, words: usize) {
        let zeros = vec![0; words * usize::try_from(self.word()).unwrap_or(1)];
        let words = Words::new(&zeros, self.order).at(at).repeated(self.copies);
        // Only half a word would be an error.
        let _ = summarize(self.layout, words, &mut self.all);
    }

    fn count(&mut self, at: u64, bytes: u64) {
        let words = bytes / self.word();
        // The first of those that are strange are shown one by one.
        let shown = if self.one.suspicious == 0 { 0 } else { words.min(Summary::EXAMPLES as u64) };
        self.look(at, usize::try_from(shown).unwrap_or(0));
        self.all.words += words - shown;
        self.all.none += self.one.none * (words - shown);
        // Of xtensa before 6.3 a word of zeros is present.
        self.all.present += self.one.present * (words - shown);
        self.all.suspicious += self.one.suspicious * (words - shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every run from `start` to `end`.
    fn all(islands: &mut Islands<'_>, start: u64, end: u64) -> Vec<Run> {
        let (mut at, mut runs) = (start, Vec::new());
        while at < end {
            let run = islands.run(at, end);
            let (Run::Data(to) | Run::Zeros(to)) = run;
            assert!(at < to && to <= end, "{at} {run:?}");
            at = to;
            runs.push(run);
        }
        runs
    }

    fn find(at: u64) -> Option<Range<u64>> {
        let all = [0..10, 21..22, 40..63, 63..64, 90..96];
        all.into_iter().find(|one| at < one.end).map(|one| one.start.max(at)..one.end)
    }

    fn layout() -> &'static Layout<'static> {
        swp_pte_atlas::newest("x86_64").unwrap().layout()
    }

    #[test]
    fn runs_are_whole_words() {
        use Run::{Data, Zeros as Z};
        let zeros = || Zeros::new(layout(), MemoryOrder::Little, 1, true);
        let mut islands = Islands::new(&find, zeros(), 8, 0);
        let runs = all(&mut islands, 0, 104);
        assert_eq!(runs, [Data(16), Data(24), Z(40), Data(64), Z(88), Data(96), Z(104)]);
        let mut summary = Summary::new();
        islands.merge_into(&mut summary);
        assert_eq!((summary.words, summary.none), (6, 6));
        let runs = all(&mut Islands::new(&find, zeros(), 8, 5), 5, 61);
        assert_eq!(runs, [Data(13), Z(21), Data(29), Z(37), Data(61)]);
        assert_eq!(all(&mut Islands::new(&|_| None, zeros(), 8, 0), 0, 64), [Z(64)]);
        assert_eq!(all(&mut Islands::new(&|_| None, None, 8, 0), 0, 64), [Data(64)]);
    }

    #[test]
    fn zeros_that_are_counted_are_those_that_are_read() {
        let (mut none, mut strange) = (0, 0);
        for row in swp_pte_atlas::ROWS {
            for (order, copies) in [(MemoryOrder::Little, 1), (MemoryOrder::Big, 4)] {
                let mut zeros = Zeros::new(row.layout(), order, copies, false).unwrap();
                let (bytes, mut read) = (vec![0; 100 * usize::try_from(zeros.word()).unwrap()], Summary::new());
                let words = Words::new(&bytes, order).at(0x1000).repeated(copies);
                summarize(row.layout(), words, &mut read).unwrap();
                zeros.count(0x1000, bytes.len() as u64);
                assert_eq!(zeros.all, read, "{:?}", row.layout().source);
                let rows = Zeros::new(row.layout(), order, copies, true);
                assert_eq!(rows.is_some(), read.swap() == 0);
                (none, strange) = (none + u32::from(read.none > 0), strange + u32::from(read.swap() > 0));
            }
        }
        assert!(none > 0 && strange > 0, "{none} {strange}");
    }
}
