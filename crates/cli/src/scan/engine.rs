//! Reads an image piece by piece, on all processors, and lets go of each piece when it is done.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use swp_pte::MemoryOrder;
use swp_pte_atlas::Row;
use swp_pte_forms::SwapFiles;
use swp_pte_image::Image;
use swp_pte_scan::{PartialWord, Summary, SwapWord, Words, for_each_swap, summarize};

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
        let pieces = self.pieces(piece);
        // One summary for each thread, which are a megabyte each where all types occur.
        let next = AtomicUsize::new(0);
        let parts = self.pool.broadcast(|_| {
            let mut summary = Summary::new();
            while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.image.prepare(piece.clone());
                let without = summary.swap();
                summarize(self.row.layout(), self.words(piece.clone()), &mut summary)?;
                if self.files.is_some() && summary.swap() > without {
                    for_each_swap(self.row.layout(), self.words(piece.clone()), |word| {
                        self.is_inside(&word);
                    })?;
                }
                self.image.release(piece.clone());
                progress.inc(piece.len() as u64);
            }
            Ok::<_, PartialWord>(summary)
        });
        progress.finish_and_clear();
        self.image.check().map_err(|error| self.input(&error))?;
        let mut summary = Summary::new();
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
        let pieces = self.pieces(WITH_ROWS);
        // Enough to keep everybody busy, and little enough to hold their rows.
        let many = self.pool.current_num_threads().clamp(1, 8) * 2;
        let empty = || (0..many).map(|_| F::Piece::default()).collect::<Vec<_>>();
        let (mut these, mut before) = (empty(), empty());
        // Not copies of one, which would be all of its memory.
        let mut summaries: Vec<_> = (0..many).map(|_| Summary::new()).collect();
        let mut released = self.range.start;
        self.pool.install(|| {
            for first in (0..pieces.count).step_by(many) {
                // Not all pieces of a large image, which would be as many as a memory of its size has.
                let batch: Vec<_> = (first..first + many).map_while(|number| pieces.get(number)).collect();
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

    /// The range in pieces of about this size, none of which ends between the copies of a word.
    fn pieces(&self, size: usize) -> Pieces {
        let word = (self.row.layout().width / 8 * self.copies.max(1)) as usize;
        Pieces::new(self.range.clone(), size.next_multiple_of(word), word)
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

/// A range in pieces that begin and end at multiples of a size in the file, but for the first and the last; where the first
/// word does not begin at a multiple of its own size, all of them are as far off.
#[derive(Clone, Debug)]
struct Pieces {
    range: Range<usize>,
    size: usize,
    off: usize,
    first: usize,
    count: usize,
}

impl Pieces {
    fn new(range: Range<usize>, size: usize, word: usize) -> Self {
        let off = range.start % word.max(1);
        let (first, last) = ((range.start - off) / size, range.end.saturating_sub(off).div_ceil(size));
        let count = if range.is_empty() { 0 } else { last.saturating_sub(first) };
        Self { range, size, off, first, count }
    }

    fn get(&self, number: usize) -> Option<Range<usize>> {
        if number >= self.count {
            return None;
        }
        let border = |number: usize| (self.first + number).saturating_mul(self.size).saturating_add(self.off);
        Some(border(number).max(self.range.start)..border(number + 1).min(self.range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_range() {
        for (range, word) in [(0..0, 8), (0..8, 8), (3..64, 1), (64..128, 8), (60..200, 4), (127..129, 1), (5..205, 8)]
        {
            let pieces = Pieces::new(range.clone(), 64, word);
            let all: Vec<_> = (0..).map_while(|number| pieces.get(number)).collect();
            assert_eq!(all.iter().cloned().flatten().collect::<Vec<_>>(), range.clone().collect::<Vec<_>>());
            assert!(all.iter().all(|piece| !piece.is_empty()));
            // No word lies in two pieces.
            assert!(all.iter().skip(1).all(|piece| (piece.start - range.start).is_multiple_of(word)));
        }
    }
}
