//! Reads an image piece by piece, on all processors, and lets go of each piece when it is done.

use std::ops::Range;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use swp_pte::MemoryOrder as ByteOrder;
use swp_pte_atlas::Row;
use swp_pte_image::Image;
use swp_pte_scan::{ScanError, Summary, for_each_swap, summarize_row};

use super::rows::{Format, RowOf};
use crate::Error;

/// What the pieces that are being read together may have in memory, in bytes.
const IN_MEMORY: usize = 32 << 20;
/// The largest piece: twice the size of a huge page, so that a mapping can use these.
const LARGEST: usize = 4 << 20;
const SMALLEST: usize = 256 << 10;
/// A piece whose rows are kept until it is their turn: 8192 rows of 8 bytes, at most 1.5 MB of JSON.
const WITH_ROWS: usize = 64 << 10;

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
    pub(crate) order: ByteOrder,
    /// The threads.
    pub(crate) pool: &'a rayon::ThreadPool,
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
        let pieces = pieces(&self.range, piece);
        let summary = self.pool.install(|| {
            let read = pieces.into_par_iter().try_fold(Summary::new, |mut summary, piece| {
                self.image.prepare(piece.clone());
                let bytes = self.bytes(&piece);
                summarize_row(self.row, bytes, self.order, piece.start as u64, &mut summary)?;
                self.image.release(piece.clone());
                progress.inc(piece.len() as u64);
                Ok::<_, ScanError>(summary)
            });
            read.try_reduce(Summary::new, |mut one, other| {
                one.merge(&other);
                Ok(one)
            })
        });
        progress.finish_and_clear();
        self.image.check().map_err(|error| self.input(&error))?;
        summary.map_err(|error| self.input(&error))
    }

    /// The summary, and every swap PTE as a row of an output, in order.
    ///
    /// # Errors
    /// [`Error::Input`] if the file shrinks, [`Error::Io`] if the output cannot be written; `what` says which output.
    pub(crate) fn rows<F: Format>(&self, format: &mut F, what: &str) -> Result<Summary, Error> {
        let progress = self.progress();
        let mut summary = Summary::new();
        let pieces = pieces(&self.range, WITH_ROWS);
        // Enough to keep everybody busy, and little enough to hold their rows.
        let batch = self.pool.current_num_threads().clamp(1, 8) * 2;
        let mut released = self.range.start;
        for batch in pieces.chunks(batch) {
            let (first, end) = batch.first().zip(batch.last()).map_or((released, released), |(f, l)| (f.start, l.end));
            let without = summary.swap();
            summarize_row(self.row, self.bytes(&(first..end)), self.order, first as u64, &mut summary)
                .map_err(|error| self.input(&error))?;
            // Most of an image has none, and a summary is far quicker than rows.
            if summary.swap() > without {
                let done = self.pool.install(|| batch.par_iter().map(|piece| self.encode(piece, format)).collect());
                let done: Result<Vec<_>, ScanError> = done;
                for encoded in done.map_err(|error| self.input(&error))? {
                    format.write(encoded).map_err(Error::io(what))?;
                }
            }
            progress.set_position((end - self.range.start) as u64);
            if end - released >= LARGEST {
                self.image.release(released..end);
                released = end;
            }
        }
        progress.finish_and_clear();
        self.image.check().map_err(|error| self.input(&error))?;
        Ok(summary)
    }

    /// The rows of a piece, in the output's form.
    fn encode<F: Format>(&self, piece: &Range<usize>, format: &F) -> Result<F::Piece, ScanError> {
        let mut encoded = format.piece();
        let add = |word| format.add(&mut encoded, &RowOf::new(self.row.layout(), word));
        for_each_swap(self.row, self.bytes(piece), self.order, piece.start as u64, add)?;
        Ok(encoded)
    }

    fn bytes(&self, piece: &Range<usize>) -> &[u8] {
        self.image.bytes().get(piece.clone()).unwrap_or_default()
    }

    fn input(&self, error: &dyn std::error::Error) -> Error {
        Error::Input(format!("{}: {error}", self.image.path().display()))
    }

    /// On a terminal only.
    fn progress(&self) -> ProgressBar {
        let length = self.range.len() as u64;
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(5));
        let style = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
        bar.with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

/// A range in pieces that begin and end at multiples of `size` in the file, but for the first and the last.
fn pieces(range: &Range<usize>, size: usize) -> Vec<Range<usize>> {
    let first = range.start / size;
    let last = range.end.div_ceil(size);
    (first..last)
        .map(|number| (number * size).max(range.start)..(number + 1).saturating_mul(size).min(range.end))
        .filter(|piece| !piece.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_range() {
        for range in [0..0, 0..1, 3..64, 64..128, 60..200, 127..129] {
            let pieces = pieces(&range, 64);
            assert_eq!(pieces.iter().cloned().flatten().collect::<Vec<_>>(), range.collect::<Vec<_>>());
            assert!(pieces.iter().skip(1).all(|piece| piece.start % 64 == 0));
        }
    }
}
