//! Blocks of files that were read last: a kernel is read in pieces of eight bytes, many of them beside each other, and a
//! system call for each takes longer than all the rest.
//!
//! Each thread has its own, so that nobody waits for anybody; [`KEPT`] blocks, whatever the number of files.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a block: a page makes eight bytes somewhere else half as expensive again, and holds little more of what is read
/// together. What is as long is read past them: a page table is looked at once.
pub(crate) const BLOCK: usize = 1024;
/// Blocks of a thread: 256 KiB.
const KEPT: usize = 1 << KEPT_BITS;
const KEPT_BITS: u32 = 8;

/// A file among all that were ever opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Owner(u64);

impl Owner {
    /// Another one.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A block that is kept.
struct Block {
    of: Option<(Owner, u64)>,
    bytes: Vec<u8>,
}

thread_local! {
    static BLOCKS: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Copies bytes of a file from a place, up to the end of their block; says how many. `fetch` reads the file: it fills what it is
/// given, or as much as there is until the end. `None`: the file has to be asked itself, because the block cannot be read whole
/// (the bytes that are wanted perhaps can).
pub(crate) fn read(
    owner: Owner,
    at: u64,
    into: &mut [u8],
    fetch: impl FnOnce(u64, &mut [u8]) -> io::Result<usize>,
) -> Option<usize> {
    let number = at / BLOCK as u64;
    let inside = usize::try_from(at % BLOCK as u64).ok()?;
    // A thread that is ending may have none any more.
    let read = BLOCKS.try_with(|blocks| {
        let mut blocks = blocks.try_borrow_mut().ok()?;
        if blocks.is_empty() {
            blocks.resize_with(KEPT, || Block { of: None, bytes: Vec::new() });
        }
        let block = blocks.get_mut(place(number))?;
        if block.of != Some((owner, number)) {
            block.of = None;
            block.bytes.resize(BLOCK, 0);
            // One that ends with the file is not kept: more may be written to it.
            if fetch(number * BLOCK as u64, &mut block.bytes).ok()? != BLOCK {
                return None;
            }
            block.of = Some((owner, number));
        }
        let there = block.bytes.get(inside..)?;
        let length = there.len().min(into.len());
        into.get_mut(..length)?.copy_from_slice(there.get(..length)?);
        Some(length)
    });
    read.ok().flatten()
}

/// Where a block is kept. Structures of a kernel lie at multiples of large powers of two, and must not have a place for all.
fn place(number: u64) -> usize {
    usize::try_from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KEPT_BITS)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn byte(at: usize) -> u8 {
        u8::try_from(at % 251).unwrap()
    }

    /// A file of this length, in which nothing of a block can be read.
    struct Disk {
        length: usize,
        bad: Option<u64>,
        reads: Cell<usize>,
    }

    impl Disk {
        fn fetch(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
            self.reads.set(self.reads.get() + 1);
            if Some(at / BLOCK as u64) == self.bad {
                return Err(io::Error::other("a bad sector"));
            }
            let at = usize::try_from(at).unwrap();
            let there = self.length.saturating_sub(at).min(into.len());
            into[..there].iter_mut().enumerate().for_each(|(place, into)| *into = byte(at + place));
            Ok(there)
        }

        fn read(&self, owner: Owner, at: usize, length: usize) -> Option<Vec<u8>> {
            let mut bytes = vec![0xee; length];
            let length = read(owner, at as u64, &mut bytes, |at, into| self.fetch(at, into))?;
            bytes.truncate(length);
            Some(bytes)
        }
    }

    fn expected(at: usize, length: usize) -> Vec<u8> {
        (at..at + length).map(byte).collect()
    }

    #[test]
    fn what_lies_together_is_read_once() {
        let (disk, owner) = (Disk { length: 3 * BLOCK + 10, bad: None, reads: Cell::new(0) }, Owner::new());
        for at in (BLOCK..2 * BLOCK).step_by(8) {
            assert_eq!(disk.read(owner, at, 8), Some(expected(at, 8)));
        }
        assert_eq!(disk.reads.get(), 1);
        // Up to the border, and no further.
        assert_eq!(disk.read(owner, 2 * BLOCK - 3, 8), Some(expected(2 * BLOCK - 3, 3)));
        assert_eq!(disk.read(owner, 2 * BLOCK, 8), Some(expected(2 * BLOCK, 8)));
        assert_eq!(disk.reads.get(), 2);
        // Another file has other blocks.
        let other = Owner::new();
        assert_eq!(disk.read(other, BLOCK, 8), Some(expected(BLOCK, 8)));
        assert_eq!(disk.reads.get(), 3);
    }

    #[test]
    fn a_block_that_is_not_whole_is_not_kept() {
        let (disk, owner) = (Disk { length: 3 * BLOCK + 10, bad: Some(1), reads: Cell::new(0) }, Owner::new());
        assert_eq!(disk.read(owner, 3 * BLOCK + 4, 8), None);
        assert_eq!(disk.read(owner, 9 * BLOCK, 8), None);
        // Nor is half of one left behind for those who come later.
        assert_eq!(disk.read(owner, BLOCK + 8, 8), None);
        assert_eq!(disk.read(owner, BLOCK + 8, 8), None);
        assert_eq!(disk.reads.get(), 4);
        assert_eq!(disk.read(owner, 8, 8), Some(expected(8, 8)));
    }

    #[test]
    fn as_many_as_there_is_room_for() {
        let (disk, owner) = (Disk { length: 1000 * BLOCK, bad: None, reads: Cell::new(0) }, Owner::new());
        for round in 0..3 {
            for number in (0..1000).step_by(round + 1) {
                let at = number * BLOCK + number % 4000;
                assert_eq!(disk.read(owner, at, 8), Some(expected(at, 8)));
            }
        }
        BLOCKS.with_borrow(|blocks| assert_eq!(blocks.len(), KEPT));
        // Those at multiples of a power of two have more than a place.
        let places: std::collections::HashSet<_> = (0..KEPT as u64).map(|number| place(number << 6)).collect();
        assert!(places.len() > KEPT / 2, "{}", places.len());
    }
}
