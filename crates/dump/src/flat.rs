//! The flattened format, which `makedumpfile -F` and qemu write to pipes: another file as pieces, each with its place. What it
//! takes `makedumpfile -R` to put together is an index here.
//!
//! makedumpfile's `makedumpfile.h`: `makedumpfile_header`, in 4096 bytes, then a `makedumpfile_data_header` before each piece,
//! most significant byte first on every machine.

use std::io;

use crate::pieces::{Piece, disjoint};
use crate::source::Source;
use crate::{OpenError, Range, Warning};

/// `MAKEDUMPFILE_SIGNATURE`, padded.
const SIGNATURE: &[u8; 16] = b"makedumpfile\0\0\0\0";
/// `MAX_SIZE_MDF_HEADER`.
const HEADER: u64 = 4096;
/// `makedumpfile_data_header`.
const RECORD: usize = 16;
/// Pieces that are read. Each is 64 KB of makedumpfile, 16 KB of qemu, and 32 bytes of the index.
const MOST: usize = 1 << 25;

/// Whether a file that begins so is flattened.
pub(crate) fn is_flat(start: &[u8]) -> bool {
    start.starts_with(SIGNATURE)
}

/// The other file.
#[derive(Debug)]
pub(crate) struct Flat {
    inner: Source,
    /// Ascending, not overlapping: places in the other file in place of addresses.
    pieces: Vec<Piece>,
    length: u64,
    /// The end was reached: what no piece has is zero, as in the file that `-R` makes.
    whole: bool,
}

const fn damaged(why: String) -> OpenError {
    OpenError::Damaged { format: "flattened", why }
}

impl Flat {
    /// Reads the headers of all pieces.
    pub(crate) fn new(inner: Source, warnings: &mut Vec<Warning>) -> Result<Self, OpenError> {
        let mut numbers = [0; 16];
        if inner.up_to(16, &mut numbers).map_err(OpenError::io("read"))? < numbers.len() {
            return Err(damaged("the file ends inside of its header".into()));
        }
        if halves(numbers) != (1, 1) {
            let (kind, version) = halves(numbers);
            return Err(damaged(format!("its type is {kind} and its version {version}; both must be 1")));
        }
        let (mut all, whole) = records(&inner)?;
        let length = all.iter().map(|piece| piece.memory.end).max().unwrap_or(0);
        if length == 0 {
            return Err(damaged("there is nothing in it".into()));
        }
        if !whole {
            warnings.push(Warning::CutOff { end: inner.length() });
        }
        // A piece that comes later was written over what came before.
        if !all.is_sorted_by(|one, next| one.memory.end <= next.memory.start) {
            all.sort_by_key(|piece| piece.memory.start);
            all = disjoint(&all, |piece| std::cmp::Reverse(piece.position));
        }
        all.shrink_to_fit();
        Ok(Self { inner, pieces: all, length, whole })
    }

    /// The other file's length.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// Bytes of the other file, as many as are together.
    pub(crate) fn some(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        let index = self.pieces.partition_point(|piece| piece.memory.end <= at);
        let Some(piece) = self.pieces.get(index).filter(|_| left > 0) else { return Ok(0) };
        if at < piece.memory.start {
            if !self.whole {
                return Ok(0);
            }
            let gap = usize::try_from(piece.memory.start - at).unwrap_or(usize::MAX).min(into.len());
            into.iter_mut().take(gap).for_each(|byte| *byte = 0);
            return Ok(gap);
        }
        let there = usize::try_from(piece.memory.end - at).unwrap_or(usize::MAX).min(into.len());
        let position = piece.position.unwrap_or(u64::MAX).saturating_add(at - piece.memory.start);
        self.inner.up_to(position, into.get_mut(..there).unwrap_or_default())
    }

    /// As [`Source::keep_nothing`].
    pub(crate) fn keep_nothing(&mut self) {
        self.inner.keep_nothing();
    }

    /// As [`Source::data`].
    pub(crate) fn data(&self, within: std::ops::Range<u64>) -> Option<std::ops::Range<u64>> {
        // What no piece has is zeros only if all pieces are there.
        if within.is_empty() || !self.whole {
            return Some(within).filter(|within| !within.is_empty());
        }
        let index = self.pieces.partition_point(|piece| piece.memory.end <= within.start);
        let piece = self.pieces.get(index).filter(|piece| piece.memory.start < within.end)?;
        Some(piece.memory.start.max(within.start)..piece.memory.end.min(within.end))
    }

    /// The place in the file itself.
    pub(crate) fn position(&self, at: u64) -> Option<u64> {
        let index = self.pieces.partition_point(|piece| piece.memory.end <= at);
        let piece = self.pieces.get(index).filter(|piece| piece.memory.contains(at))?;
        self.inner.position(piece.position? + (at - piece.memory.start))
    }
}

/// Two numbers of eight bytes.
fn halves(bytes: [u8; 16]) -> (i64, i64) {
    let half = |half: Option<&[u8; 8]>| half.map_or(0, |half| i64::from_be_bytes(*half));
    (half(bytes.first_chunk()), half(bytes.last_chunk()))
}

/// All pieces in the order of the file, and whether the mark of the end was there.
fn records(inner: &Source) -> Result<(Vec<Piece>, bool), OpenError> {
    let mut all: Vec<Piece> = Vec::new();
    let mut at = HEADER;
    loop {
        let mut header = [0; RECORD];
        if inner.up_to(at, &mut header).map_err(OpenError::io("read"))? < header.len() {
            return Ok((all, false));
        }
        let (start, length) = halves(header);
        // `END_FLAG_FLAT_HEADER`.
        if (start, length) == (-1, -1) {
            return Ok((all, true));
        }
        let (Ok(start), Ok(length @ 1..)) = (u64::try_from(start), u64::try_from(length)) else {
            return Err(damaged(format!("the piece at byte {at} is {length} bytes for place {start}")));
        };
        if all.len() == MOST {
            return Err(damaged(format!(
                "it has more than {MOST} pieces; put it together first: makedumpfile -R NEW <THIS"
            )));
        }
        // Both are below 2^63.
        let position = at + RECORD as u64;
        at = position + length;
        // What is cut off is not there.
        let there = length.min(inner.length().saturating_sub(position));
        all.push(Piece { memory: Range { start, end: start + there }, position: Some(position) });
        if there < length {
            return Ok((all, false));
        }
    }
}
