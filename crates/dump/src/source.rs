//! Where bytes come from: a file, which is read and not mapped, since pages of a mapping count as memory of the program
//! and a file that shrinks would end it; what is small, through the blocks that were read last. docs/dumps.md has what each
//! way costs.

use std::fs::File;
use std::io;
use std::ops::Range;

use crate::cache::{self, BLOCK, Owner};
use crate::flat::Flat;
use crate::holes;

/// Bytes at fixed places.
#[derive(Debug)]
pub(crate) enum Source {
    /// A file or a block device; whose blocks are kept, unless each read is to ask the file.
    File { file: File, length: u64, kept: Option<Owner> },
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file that a flattened one stands for.
    Flat(Box<Flat>),
}

/// Bytes that somebody else holds.
pub(crate) struct Bytes(pub(crate) Box<dyn AsRef<[u8]> + Send + Sync>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bytes({})", self.bytes().len())
    }
}

impl Bytes {
    fn bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl Source {
    /// How many bytes there are.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::File { length, .. } => *length,
            Self::Bytes(bytes) => bytes.bytes().len() as u64,
            Self::Flat(flat) => flat.length(),
        }
    }

    /// Keeps nothing any more: what is read changes.
    pub(crate) fn keep_nothing(&mut self) {
        match self {
            Self::File { kept, .. } => *kept = None,
            Self::Bytes(_) => {}
            Self::Flat(flat) => flat.keep_nothing(),
        }
    }

    /// Copies bytes from a place, as many as there are, and says how many.
    fn some(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File { file, kept, .. } => {
                let owner = kept.filter(|_| into.len() < BLOCK);
                let kept = owner.and_then(|owner| {
                    cache::read(owner, at, into, |at, block| all(at, block, |at, rest| read_at(file, at, rest)))
                });
                kept.map_or_else(|| read_at(file, at, into), Ok)
            }
            Self::Flat(flat) => flat.some(at, into),
            Self::Bytes(bytes) => {
                let there = usize::try_from(at).ok().and_then(|at| bytes.bytes().get(at..)).unwrap_or_default();
                let length = there.len().min(into.len());
                if let (Some(into), Some(there)) = (into.get_mut(..length), there.get(..length)) {
                    into.copy_from_slice(there);
                }
                Ok(length)
            }
        }
    }

    /// Copies all of the bytes, or as many as there are until the end, and says how many.
    pub(crate) fn up_to(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        all(at, into, |at, rest| self.some(at, rest))
    }

    /// At most `limit` bytes from a place.
    pub(crate) fn vec(&self, at: u64, length: u64, limit: usize) -> io::Result<Vec<u8>> {
        let there = self.length().saturating_sub(at).min(length);
        let mut bytes = vec![0; usize::try_from(there).unwrap_or(limit).min(limit)];
        let length = self.up_to(at, &mut bytes)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// The place in the file of what is at a place here.
    pub(crate) fn position(&self, at: u64) -> Option<u64> {
        match self {
            Self::File { .. } | Self::Bytes(_) => Some(at),
            Self::Flat(flat) => flat.position(at),
        }
    }

    /// The first bytes in a range that are not known to be zeros, as far as they go.
    pub(crate) fn data(&self, within: Range<u64>) -> Option<Range<u64>> {
        match self {
            Self::File { file, .. } => holes::data_of(file, within),
            Self::Bytes(_) => Some(within).filter(|within| !within.is_empty()),
            Self::Flat(flat) => flat.data(within),
        }
    }
}

/// Reads until all is there, or nothing more comes.
fn all(at: u64, into: &mut [u8], mut some: impl FnMut(u64, &mut [u8]) -> io::Result<usize>) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = into.get_mut(done..).filter(|rest| !rest.is_empty()) {
        let Some(at) = at.checked_add(done as u64) else { break };
        match some(at, rest) {
            Ok(0) => break,
            Ok(length) => done += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

#[cfg(unix)]
fn read_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}
