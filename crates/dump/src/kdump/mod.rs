//! kdump-compressed: what makedumpfile and qemu write. Every page by itself, found through bitmaps.
//!
//! In blocks of the size that the header says: the header, a sub-header, a bitmap of the pages that the machine had, a bitmap
//! of those that are in the dump, a descriptor for each of these, and the pages (makedumpfile's `diskdump_mod.h`).

mod bitmap;
mod header;
mod unpack;

use std::sync::{Mutex, PoisonError};

use crate::elf::{Note, notes_of_bytes, vmcoreinfo};
use crate::source::Source;
use crate::{ByteOrder, Machine, Missing, OpenError, Range, Readable, Warning};

use bitmap::Bitmap;
pub(crate) use header::is_kdump;

/// `page_desc`: offset, size, flags, and flags of the page that nobody sets.
const DESCRIPTOR: usize = 24;
/// Pages that are kept unpacked: a walk comes back to the upper tables.
const KEPT: u64 = 256;
/// Notes or VMCOREINFO, in bytes.
const MOST_NOTES: usize = 16 << 20;

/// A dump of this format.
#[derive(Debug)]
pub(crate) struct Kdump {
    pub(crate) machine: Option<Machine>,
    pub(crate) order: ByteOrder,
    pub(crate) notes: Vec<Note>,
    pub(crate) vmcoreinfo: Option<Vec<u8>>,
    block: u64,
    ranges: Vec<Range>,
    /// Where pages are in the dump.
    there: Vec<Range>,
    /// The pages that the machine had.
    had: Bitmap,
    /// Those that are in the dump.
    has: Bitmap,
    descriptors: u64,
    kept: Vec<Mutex<Page>>,
}

/// A page that is kept.
#[derive(Default, Debug)]
struct Page {
    number: Option<u64>,
    bytes: Vec<u8>,
}

/// A `page_desc`.
#[derive(Clone, Copy)]
struct Descriptor {
    offset: u64,
    size: u32,
    flags: u32,
}

fn damaged(why: impl Into<String>) -> OpenError {
    OpenError::Damaged { format: "kdump-compressed", why: why.into() }
}

impl Kdump {
    /// Reads header and bitmaps.
    pub(crate) fn new(source: &Source, warnings: &mut Vec<Warning>) -> Result<Self, OpenError> {
        let header = header::read(source)?;
        let block = u64::from(header.block);
        if header.incomplete {
            warnings.push(Warning::Incomplete);
        }
        let bitmaps = block * (1 + u64::from(header.sub_blocks));
        let bytes = block * u64::from(header.bitmap_blocks);
        let pages = header.pages;
        // Written without leaving pages out, there is one bitmap for both (crash's `dump_is_partial`).
        let both = u64::from(header.bitmap_blocks) >= pages.div_ceil(8).div_ceil(block) * 2;
        let each = if both { bytes / 2 } else { bytes };
        let pages = if pages.div_ceil(8) > each {
            warnings.push(Warning::Bitmap { there: each * 8, said: pages });
            each * 8
        } else {
            pages
        };
        let mut ranges = bitmap::Ranges::new(block);
        let had = Bitmap::read(source, bitmaps, pages, |word, bits| ranges.add(word, bits))?;
        let ranges = ranges.finish();
        let (has, there) = if both {
            let mut there = bitmap::Ranges::new(block);
            (Bitmap::read(source, bitmaps + each, pages, |word, bits| there.add(word, bits))?, there.finish())
        } else {
            (had.clone(), ranges.clone())
        };
        if ranges.is_empty() {
            return Err(damaged("no page of memory is in its bitmap"));
        }
        let place = |(at, length): (u64, u64)| source.vec(at, length, MOST_NOTES).map_err(OpenError::io("read"));
        let notes = match header.notes {
            Some(notes) => notes_of_bytes(&place(notes)?, header.order, warnings),
            None => Vec::new(),
        };
        let text = match header.vmcoreinfo {
            Some(text) => {
                let mut text = place(text)?;
                text.truncate(text.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
                Some(text).filter(|text| !text.is_empty())
            }
            None => vmcoreinfo(&notes).map(<[u8]>::to_vec),
        };
        let kdump = Self {
            machine: header.machine,
            order: header.order,
            notes,
            vmcoreinfo: text,
            block,
            ranges,
            there,
            had,
            has,
            descriptors: bitmaps + bytes,
            kept: (0..KEPT).map(|_| Mutex::default()).collect(),
        };
        if kdump.is_cut_off(source) {
            warnings.push(Warning::CutOff { end: source.length() });
        }
        Ok(kdump)
    }

    /// Whether the last page is not there.
    fn is_cut_off(&self, source: &Source) -> bool {
        let Some(last) = self.has.count().checked_sub(1) else { return false };
        match self.descriptor(source, last) {
            Some(last) => last.offset.saturating_add(u64::from(last.size)) > source.length(),
            None => true,
        }
    }

    /// The memory that the machine had.
    pub(crate) fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// The memory of it that is in the dump, and how much is not. Holes that ranges pass over are counted by whoever reads them.
    pub(crate) fn readable(&self) -> Readable {
        let there: u64 = self.there.iter().map(Range::bytes).sum();
        let excluded = self.had.count().saturating_mul(self.block).saturating_sub(there);
        Readable { ranges: self.there.clone(), excluded, truncated: 0 }
    }

    /// As [`crate::Memory::next_data`].
    pub(crate) fn next_data(&self, at: u64) -> Option<Range> {
        let range = self.there.get(self.there.partition_point(|range| range.end <= at))?;
        Some(Range { start: range.start.max(at), end: range.end })
    }

    /// As [`crate::Memory::read`].
    pub(crate) fn read(&self, source: &Source, mut at: u64, mut into: &mut [u8]) -> Result<(), Missing> {
        while !into.is_empty() {
            let inside = at % self.block;
            let there = usize::try_from(self.block - inside).unwrap_or(usize::MAX).min(into.len());
            let (now, rest) = into.split_at_mut(there);
            self.read_in_page(source, at, now)?;
            into = rest;
            if into.is_empty() {
                break;
            }
            at = at.checked_add(there as u64).ok_or(Missing::NotInDump { at: u64::MAX })?;
        }
        Ok(())
    }

    /// The same inside of one page.
    fn read_in_page(&self, source: &Source, at: u64, into: &mut [u8]) -> Result<(), Missing> {
        let number = at / self.block;
        let slot = usize::try_from(number % KEPT).ok().and_then(|slot| self.kept.get(slot));
        let Some(slot) = slot else { return Err(Missing::NotInDump { at }) };
        // Nobody leaves half a page behind: its number is taken away first.
        let mut page = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if page.number != Some(number) {
            page.number = None;
            self.page(source, at, &mut page.bytes)?;
            page.number = Some(number);
        }
        let inside = usize::try_from(at % self.block).unwrap_or(usize::MAX);
        let there = page.bytes.get(inside..).and_then(|bytes| bytes.get(..into.len()));
        into.copy_from_slice(there.ok_or(Missing::NotInDump { at })?);
        Ok(())
    }

    /// The page of an address, unpacked.
    fn page(&self, source: &Source, at: u64, bytes: &mut Vec<u8>) -> Result<(), Missing> {
        let descriptor = self.find(source, at)?;
        let damaged = |why: String| Missing::Damaged { at, why };
        let Descriptor { offset, size, flags } = descriptor;
        // Packing a page can make it longer, by a sixteenth with lzo.
        if size == 0 || u64::from(size) > self.block * 2 {
            return Err(damaged(format!("its page has {size} bytes in the file, of a page of {}", self.block)));
        }
        if offset < self.descriptors {
            return Err(damaged(format!("its page begins at byte {offset}, where headers are")));
        }
        let packed = source.vec(offset, u64::from(size), usize::MAX).map_err(|error| damaged(error.to_string()))?;
        if packed.len() as u64 != u64::from(size) {
            return Err(Missing::Truncated { at });
        }
        bytes.resize(usize::try_from(self.block).unwrap_or(0), 0);
        unpack::unpack(flags, packed, bytes).map_err(damaged)
    }

    /// The descriptor of the page of an address.
    fn find(&self, source: &Source, at: u64) -> Result<Descriptor, Missing> {
        let number = at / self.block;
        let unreadable = |error: std::io::Error| Missing::Damaged { at, why: error.to_string() };
        match self.has.rank(source, number).map_err(unreadable)? {
            Some(rank) => self.descriptor(source, rank).ok_or(Missing::Truncated { at }),
            None if self.had.rank(source, number).map_err(unreadable)?.is_some() => Err(Missing::Excluded { at }),
            None => Err(Missing::NotInDump { at }),
        }
    }

    fn descriptor(&self, source: &Source, rank: u64) -> Option<Descriptor> {
        let mut bytes = [0; DESCRIPTOR];
        let at = rank.checked_mul(DESCRIPTOR as u64)?.checked_add(self.descriptors)?;
        if source.up_to(at, &mut bytes).ok()? < bytes.len() {
            return None;
        }
        let [offset, other, _] = *bytes.as_chunks::<8>().0 else { return None };
        let [a, b, c, d, e, f, g, h] = other;
        let word = |bytes| self.order.u32(bytes);
        Some(Descriptor { offset: self.order.u64(offset), size: word([a, b, c, d]), flags: word([e, f, g, h]) })
    }

    /// As [`crate::Memory::file_position`].
    pub(crate) fn position(&self, source: &Source, at: u64) -> Option<u64> {
        let descriptor = self.find(source, at).ok()?;
        let plain = u64::from(descriptor.size) == self.block && !unpack::is_packed(descriptor.flags);
        let position = descriptor.offset.checked_add(at % self.block)?;
        (plain && descriptor.offset >= self.descriptors && position < source.length())
            .then(|| source.position(position))
            .flatten()
    }
}
