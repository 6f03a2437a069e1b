//! VMCOREINFO where no note has it: the kernel's own copy, wherever it is in memory. What the dump does not have and what is
//! known to be zeros is passed over, so that this takes as long as what is there.

use memchr::memmem;
use swp_pte_dump::{Memory, Range};

use crate::Vmcoreinfo;
use crate::vmcoreinfo::{LONGEST, length_of_text};

/// The line that it begins with.
const BEGIN: &[u8] = b"OSRELEASE=";

/// How much of memory is looked through at a time: what stays in a processor's cache between reading and looking.
const CHUNK: usize = 256 << 10;

/// How far a search has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Searched {
    /// Bytes of memory that were looked through or passed over.
    pub bytes: u64,
    /// Bytes of memory that the dump describes.
    pub of: u64,
}

impl Vmcoreinfo {
    /// The kernel's own copy: the first text in memory that is one. `at` is told from time to time how far the search has come.
    #[must_use]
    pub fn search(memory: &dyn Memory, at: &mut dyn FnMut(Searched)) -> Option<Self> {
        let finder = memmem::Finder::new(BEGIN);
        let mut chunk = Vec::new();
        let mut progress = Progress::new(memory.ranges());
        // Up to where there is none.
        let mut rejected = 0;
        let mut next = memory.next_data(0);
        while let Some(data) = next {
            let mut start = data.start;
            while start < data.end {
                at(progress.come_to(start));
                let length = (data.end - start).min(CHUNK as u64);
                read(memory, start, length, &mut chunk);
                for found in finder.find_iter(&chunk) {
                    let place = start.saturating_add(found as u64);
                    if place < rejected {
                        continue;
                    }
                    match text_at(memory, place, chunk.get(found..).unwrap_or_default()) {
                        Ok(one) => return Some(one),
                        Err(length) => rejected = place.saturating_add(length),
                    }
                }
                start += length;
            }
            next = memory.next_data(data.end);
        }
        at(progress.come_to(u64::MAX));
        None
    }
}

/// The text at a place, of which these are the first bytes; or for how many bytes nobody needs to look again.
///
/// What lacks a line lacks it from every later place on as well, so that a dump that is all `OSRELEASE=` is looked at once. Of
/// text that is longer than any, half is passed over: a page with VMCOREINFO is by far not full.
fn text_at(memory: &dyn Memory, place: u64, there: &[u8]) -> Result<Vmcoreinfo, u64> {
    let mut length = length_of_text(there);
    let mut whole = Vec::new();
    // It goes on behind what was read.
    let bytes = if length == there.len() && length < LONGEST {
        read(memory, place, LONGEST as u64, &mut whole);
        length = length_of_text(&whole);
        &whole
    } else {
        there
    };
    let text = Vmcoreinfo::new(bytes, format!("physical address {place:#x}"));
    text.filter(|one| one.get("SYMBOL(_stext)").is_some()).ok_or(match length {
        LONGEST.. => LONGEST as u64 / 2,
        length => length as u64,
    })
}

/// Reads memory, and enough behind it that the first line is not cut in two. What is not there is zeros.
fn read(memory: &dyn Memory, at: u64, length: u64, into: &mut Vec<u8>) {
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(CHUNK);
    into.clear();
    into.resize(length + BEGIN.len() - 1, 0);
    let (these, behind) = into.split_at_mut(length);
    if memory.read(at, these).is_err() {
        for (page, part) in (0_u64..).zip(these.chunks_mut(4096)) {
            if memory.read(at.saturating_add(page * 4096), part).is_err() {
                part.fill(0);
            }
        }
    }
    if memory.read(at.saturating_add(length as u64), behind).is_err() {
        behind.fill(0);
    }
}

/// How much of ranges lies below an address; addresses only grow.
struct Progress<'a> {
    ranges: std::slice::Iter<'a, Range>,
    before: u64,
    of: u64,
}

impl<'a> Progress<'a> {
    fn new(ranges: &'a [Range]) -> Self {
        let of = ranges.iter().fold(0_u64, |sum, range| sum.saturating_add(range.bytes()));
        Self { ranges: ranges.iter(), before: 0, of }
    }

    fn come_to(&mut self, at: u64) -> Searched {
        let mut inside = 0;
        while let Some(range) = self.ranges.as_slice().first() {
            if at < range.end {
                inside = at.saturating_sub(range.start);
                break;
            }
            self.before = self.before.saturating_add(range.bytes());
            self.ranges.next();
        }
        Searched { bytes: self.before.saturating_add(inside), of: self.of }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use swp_pte_dump::{Dump, Options};

    use super::*;

    /// As a kernel writes it; so many bytes.
    fn text(release: &str) -> Vec<u8> {
        let mut text = format!("OSRELEASE={release}\nBUILD-ID=1234\nPAGESIZE=4096\nSYMBOL(_stext)=ffffffff81000000\n");
        (0..8).for_each(|number| text += &format!("NUMBER(n{number})={number}\n"));
        text.into_bytes()
    }

    fn dump(bytes: Vec<u8>) -> Dump {
        Dump::of_bytes(bytes, &Options { base: Some(0x1000), ..Options::default() }).unwrap()
    }

    fn search(dump: &Dump) -> Option<(String, String)> {
        let mut last = 0;
        let found = Vmcoreinfo::search(dump, &mut |Searched { bytes, of }| {
            assert!(last <= bytes && bytes <= of, "{last} {bytes} {of}");
            last = bytes;
        });
        assert!(found.is_some() || last == dump.ranges().iter().map(Range::bytes).sum::<u64>());
        found.map(|one| (one.release().unwrap().to_owned(), one.from))
    }

    #[test]
    fn wherever_it_is() {
        let size = 2 * CHUNK + 5000;
        let length = text("6.12").len();
        let borders = [CHUNK - length, CHUNK - length / 2, CHUNK - 10, CHUNK - 9, CHUNK - 1, CHUNK];
        for at in borders.into_iter().chain([0, 1, 4096, size - length]) {
            let mut bytes = vec![0; size];
            bytes[at..at + length].copy_from_slice(&text("6.12"));
            let place = format!("physical address {:#x}", at + 0x1000);
            assert_eq!(search(&dump(bytes)), Some(("6.12".into(), place)), "{at}");
        }
        assert_eq!(search(&dump(vec![0; size])), None);
    }

    #[test]
    fn what_only_begins_like_it_is_passed_over() {
        let mut bytes = b"OSRELEASE=5.10\nPAGESIZE=4096\n\0OSRELEASE=6.1 and more text\n".repeat(100);
        assert_eq!(search(&dump(bytes.clone())), None);
        bytes.push(0);
        let at = bytes.len();
        bytes.extend(text("6.12"));
        let place = format!("physical address {:#x}", at + 0x1000);
        assert_eq!(search(&dump(bytes)), Some(("6.12".into(), place)));
    }

    #[test]
    fn a_dump_that_is_nothing_else_takes_no_longer() {
        let lines = b"PAGESIZE=4096\nA=1\nSYMBOL(_stex)=1\n".repeat(8);
        for (what, ends) in [
            (&b"OSRELEASE="[..], &b""[..]),
            (b"OSRELEASE=\n", b""),
            (b"OSRELEASE=\0", b""),
            (b"OSRELEASE=", b"\nPAGESIZE=4096\nSYMBOL(_stext)=1\n"),
            (b"OSRELEASE=", &lines),
        ] {
            let run = [what.repeat(6000).as_slice(), ends].concat();
            let bytes = run.repeat((8 << 20) / run.len());
            let begun = Instant::now();
            let _ = search(&dump(bytes));
            // Looking at each anew would take minutes.
            assert!(begun.elapsed() < Duration::from_secs(20), "{:?} for {}", begun.elapsed(), what.escape_ascii());
        }
    }
}
