//! Memory that lies uncompressed in a file, in pieces.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::source::Source;
use crate::{Missing, Range, Warning};

/// A stretch of memory, and where it lies in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The memory.
    pub memory: Range,
    /// Where its first byte is in the file; `None` if it was left out.
    pub position: Option<u64>,
}

/// What of a dump is worth reading from end to end.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Readable {
    /// Memory without what is known not to be there, ascending, not overlapping. Of a dump whose pages are found one by one, single
    /// pages in it can still be missing.
    pub ranges: Vec<Range>,
    /// Bytes beside these that were left out when the dump was written.
    pub excluded: u64,
    /// Bytes beside these that are cut off.
    pub truncated: u64,
}

/// Pieces, ascending and not overlapping.
#[derive(Debug)]
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    ranges: Vec<Range>,
}

/// Of two pieces with the same memory, what is in the file is taken, and of two such what comes first.
const fn rank(piece: &Piece) -> (bool, u64) {
    match piece.position {
        Some(position) => (false, position),
        None => (true, 0),
    }
}

impl Pieces {
    /// Puts pieces in order, with warnings about what they are.
    pub(crate) fn new(mut all: Vec<Piece>, source: &Source, warnings: &mut Vec<Warning>) -> Self {
        all.retain(|piece| piece.memory.start < piece.memory.end);
        all.sort_by_key(|piece| piece.memory.start);
        let claimed: u128 = all.iter().map(|piece| u128::from(piece.memory.bytes())).sum();
        let pieces =
            if all.is_sorted_by(|one, next| one.memory.end <= next.memory.start) { all } else { disjoint(&all, rank) };
        let covered: u128 = pieces.iter().map(|piece| u128::from(piece.memory.bytes())).sum();
        if claimed > covered {
            let bytes = u64::try_from(claimed - covered).unwrap_or(u64::MAX);
            warnings.push(Warning::Overlapping { bytes });
        }
        let mut ranges: Vec<Range> = Vec::new();
        for piece in &pieces {
            match ranges.last_mut() {
                Some(last) if last.end == piece.memory.start => last.end = piece.memory.end,
                _ => ranges.push(piece.memory),
            }
        }
        warnings.extend(truncated(&pieces, source.length()));
        Self { pieces, ranges }
    }

    /// The pieces.
    pub(crate) fn as_slice(&self) -> &[Piece] {
        &self.pieces
    }

    /// The memory of them that is in a file of some length, and how many bytes were left out and are cut off.
    pub(crate) fn readable(&self, length: u64) -> Readable {
        let mut all = Readable::default();
        for piece in &self.pieces {
            let bytes = piece.memory.bytes();
            let Some(position) = piece.position else {
                all.excluded = all.excluded.saturating_add(bytes);
                continue;
            };
            let there = length.saturating_sub(position).min(bytes);
            all.truncated = all.truncated.saturating_add(bytes - there);
            let (start, end) = (piece.memory.start, piece.memory.start + there);
            match all.ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ if there > 0 => all.ranges.push(Range { start, end }),
                _ => {}
            }
        }
        all
    }

    /// The memory that they are.
    pub(crate) fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    fn find(&self, at: u64) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.memory.end <= at);
        self.pieces.get(index).filter(|piece| piece.memory.contains(at))
    }

    /// As [`crate::Memory::read`].
    pub(crate) fn read(&self, source: &Source, mut at: u64, mut into: &mut [u8]) -> Result<(), Missing> {
        while !into.is_empty() {
            let piece = self.find(at).ok_or(Missing::NotInDump { at })?;
            let position = piece.position.ok_or(Missing::Excluded { at })?;
            let there = usize::try_from(piece.memory.end - at).unwrap_or(usize::MAX).min(into.len());
            let (now, rest) = into.split_at_mut(there);
            // A piece can lie beyond what a file can have: then it is cut off.
            let from = position.checked_add(at - piece.memory.start).ok_or(Missing::Truncated { at })?;
            match source.up_to(from, now) {
                Ok(length) if length == now.len() => {}
                Ok(length) => return Err(Missing::Truncated { at: at + length as u64 }),
                Err(error) => return Err(Missing::Damaged { at, why: error.to_string() }),
            }
            at = piece.memory.end;
            into = rest;
        }
        Ok(())
    }

    /// As [`crate::Memory::next_data`].
    pub(crate) fn next_data(&self, source: &Source, at: u64) -> Option<Range> {
        let first = self.pieces.partition_point(|piece| piece.memory.end <= at);
        let pieces = self.pieces.get(first..).unwrap_or_default();
        pieces.iter().find_map(|piece| {
            let position = piece.position?;
            let (start, end) = (piece.memory.start, piece.memory.end);
            let from = position.checked_add(at.max(start) - start)?;
            let to = position.saturating_add(end - start).min(source.length());
            let data = source.data(from..to)?;
            Some(Range { start: start + (data.start - position), end: start + (data.end - position) })
        })
    }

    /// As [`crate::Memory::file_position`].
    pub(crate) fn position(&self, source: &Source, at: u64) -> Option<u64> {
        let piece = self.find(at)?;
        let position = piece.position?.checked_add(at - piece.memory.start)?;
        (position < source.length()).then(|| source.position(position)).flatten()
    }
}

/// The same memory, each byte once, of the piece of least rank that has it. `all` is sorted by its starts; there are at most twice as many pieces after as before.
pub(crate) fn disjoint<R: Ord>(all: &[Piece], rank: impl Fn(&Piece) -> R) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(all.len());
    // Those that reach beyond the place that has been come to, best first.
    let mut open: BinaryHeap<Reverse<(R, usize)>> = BinaryHeap::new();
    let mut coming = all.iter().enumerate().peekable();
    let mut at = 0;
    loop {
        while let Some((number, piece)) = coming.next_if(|(_, piece)| piece.memory.start <= at) {
            open.push(Reverse((rank(piece), number)));
        }
        let best = open.peek().and_then(|Reverse((_, number))| all.get(*number));
        let Some(best) = best else {
            let Some((_, next)) = coming.peek() else { return out };
            at = next.memory.start;
            continue;
        };
        if best.memory.end <= at {
            open.pop();
            continue;
        }
        let end = coming.peek().map_or(best.memory.end, |(_, next)| next.memory.start.min(best.memory.end));
        let position = best.position.map(|position| position.saturating_add(at - best.memory.start));
        push(&mut out, Piece { memory: Range { start: at, end }, position });
        at = end;
    }
}

/// Adds a piece, to the one before if it goes on there.
fn push(out: &mut Vec<Piece>, piece: Piece) {
    if let Some(last) = out.last_mut().filter(|last| last.memory.end == piece.memory.start) {
        let goes_on = match (last.position, piece.position) {
            (Some(last_at), Some(at)) => last_at.checked_add(last.memory.bytes()) == Some(at),
            (None, None) => true,
            _ => false,
        };
        if goes_on {
            last.memory.end = piece.memory.end;
            return;
        }
    }
    out.push(piece);
}

/// How much lies beyond the end of the file.
fn truncated(pieces: &[Piece], end: u64) -> Option<Warning> {
    let (mut missing, mut all, mut from) = (0u64, 0u64, None);
    for piece in pieces {
        let Some(position) = piece.position else { continue };
        let bytes = piece.memory.bytes();
        let there = end.saturating_sub(position).min(bytes);
        all = all.saturating_add(bytes);
        missing = missing.saturating_add(bytes - there);
        if there < bytes && from.is_none() {
            from = Some(piece.memory.start + there);
        }
    }
    from.map(|from| Warning::Truncated { end, missing, all, from })
}
