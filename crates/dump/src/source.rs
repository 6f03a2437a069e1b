//! Where bytes come from: a file, which is read and not mapped, since pages of a mapping count as memory of the program
//! and a file that shrinks would end it.

use std::fs::File;
use std::io;

use crate::flat::Flat;

/// Bytes at fixed places.
#[derive(Debug)]
pub(crate) enum Source {
    /// A file or a block device.
    File { file: File, length: u64 },
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// A file that a flattened one stands for.
    Flat(Box<Flat>),
}

impl Source {
    /// How many bytes there are.
    pub(crate) const fn length(&self) -> u64 {
        match self {
            Self::File { length, .. } => *length,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Flat(flat) => flat.length(),
        }
    }

    /// Copies bytes from a place, as many as there are, and says how many.
    fn some(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File { file, .. } => read_at(file, at, into),
            Self::Flat(flat) => flat.some(at, into),
            Self::Bytes(bytes) => {
                let there = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                let length = there.len().min(into.len());
                into.iter_mut().zip(there).for_each(|(into, byte)| *into = *byte);
                Ok(length)
            }
        }
    }

    /// Copies all of the bytes, or as many as there are until the end, and says how many.
    pub(crate) fn up_to(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while let Some(rest) = into.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let Some(at) = at.checked_add(done as u64) else { break };
            match self.some(at, rest) {
                Ok(0) => break,
                Ok(length) => done += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
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
}

#[cfg(unix)]
fn read_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}
