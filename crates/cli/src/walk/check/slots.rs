//! How often each page of swap is named, in memory that has a limit.
//!
//! A byte a page, as the kernel's own `swap_map` has, in blocks that are there once one of their pages is named; a block of
//! which few are is a list. When that becomes too much, the pages with the highest numbers are left for another time through
//! the page tables. So every page is counted whole, in one of them, whatever the entries say.

use std::collections::BTreeMap;

/// Pages in a block.
const BLOCK: usize = 1 << BLOCK_BITS;
const BLOCK_BITS: u32 = 12;
/// Pages of a block that are a list, of four bytes each; with more, a byte for each page of the block is less.
const LISTED: usize = 512;
/// What a block takes beside its pages.
const BESIDE: usize = 96;

const OFFSET_BITS: u32 = 57;
const EXCLUSIVE: u8 = 0x80;
/// A count stays here: the kernel's own ends at 62.
const MOST: u8 = 0x7f;

/// A page of swap as a number, in the order of files and their pages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Slot(u64);

impl Slot {
    /// `None` of an offset that is beyond every file.
    pub(super) fn new(swp_type: u64, offset: u64) -> Option<Self> {
        (offset >> OFFSET_BITS == 0 && swp_type < 32).then_some(Self(swp_type << OFFSET_BITS | offset))
    }

    pub(super) const fn swp_type(self) -> u64 {
        self.0 >> OFFSET_BITS
    }

    pub(super) const fn offset(self) -> u64 {
        self.0 & ((1 << OFFSET_BITS) - 1)
    }
}

/// By how many entries a page is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Named(u8);

impl Named {
    /// How many they are, or 127 for more.
    pub(super) const fn count(self) -> u64 {
        (self.0 & MOST) as u64
    }

    /// Whether one of them is exclusive.
    pub(super) const fn has_exclusive(self) -> bool {
        self.0 & EXCLUSIVE != 0
    }

    fn and(self, entries: usize, exclusive: bool) -> Self {
        let count = usize::from(self.0 & MOST).saturating_add(entries).min(usize::from(MOST));
        let exclusive = if exclusive { EXCLUSIVE } else { 0 };
        Self(u8::try_from(count).unwrap_or(MOST) | self.0 & EXCLUSIVE | exclusive)
    }
}

#[derive(Debug)]
enum Block {
    /// Those that are named, in order.
    Few(Vec<(u16, Named)>),
    All(Box<[Named; BLOCK]>),
}

impl Block {
    fn bytes(&self) -> usize {
        match self {
            Self::Few(list) => BESIDE + list.capacity() * size_of::<(u16, Named)>(),
            Self::All(_) => BESIDE + BLOCK,
        }
    }

    /// Counts so many more entries of a page.
    fn add(&mut self, page: u16, entries: usize, exclusive: bool) {
        if let Self::Few(list) = self {
            match list.binary_search_by_key(&page, |(page, _)| *page) {
                Ok(place) => {
                    if let Some((_, named)) = list.get_mut(place) {
                        *named = named.and(entries, exclusive);
                    }
                    return;
                }
                Err(place) if list.len() < LISTED => {
                    list.insert(place, (page, Named(0).and(entries, exclusive)));
                    return;
                }
                Err(_) => {
                    let mut all = Box::new([Named(0); BLOCK]);
                    for (page, named) in list {
                        if let Some(place) = all.get_mut(usize::from(*page)) {
                            *place = *named;
                        }
                    }
                    *self = Self::All(all);
                }
            }
        }
        if let Self::All(all) = self
            && let Some(named) = all.get_mut(usize::from(page))
        {
            *named = named.and(entries, exclusive);
        }
    }

    fn named(&self) -> Vec<(u16, Named)> {
        match self {
            Self::Few(list) => list.clone(),
            Self::All(all) => (0..).zip(all.iter().copied()).filter(|(_, named)| named.0 != 0).collect(),
        }
    }
}

/// What entries name, once through the page tables.
#[derive(Debug)]
pub(super) struct Slots {
    blocks: BTreeMap<u64, Block>,
    bytes: usize,
    limit: usize,
    /// The first block that is counted this time, and the last.
    first: u64,
    last: u64,
}

impl Slots {
    /// With so many bytes at most.
    pub(super) const fn new(limit: usize) -> Self {
        Self { blocks: BTreeMap::new(), bytes: 0, limit, first: 0, last: u64::MAX }
    }

    /// For the next time through, after which it is empty; `None` if everything was counted.
    pub(super) fn next(self) -> Option<Self> {
        let first = self.last.checked_add(1)?;
        Some(Self { first, ..Self::new(self.limit) })
    }

    /// Counts entries, each as the page that it names and whether it is exclusive.
    pub(super) fn add(&mut self, entries: &mut [(Slot, bool)]) {
        entries.sort_unstable();
        for same in entries.chunk_by(|(one, _), (two, _)| one.0 >> BLOCK_BITS == two.0 >> BLOCK_BITS) {
            let Some(number) = same.first().map(|(slot, _)| slot.0 >> BLOCK_BITS) else { continue };
            if !(self.first..=self.last).contains(&number) {
                continue;
            }
            let mut before = 0;
            let block = match self.blocks.entry(number) {
                std::collections::btree_map::Entry::Occupied(there) => {
                    let there = there.into_mut();
                    before = there.bytes();
                    there
                }
                std::collections::btree_map::Entry::Vacant(place) => place.insert(Block::Few(Vec::new())),
            };
            for same in same.chunk_by(|(one, _), (two, _)| one == two) {
                let Some((slot, _)) = same.first() else { continue };
                let page = u16::try_from(slot.0 & (BLOCK as u64 - 1)).unwrap_or_default();
                block.add(page, same.len(), same.last().is_some_and(|(_, exclusive)| *exclusive));
            }
            self.bytes = (self.bytes + block.bytes()).saturating_sub(before);
            if self.bytes > self.limit {
                self.shrink();
            }
        }
    }

    /// Leaves the highest for the next time, until half of the room is free.
    fn shrink(&mut self) {
        while self.bytes > self.limit / 2 && self.blocks.len() > 1 {
            let Some((number, block)) = self.blocks.pop_last() else { return };
            self.bytes = self.bytes.saturating_sub(block.bytes());
            self.last = number - 1;
        }
    }

    /// Block by block: its first page, and each that is named.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (Slot, Vec<(Slot, Named)>)> {
        self.blocks.iter().map(|(number, block)| {
            let first = number << BLOCK_BITS;
            let named = block.named().into_iter().map(|(page, named)| (Slot(first | u64::from(page)), named));
            (Slot(first), named.collect())
        })
    }

    /// The pages of a block.
    pub(super) const fn in_block() -> usize {
        BLOCK
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// All that is counted, in as many times as it takes; and how many those were.
    fn counted(entries: &[(Slot, bool)], limit: usize) -> (BTreeMap<Slot, (u64, bool)>, usize) {
        let (mut all, mut times) = (BTreeMap::new(), 0);
        let mut slots = Some(Slots::new(limit));
        while let Some(mut these) = slots.take() {
            for some in entries.chunks(97) {
                these.add(&mut some.to_vec());
                assert!(these.bytes <= limit || these.blocks.len() == 1, "{} of {limit}", these.bytes);
            }
            for (slot, named) in these.blocks().flat_map(|(_, named)| named) {
                let before = all.insert(slot, (named.count(), named.has_exclusive()));
                assert!(before.is_none(), "{slot:?} is counted twice");
            }
            times += 1;
            slots = these.next();
        }
        (all, times)
    }

    #[test]
    fn every_page_is_counted_whole_in_any_memory() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        // Pages that lie close, pages that lie anywhere, and some that many name.
        let entries: Vec<(Slot, bool)> = (0..60_000)
            .map(|_| {
                let offset = match random() % 4 {
                    0 => random() >> 7,
                    1 => random() % 40,
                    _ => random() % 50_000,
                };
                (Slot::new(random() % 3 + random() % 2 * 28, offset).unwrap(), random() % 64 == 0)
            })
            .collect();
        let mut expected: BTreeMap<Slot, (u64, bool)> = BTreeMap::new();
        for (slot, exclusive) in &entries {
            let one = expected.entry(*slot).or_default();
            *one = ((one.0 + 1).min(127), one.1 | exclusive);
        }
        assert!(expected.values().any(|(count, _)| *count == 127));
        let mut most = 0;
        for limit in [1, 3000, 100_000, 400_000, 1 << 30] {
            let some = if limit < 3000 { &entries[..2000] } else { &entries[..] };
            let (all, times) = counted(some, limit);
            if some.len() == entries.len() {
                assert_eq!(all, expected, "{limit}");
            } else {
                assert!(all.values().map(|(count, _)| count).sum::<u64>() == 2000);
            }
            most = most.max(times);
            assert_eq!(times == 1, limit == 1 << 30, "{limit}: {times}");
        }
        assert!(most > 100, "{most}");
    }

    #[test]
    fn a_slot_is_its_type_and_its_offset() {
        for (swp_type, offset) in [(0, 0), (31, (1 << 57) - 1), (7, 0x21d)] {
            let slot = Slot::new(swp_type, offset).unwrap();
            assert_eq!((slot.swp_type(), slot.offset()), (swp_type, offset));
        }
        assert_eq!((Slot::new(0, 1 << 57), Slot::new(32, 0)), (None, None));
    }
}
