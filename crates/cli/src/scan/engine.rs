//! Reads an image piece by piece, on all processors, and lets go of each piece when it is done.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use swp_pte::MemoryOrder;
use swp_pte_atlas::Row;
use swp_pte_dump::data_of;
use swp_pte_forms::SwapFiles;
use swp_pte_image::Image;
use swp_pte_scan::{PartialWord, Summary, SwapWord, Words, for_each_swap, summarize};

use super::islands::{Find, Islands, Run, Zeros};
use super::rows::Format;
use crate::Error;
use crate::rows::Sink;

/// What the pieces that are being read together may have in memory, in bytes.
const IN_MEMORY: usize = 32 << 20;
/// The largest piece: twice the size of a huge page, so that a mapping can use these.
pub(super) const LARGEST: usize = 4 << 20;
const SMALLEST: usize = 256 << 10;
/// A piece whose rows are kept until it is their turn: 4096 rows of 8 bytes, at most 0.8 MB of JSON.
pub(super) const WITH_ROWS: usize = 32 << 10;

/// What can be read: an image, or the memory of a dump.
pub(super) trait Reads {
    /// As [`Job::summary`].
    fn summary(&self) -> Result<Summary, Error>;
    /// As [`Job::rows`].
    fn rows<F: Format>(&self, format: &F, out: &mut impl Sink<F::Piece>, what: &str) -> Result<Summary, Error>;
    /// The file.
    fn path(&self) -> &Path;
    /// The file, if it is mapped.
    fn mapped(&self) -> Option<&Image>;
    /// The layout.
    fn row(&self) -> &'static Row;
    /// The byte order.
    #[cfg(feature = "parquet")]
    fn order(&self) -> MemoryOrder;
    /// Whether rows have physical addresses.
    fn is_dump(&self) -> bool;
}

impl Reads for Job<'_> {
    fn summary(&self) -> Result<Summary, Error> {
        self.summary()
    }

    fn rows<F: Format>(&self, format: &F, out: &mut impl Sink<F::Piece>, what: &str) -> Result<Summary, Error> {
        self.rows(format, out, what)
    }

    fn path(&self) -> &Path {
        self.image.path()
    }

    fn mapped(&self) -> Option<&Image> {
        Some(self.image)
    }

    fn row(&self) -> &'static Row {
        self.row
    }

    #[cfg(feature = "parquet")]
    fn order(&self) -> MemoryOrder {
        self.order
    }

    fn is_dump(&self) -> bool {
        false
    }
}

/// An image, and how to read it.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// The file.
    pub(crate) image: &'a Image,
    /// The bytes of it to read, whole words.
    pub(crate) range: Range<usize>,
    /// The layout.
    pub(crate) row: &'static Row,
    /// The byte order.
    pub(crate) order: MemoryOrder,
    /// How often each word stands there in a row, which is read as one; see [`Words::copies`].
    pub(crate) copies: u32,
    /// The threads.
    pub(crate) pool: &'a rayon::ThreadPool,
    /// The machine's swap files, if they are known: rows are then those of pages in them only.
    pub(crate) files: Option<SwapFiles>,
    /// How many swap PTEs are of pages in them.
    pub(crate) inside: AtomicU64,
}

impl Job<'_> {
    /// The summary alone.
    ///
    /// # Errors
    /// [`Error::Input`] if the file shrinks.
    pub(crate) fn summary(&self) -> Result<Summary, Error> {
        let threads = self.pool.current_num_threads();
        let piece = (IN_MEMORY / threads.max(1)).clamp(SMALLEST, LARGEST).next_power_of_two();
        let progress = self.progress();
        let data = |at| self.data(at);
        let pieces = Mutex::new(self.pieces(piece, &data, false));
        let next = || {
            let mut pieces = pieces.lock().unwrap_or_else(PoisonError::into_inner);
            let piece = pieces.next();
            progress.set_position((pieces.at - self.range.start) as u64);
            piece
        };
        // One summary for each thread, which are a megabyte each where all types occur.
        let parts = self.pool.broadcast(|_| {
            let mut summary = Summary::new();
            while let Some(piece) = next() {
                self.image.prepare(piece.clone());
                let without = summary.swap();
                summarize(self.row.layout(), self.words(piece.clone()), &mut summary)?;
                if self.files.is_some() && summary.swap() > without {
                    for_each_swap(self.row.layout(), self.words(piece.clone()), |word| {
                        self.is_inside(&word);
                    })?;
                }
                self.image.release(piece.clone());
            }
            Ok::<_, PartialWord>(summary)
        });
        progress.finish_and_clear();
        self.image.check().map_err(|error| self.input(&error))?;
        let mut summary = Summary::new();
        pieces.into_inner().unwrap_or_else(PoisonError::into_inner).islands.merge_into(&mut summary);
        for part in parts {
            summary.merge(&part.map_err(|error| self.input(&error))?);
        }
        Ok(summary)
    }

    /// The summary, and every swap PTE as a row of an output, in order.
    ///
    /// # Errors
    /// [`Error::Input`] if the file shrinks, [`Error::Io`] if the output cannot be written; `what` says which output.
    pub(crate) fn rows<F: Format>(
        &self,
        format: &F,
        out: &mut impl Sink<F::Piece>,
        what: &str,
    ) -> Result<Summary, Error> {
        let progress = self.progress();
        let data = |at| self.data(at);
        let mut pieces = self.pieces(WITH_ROWS, &data, true);
        // Enough to keep everybody busy, and little enough to hold their rows.
        let many = self.pool.current_num_threads().clamp(1, 8) * 2;
        let empty = || (0..many).map(|_| F::Piece::default()).collect::<Vec<_>>();
        let (mut these, mut before) = (empty(), empty());
        // Not copies of one, which would be all of its memory.
        let mut summaries: Vec<_> = (0..many).map(|_| Summary::new()).collect();
        let mut released = self.range.start;
        self.pool.install(|| {
            loop {
                // Not all pieces of a large image, which would be as many as a memory of its size has.
                let batch: Vec<_> = (0..many).map_while(|_| pieces.next()).collect();
                if batch.is_empty() {
                    break;
                }
                // Those before are written while these are put together.
                let places = these.par_iter_mut().zip(&mut summaries).zip(&batch);
                let (written, read) = rayon::join(
                    || before.iter_mut().try_for_each(|piece| out.write(piece)),
                    || places.map(|((rows, summary), piece)| self.read(piece, format, rows, summary)).collect(),
                );
                written.map_err(Error::io(what))?;
                let () = Result::map_err(read, |error: PartialWord| self.input(&error))?;
                std::mem::swap(&mut these, &mut before);
                let end = batch.last().map_or(released, |last| last.end);
                progress.set_position((end - self.range.start) as u64);
                if end - released >= LARGEST {
                    self.image.release(released..end);
                    released = end;
                }
            }
            before.iter_mut().try_for_each(|piece| out.write(piece)).map_err(Error::io(what))
        })?;
        progress.finish_and_clear();
        self.image.check().map_err(|error| self.input(&error))?;
        let mut summary = Summary::new();
        pieces.islands.merge_into(&mut summary);
        summaries.iter().for_each(|part| summary.merge(part));
        Ok(summary)
    }

    /// Adds a piece to a summary, and puts its rows together.
    fn read<F: Format>(
        &self,
        piece: &Range<usize>,
        format: &F,
        rows: &mut F::Piece,
        summary: &mut Summary,
    ) -> Result<(), PartialWord> {
        let without = summary.swap();
        summarize(self.row.layout(), self.words(piece.clone()), summary)?;
        // Most of an image has none, and a summary is far quicker than rows.
        if summary.swap() > without {
            for_each_swap(self.row.layout(), self.words(piece.clone()), |word| {
                if self.files.is_none() || self.is_inside(&word) {
                    format.add(rows, &word);
                }
            })?;
        }
        Ok(())
    }

    /// Whether a word is of a page in the swap files that are known; counted if so.
    fn is_inside(&self, word: &SwapWord) -> bool {
        let inside = is_inside(self.files, word);
        self.inside.fetch_add(u64::from(inside), Ordering::Relaxed);
        inside
    }

    fn words(&self, piece: Range<usize>) -> Words<'_> {
        let bytes = self.image.bytes().get(piece.clone()).unwrap_or_default();
        Words::new(bytes, self.order).at(piece.start as u64).repeated(self.copies)
    }

    /// Bytes of a word with its copies.
    fn word(&self) -> usize {
        (self.row.layout().width / 8 * self.copies.max(1)) as usize
    }

    /// The first bytes at or behind a place that are not known to be zeros.
    fn data(&self, at: u64) -> Option<Range<u64>> {
        data_of(self.image.file(), at..self.range.end as u64)
    }

    /// The range in pieces of about this size, none of which ends between the copies of a word; for rows or not.
    fn pieces<'p>(&'p self, size: usize, data: Find<'p>, rows: bool) -> Pieces<'p> {
        let zeros = Zeros::new(self.row.layout(), self.order, self.copies, rows);
        Pieces::new(self.range.clone(), size.next_multiple_of(self.word()), self.word(), data, zeros)
    }

    fn input(&self, error: &dyn std::error::Error) -> Error {
        Error::Input(format!("{}: {error}", self.image.path().display()))
    }

    fn progress(&self) -> ProgressBar {
        progress(self.range.len() as u64)
    }
}

/// Whether a word is of a page in swap files.
pub(super) fn is_inside(files: Option<SwapFiles>, word: &SwapWord) -> bool {
    match (files, word.entry) {
        (Some(files), Some(entry)) => word.stray == 0 && files.has(entry.swp_type().get(), entry.offset().get()),
        _ => false,
    }
}

/// How many bytes are done, on a terminal only.
pub(super) fn progress(length: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(5));
    let style = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    bar.with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A range in pieces that begin and end at multiples of a size in the file, but for the first, the last, and those beside a
/// hole; where the first word does not begin at a multiple of its own size, all of them are as far off. Holes are in none.
#[derive(Debug)]
struct Pieces<'a> {
    at: usize,
    end: usize,
    size: usize,
    off: usize,
    islands: Islands<'a>,
}

impl<'a> Pieces<'a> {
    fn new(range: Range<usize>, size: usize, word: usize, data: Find<'a>, zeros: Option<Zeros<'a>>) -> Self {
        let off = range.start % word.max(1);
        let islands = Islands::new(data, zeros, word as u64, off as u64);
        Self { at: range.start, end: range.end, size, off, islands }
    }

    fn next(&mut self) -> Option<Range<usize>> {
        while self.at < self.end {
            let start = self.at;
            let place = |to: u64| usize::try_from(to).unwrap_or(self.end).min(self.end);
            match self.islands.run(start as u64, self.end as u64) {
                Run::Zeros(to) => self.at = place(to),
                Run::Data(to) => {
                    let number = (start - self.off) / self.size.max(1);
                    let border = (number + 1).saturating_mul(self.size).saturating_add(self.off);
                    self.at = place(to).min(border);
                    return Some(start..self.at);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_range() {
        for (range, word) in [(0..0, 8), (0..8, 8), (3..64, 1), (64..128, 8), (60..200, 4), (127..129, 1), (5..205, 8)]
        {
            // All of it is there; a hole in it.
            let hole = |at: u64| {
                let all = [0..70, 150..400];
                all.into_iter().find(|one: &Range<u64>| at < one.end).map(|one| one.start.max(at)..one.end)
            };
            let layout = swp_pte_atlas::newest("x86_64").unwrap().layout();
            for zeros in [None, Zeros::new(layout, MemoryOrder::Little, 1, true)] {
                let skips = zeros.is_some();
                let mut pieces = Pieces::new(range.clone(), 64, word, &hole, zeros);
                let all: Vec<_> = std::iter::from_fn(|| pieces.next()).collect();
                let bytes: Vec<_> = all.iter().cloned().flatten().collect();
                assert!(skips || bytes.len() == range.len());
                assert!(bytes.is_sorted_by(|one, next| one < next));
                let must = range.clone().filter(|at| !skips || hole(*at as u64).unwrap().start == *at as u64);
                assert!(must.clone().all(|at| bytes.binary_search(&at).is_ok()), "{all:?}");
                assert!(bytes.len() <= must.count() + 2 * word, "{all:?}");
                assert!(all.iter().all(|piece| !piece.is_empty() && piece.len() <= 64));
                // No word lies in two pieces.
                assert!(all.iter().skip(1).all(|piece| (piece.start - range.start).is_multiple_of(word)));
            }
        }
    }
}
