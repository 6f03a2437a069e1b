//! Bitmaps of pages, the lowest bit of a byte first, that stay in the file: in memory is how many bits are set before each
//! group of them.

use std::io;

use crate::source::Source;
use crate::{OpenError, Range};

/// Bytes of a group.
const GROUP: usize = 512;
/// Bytes that are read at a time.
const AT_A_TIME: usize = 1 << 20;
/// Pages that a bitmap can have: 128 TiB in pages of 4K, of which the index has 64 MB.
const MOST: u64 = 1 << 35;
/// Ranges that are told apart; of a machine whose memory has more holes the smallest are passed over.
const MOST_RANGES: usize = 1 << 16;

/// A bitmap.
#[derive(Clone, Debug)]
pub(super) struct Bitmap {
    at: u64,
    pages: u64,
    count: u64,
    /// Bits that are set before each group.
    before: Vec<u64>,
}

impl Bitmap {
    /// Reads a bitmap of so many pages, and shows each 64 of them, with the number of the first.
    pub(super) fn read(
        source: &Source,
        at: u64,
        pages: u64,
        mut show: impl FnMut(u64, u64),
    ) -> Result<Self, OpenError> {
        if pages > MOST {
            return Err(super::damaged(format!("it has a bitmap of {pages} pages; at most {MOST} are read")));
        }
        let length = pages.div_ceil(8);
        let mut bitmap = Self { at, pages, count: 0, before: Vec::new() };
        let mut done = 0;
        while done < length {
            let bytes = source.vec(at + done, length - done, AT_A_TIME).map_err(OpenError::io("read"))?;
            if bytes.is_empty() {
                return Err(super::damaged("the file ends inside of its bitmaps"));
            }
            for (group, bytes) in bytes.chunks(GROUP).enumerate() {
                bitmap.before.push(bitmap.count);
                for (number, word) in words(bytes).enumerate() {
                    let page = (done + (group * GROUP + number * 8) as u64) * 8;
                    // What is beyond the last page is no page.
                    let word = if page + 64 > pages { word & !(u64::MAX << (pages - page)) } else { word };
                    bitmap.count += u64::from(word.count_ones());
                    show(page, word);
                }
            }
            done += bytes.len() as u64;
            if done < length && bytes.len() % GROUP != 0 {
                return Err(super::damaged("the file ends inside of its bitmaps"));
            }
        }
        Ok(bitmap)
    }

    /// How many pages it has.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// If it has a page: how many come before.
    pub(super) fn rank(&self, source: &Source, page: u64) -> io::Result<Option<u64>> {
        if page >= self.pages {
            return Ok(None);
        }
        let group = page / (GROUP as u64 * 8);
        let before = usize::try_from(group).ok().and_then(|group| self.before.get(group));
        let Some(before) = before else { return Ok(None) };
        let mut bytes = [0; GROUP];
        let start = group * GROUP as u64;
        source.up_to(self.at + start, &mut bytes)?;
        let inside = page - start * 8;
        let mut rank = *before;
        for (number, word) in words(&bytes).enumerate() {
            let first = number as u64 * 64;
            if inside < first + 64 {
                let bit = inside - first;
                let lower = word & !(u64::MAX << bit);
                return Ok((word >> bit & 1 == 1).then(|| rank + u64::from(lower.count_ones())));
            }
            rank += u64::from(word.count_ones());
        }
        Ok(None)
    }
}

/// Bits, 64 at a time.
fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.chunks(8).map(|bytes| bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

/// Ranges of memory, out of the bits of a bitmap.
#[derive(Debug)]
pub(super) struct Ranges {
    block: u64,
    /// Pages, not addresses.
    ranges: Vec<Range>,
    /// Holes of so many pages are passed over.
    hole: u64,
}

impl Ranges {
    pub(super) const fn new(block: u64) -> Self {
        Self { block, ranges: Vec::new(), hole: 0 }
    }

    /// The next 64 pages.
    pub(super) fn add(&mut self, page: u64, mut word: u64) {
        let mut done = 0;
        while word != 0 {
            let skip = word.trailing_zeros();
            word >>= skip;
            let run = word.trailing_ones();
            let start = page + u64::from(done + skip);
            self.push(Range { start, end: start + u64::from(run) });
            word = word.checked_shr(run).unwrap_or(0);
            done += skip + run;
        }
    }

    fn push(&mut self, range: Range) {
        match self.ranges.last_mut() {
            Some(last) if range.start - last.end <= self.hole => last.end = range.end,
            _ => self.ranges.push(range),
        }
        while self.ranges.len() > MOST_RANGES {
            self.hole = self.hole * 2 + 1;
            let (hole, all) = (self.hole, std::mem::take(&mut self.ranges));
            for range in all {
                match self.ranges.last_mut() {
                    Some(last) if range.start - last.end <= hole => last.end = range.end,
                    _ => self.ranges.push(range),
                }
            }
        }
    }

    /// As addresses.
    pub(super) fn finish(self) -> Vec<Range> {
        let address = |page: u64| page.saturating_mul(self.block);
        self.ranges.iter().map(|range| Range { start: address(range.start), end: address(range.end) }).collect()
    }
}
