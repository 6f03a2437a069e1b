//! Reads the memory of a dump piece by piece, on all processors: straight through the mapped file where it lies there as it
//! is, page by page where it does not.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;
use rayon::prelude::*;
use swp_pte::MemoryOrder;
use swp_pte_atlas::Row;
use swp_pte_dump::{Dump, Memory, Missing};
use swp_pte_forms::SwapFiles;
use swp_pte_image::Image;
use swp_pte_scan::{PartialWord, Summary, Words, for_each_swap, summarize};

use super::engine::{LARGEST, Reads, WITH_ROWS, is_inside, progress};
use super::islands::{Find, Islands, Run, Zeros};
use super::rows::Format;
use crate::Error;
use crate::rows::Sink;

/// What is read at a time where pages are packed, in bytes.
const UNIT: usize = 4096;
/// A piece of memory without rows.
const PIECE: u64 = 1 << 20;

/// The memory of a dump, in whole words, one range after the other.
#[derive(Debug)]
pub(crate) struct Stretches {
    /// How many bytes come before, and the physical addresses.
    all: Vec<(u64, Range<u64>)>,
    bytes: u64,
}

impl Stretches {
    /// Memory in whole words; one that begins in no range is left out.
    pub(crate) fn new(ranges: &[swp_pte_dump::Range], word: u64) -> Self {
        let (mut all, mut bytes) = (Vec::new(), 0_u64);
        for range in ranges {
            let Some(start) = range.start.checked_next_multiple_of(word) else { continue };
            let end = range.end / word * word;
            if start < end {
                all.push((bytes, start..end));
                // Bounded by the file, whatever its headers say.
                bytes = bytes.saturating_add(end - start);
            }
        }
        Self { all, bytes }
    }

    /// How many bytes there are.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many ranges there are.
    pub(crate) const fn count(&self) -> usize {
        self.all.len()
    }

    /// The first address, and the one after the last.
    pub(crate) fn ends(&self) -> Range<u64> {
        let start = self.all.first().map_or(0, |(_, range)| range.start);
        start..self.all.last().map_or(start, |(_, range)| range.end)
    }

    /// Some bytes, counted over all ranges, piece by piece.
    fn pieces<'a>(&'a self, bytes: &Range<u64>, islands: Islands<'a>) -> Pieces<'a> {
        let first = self.all.partition_point(|(before, range)| before + (range.end - range.start) <= bytes.start);
        let all = self.all.get(first..).unwrap_or_default();
        Pieces { all, at: bytes.start, end: bytes.end, islands }
    }
}

/// Memory, piece by piece, without what is zeros.
#[derive(Debug)]
struct Pieces<'a> {
    all: &'a [(u64, Range<u64>)],
    at: u64,
    end: u64,
    islands: Islands<'a>,
}

impl Pieces<'_> {
    /// The physical addresses of the next piece, of about so many bytes.
    fn next(&mut self, size: u64) -> Option<Vec<Range<u64>>> {
        let (mut piece, mut left) = (Vec::new(), size);
        while left > 0 && self.at < self.end {
            let Some(((before, range), rest)) = self.all.split_first() else { break };
            let start = range.start + (self.at - before);
            let end = range.end.min(range.start + (self.end - before));
            if start >= end {
                self.all = rest;
                continue;
            }
            let to = match self.islands.run(start, end) {
                Run::Zeros(to) => to,
                Run::Data(to) => {
                    let to = to.min(start.saturating_add(left));
                    left -= to - start;
                    piece.push(start..to);
                    to
                }
            };
            self.at += to - start;
        }
        Some(piece).filter(|piece| !piece.is_empty())
    }
}

/// Memory that could not be read, in bytes.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Gone {
    /// Left out when the dump was written.
    pub(crate) excluded: u64,
    /// Beyond the end of the file.
    pub(crate) truncated: u64,
    /// Not readable.
    pub(crate) damaged: u64,
    /// The first of these, and why.
    pub(crate) why: Option<String>,
}

impl Gone {
    fn add(&mut self, missing: &Missing, bytes: u64) {
        match missing {
            Missing::Excluded { .. } => self.excluded += bytes,
            Missing::Truncated { .. } => self.truncated += bytes,
            Missing::Damaged { .. } => {
                self.damaged += bytes;
                self.why.get_or_insert_with(|| missing.to_string());
            }
            // A hole that the ranges pass over.
            Missing::NotInDump { .. } => {}
        }
    }

    fn merge(&mut self, other: Self) {
        self.excluded += other.excluded;
        self.truncated += other.truncated;
        self.damaged += other.damaged;
        self.why = self.why.take().or(other.why);
    }
}

/// A dump, and how to read it.
#[derive(Debug)]
pub(crate) struct MemoryJob<'a> {
    /// The dump.
    pub(crate) dump: &'a Dump,
    /// Its file, if memory lies in it as it is.
    pub(crate) image: Option<&'a Image>,
    /// Its name.
    pub(crate) path: &'a Path,
    /// Its memory.
    pub(crate) stretches: &'a Stretches,
    /// Which bytes of that.
    pub(crate) part: Range<u64>,
    /// The layout.
    pub(crate) row: &'static Row,
    /// The byte order.
    pub(crate) order: MemoryOrder,
    /// How often each word stands there in a row.
    pub(crate) copies: u32,
    /// The threads.
    pub(crate) pool: &'a rayon::ThreadPool,
    /// The machine's swap files, if they are known.
    pub(crate) files: Option<SwapFiles>,
    /// How many swap PTEs are of pages in them.
    pub(crate) inside: AtomicU64,
    /// What could not be read.
    pub(crate) gone: Mutex<Gone>,
}

impl Reads for MemoryJob<'_> {
    fn summary(&self) -> Result<Summary, Error> {
        self.summary()
    }

    fn rows<F: Format>(&self, format: &F, out: &mut impl Sink<F::Piece>, what: &str) -> Result<Summary, Error> {
        self.rows(format, out, what)
    }

    fn path(&self) -> &Path {
        self.path
    }

    fn mapped(&self) -> Option<&Image> {
        self.image
    }

    fn row(&self) -> &'static Row {
        self.row
    }

    #[cfg(feature = "parquet")]
    fn order(&self) -> MemoryOrder {
        self.order
    }

    fn is_dump(&self) -> bool {
        true
    }
}

impl MemoryJob<'_> {
    const fn word(&self) -> u64 {
        (self.row.layout().width / 8 * if self.copies == 0 { 1 } else { self.copies }) as u64
    }

    /// The first memory at or behind an address that is not known to be zeros.
    fn data(&self, at: u64) -> Option<Range<u64>> {
        self.dump.next_data(at).map(|range| range.start..range.end)
    }

    /// The part in pieces, for rows or not.
    fn pieces<'p>(&'p self, data: Find<'p>, rows: bool) -> Pieces<'p> {
        let zeros = Zeros::new(self.row.layout(), self.order, self.copies, rows);
        self.stretches.pieces(&self.part, Islands::new(data, zeros, self.word(), 0))
    }

    /// The summary alone.
    ///
    /// # Errors
    /// [`Error::Input`] if the file shrinks.
    pub(crate) fn summary(&self) -> Result<Summary, Error> {
        let bar = self.progress();
        let data = |at| self.data(at);
        let pieces = Mutex::new(self.pieces(&data, false));
        let next = || {
            let mut pieces = pieces.lock().unwrap_or_else(PoisonError::into_inner);
            let piece = pieces.next(PIECE.next_multiple_of(self.word()));
            bar.set_position(pieces.at - self.part.start);
            piece
        };
        let parts = self.pool.broadcast(|_| {
            let (mut summary, mut room) = (Summary::new(), Vec::new());
            while let Some(piece) = next() {
                self.read(&piece, &mut room, &mut summary, |_, _| ())?;
            }
            Ok::<_, PartialWord>(summary)
        });
        bar.finish_and_clear();
        self.check()?;
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
        let bar = self.progress();
        let many = self.pool.current_num_threads().clamp(1, 8) * 2;
        let empty = || (0..many).map(|_| F::Piece::default()).collect::<Vec<_>>();
        let (mut these, mut before) = (empty(), empty());
        let mut states: Vec<_> = (0..many).map(|_| (Summary::new(), Vec::new())).collect();
        let data = |at| self.data(at);
        let mut pieces = self.pieces(&data, true);
        let size = (WITH_ROWS as u64).next_multiple_of(self.word());
        self.pool.install(|| {
            loop {
                let batch: Vec<_> = (0..many).map_while(|_| pieces.next(size)).collect();
                if batch.is_empty() {
                    break;
                }
                let places = these.par_iter_mut().zip(&mut states).zip(&batch);
                let (written, read) = rayon::join(
                    || before.iter_mut().try_for_each(|piece| out.write(piece)),
                    || {
                        let read = places.map(|((rows, (summary, room)), piece)| {
                            self.read(piece, room, summary, |word, position| {
                                format.add_in_dump(rows, word, position);
                            })
                        });
                        read.collect::<Result<(), _>>()
                    },
                );
                written.map_err(Error::io(what))?;
                read.map_err(|error: PartialWord| self.input(&error))?;
                std::mem::swap(&mut these, &mut before);
                bar.set_position(pieces.at - self.part.start);
            }
            before.iter_mut().try_for_each(|piece| out.write(piece)).map_err(Error::io(what))
        })?;
        bar.finish_and_clear();
        self.check()?;
        let mut summary = Summary::new();
        pieces.islands.merge_into(&mut summary);
        states.iter().for_each(|(part, _)| summary.merge(part));
        Ok(summary)
    }

    /// Adds a piece to a summary, and hands out its swap PTEs, each with its place in the file if it has one.
    fn read(
        &self,
        piece: &[Range<u64>],
        room: &mut Vec<u8>,
        summary: &mut Summary,
        mut each: impl FnMut(&swp_pte_scan::SwapWord, Option<u64>),
    ) -> Result<(), PartialWord> {
        let mut gone = Gone::default();
        let mut found = Ok(());
        for memory in piece {
            self.runs(memory.clone(), room, &mut gone, &mut |words, at| {
                if found.is_ok() {
                    found = self.run(words, at, summary, &mut each);
                }
            });
        }
        if gone != Gone::default() {
            self.gone.lock().unwrap_or_else(PoisonError::into_inner).merge(gone);
        }
        found
    }

    /// The same for words that are together, the first of them at a place in the file.
    fn run(
        &self,
        words: Words<'_>,
        at: Option<u64>,
        summary: &mut Summary,
        each: &mut impl FnMut(&swp_pte_scan::SwapWord, Option<u64>),
    ) -> Result<(), PartialWord> {
        let without = summary.swap();
        summarize(self.row.layout(), words, summary)?;
        if summary.swap() == without {
            return Ok(());
        }
        for_each_swap(self.row.layout(), words, |word| {
            if self.files.is_some() {
                let inside = is_inside(self.files, &word);
                self.inside.fetch_add(u64::from(inside), Ordering::Relaxed);
                if !inside {
                    return;
                }
            }
            let position = match at {
                Some(at) => Some(at + (word.position - words.position)),
                None => self.dump.file_position(word.position),
            };
            each(&word, position);
        })
    }

    const fn words<'w>(&self, bytes: &'w [u8], at: u64) -> Words<'w> {
        Words::new(bytes, self.order).at(at).repeated(self.copies)
    }

    /// Memory as runs of words that can be read.
    fn runs(
        &self,
        memory: Range<u64>,
        room: &mut Vec<u8>,
        gone: &mut Gone,
        each: &mut dyn FnMut(Words<'_>, Option<u64>),
    ) {
        let mut at = memory.start;
        while at < memory.end {
            let end = match self.mapped(at..memory.end) {
                Some((bytes, position)) => {
                    let end = at + bytes.len() as u64;
                    each(self.words(bytes, at), Some(position));
                    if let Some((image, start)) = self.image.zip(usize::try_from(position).ok()) {
                        image.release(start..start + bytes.len());
                    }
                    end
                }
                None => self.copied(at..memory.end, room, gone, each),
            };
            at = end.max(at + self.word());
        }
    }

    /// What lies in the mapped file from an address on, in whole words, and where.
    fn mapped(&self, memory: Range<u64>) -> Option<(&[u8], u64)> {
        let image = self.image?;
        let pieces = self.dump.pieces();
        let piece = pieces.get(pieces.partition_point(|piece| piece.memory.end <= memory.start))?;
        let position = piece.position.filter(|_| piece.memory.contains(memory.start))?;
        let position = position.checked_add(memory.start - piece.memory.start)?;
        let start = usize::try_from(position).ok()?;
        let there = image.bytes().get(start..)?;
        let most = usize::try_from(piece.memory.end.min(memory.end) - memory.start).unwrap_or(usize::MAX);
        let length = there.len().min(most).min(LARGEST);
        let whole = length - length % usize::try_from(self.word()).unwrap_or(1);
        if whole == 0 {
            return None;
        }
        image.prepare(start..start + whole);
        Some((there.get(..whole)?, position))
    }

    /// Copies memory from an address on and hands it out; says where it has come to.
    fn copied(
        &self,
        memory: Range<u64>,
        room: &mut Vec<u8>,
        gone: &mut Gone,
        each: &mut dyn FnMut(Words<'_>, Option<u64>),
    ) -> u64 {
        room.resize(UNIT, 0);
        // Up to the border of a page, so that one that is missing takes no other with it.
        let border = (memory.start / UNIT as u64 + 1).saturating_mul(UNIT as u64).min(memory.end);
        let length = usize::try_from(border - memory.start).unwrap_or(UNIT).min(UNIT);
        let whole = length - length % usize::try_from(self.word()).unwrap_or(1);
        let Some(bytes) = room.get_mut(..whole).filter(|bytes| !bytes.is_empty()) else { return border };
        match self.dump.read(memory.start, bytes) {
            Ok(()) => {
                each(self.words(bytes, memory.start), None);
                memory.start + whole as u64
            }
            Err(missing) => {
                let before = missing.at().saturating_sub(memory.start) / self.word() * self.word();
                let before = usize::try_from(before).unwrap_or(0);
                let good = bytes.get_mut(..before).unwrap_or_default();
                let mut read = 0;
                if !good.is_empty() && self.dump.read(memory.start, good).is_ok() {
                    read = good.len() as u64;
                    each(self.words(good, memory.start), None);
                }
                gone.add(&missing, border - memory.start - read);
                border
            }
        }
    }

    fn check(&self) -> Result<(), Error> {
        self.image.map_or(Ok(()), |image| image.check().map_err(|error| self.input(&error)))
    }

    fn input(&self, error: &dyn std::error::Error) -> Error {
        Error::Input(format!("{}: {error}", self.path.display()))
    }

    fn progress(&self) -> ProgressBar {
        progress(self.part.end - self.part.start)
    }
}
