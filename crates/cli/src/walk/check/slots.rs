//! How often each page of swap is named, in memory that has a limit.
//!
//! A byte a page, as the kernel's own `swap_map` has, in blocks of pages that lie together; eight bytes an entry in a list
//! where fewer do. When that becomes too much, the pages with the highest numbers are left for another time through the page
//! tables. So every page is counted whole, in one of them, whatever the entries say.

use std::collections::BTreeMap;

/// Pages in a block.
const BLOCK: usize = 1 << BLOCK_BITS;
const BLOCK_BITS: u32 = 12;
/// Entries of a block from which on a byte for each of its pages is less than the list.
const TOGETHER: usize = BLOCK / 8;
/// What a block takes beside its pages.
const BESIDE: usize = 64;
/// Entries of the list from which on it is looked through for blocks.
const LISTED: usize = 1 << 15;

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

/// Counts an entry in a block.
fn count(block: &mut [Named; BLOCK], slot: u64, exclusive: bool) {
    let page = usize::try_from(slot & (BLOCK as u64 - 1)).unwrap_or_default();
    if let Some(named) = block.get_mut(page) {
        *named = named.and(1, exclusive);
    }
}

/// What entries name, once through the page tables.
#[derive(Debug)]
pub(super) struct Slots {
    blocks: BTreeMap<u64, Box<[Named; BLOCK]>>,
    /// Entries of other pages: the slot in the upper bits, and whether it is exclusive.
    list: Vec<u64>,
    /// How long the list may be until it is looked through again.
    until: usize,
    limit: usize,
    /// The first block that is counted this time, and the last.
    first: u64,
    last: u64,
}

const fn block_of(listed: u64) -> u64 {
    listed >> (BLOCK_BITS + 1)
}

impl Slots {
    /// With so many bytes at most.
    pub(super) const fn new(limit: usize) -> Self {
        Self { blocks: BTreeMap::new(), list: Vec::new(), until: LISTED, limit, first: 0, last: u64::MAX }
    }

    /// For the next time through, after which it is empty; `None` if everything was counted.
    pub(super) fn next(self) -> Option<Self> {
        let first = self.last.checked_add(1)?;
        Some(Self { first, ..Self::new(self.limit) })
    }

    fn bytes(&self) -> usize {
        self.blocks.len() * (BLOCK + BESIDE) + self.list.len() * 8
    }

    /// Counts entries, each as the page that it names and whether it is exclusive.
    pub(super) fn add(&mut self, entries: &mut [(Slot, bool)]) {
        entries.sort_unstable();
        for same in entries.chunk_by(|(one, _), (two, _)| one.0 >> BLOCK_BITS == two.0 >> BLOCK_BITS) {
            let Some(number) = same.first().map(|(slot, _)| slot.0 >> BLOCK_BITS) else { continue };
            if !(self.first..=self.last).contains(&number) {
                continue;
            }
            match self.blocks.get_mut(&number) {
                Some(block) => same.iter().for_each(|(slot, exclusive)| count(block, slot.0, *exclusive)),
                None => self.list.extend(same.iter().map(|(slot, exclusive)| slot.0 << 1 | u64::from(*exclusive))),
            }
            if self.list.len() >= self.until || self.bytes() > self.limit {
                self.tidy();
            }
        }
    }

    /// Makes blocks of the list's entries where there are enough, and leaves the highest pages for the next time if that is
    /// not enough.
    fn tidy(&mut self) {
        self.list.sort_unstable();
        let blocks = &mut self.blocks;
        let mut kept = 0;
        let mut at = 0;
        while let Some(first) = self.list.get(at).copied() {
            let rest = self.list.get(at..).unwrap_or_default();
            let length = rest.partition_point(|other| block_of(*other) == block_of(first));
            if length >= TOGETHER {
                let block = blocks.entry(block_of(first)).or_insert_with(|| Box::new([Named(0); BLOCK]));
                rest.iter().take(length).for_each(|one| count(block, one >> 1, one & 1 != 0));
            } else {
                self.list.copy_within(at..at + length, kept);
                kept += length;
            }
            at += length;
        }
        self.list.truncate(kept);
        if self.bytes() > self.limit / 4 * 3 {
            self.shrink();
        }
        self.until = (self.list.len() * 2).max(LISTED);
    }

    /// Leaves the highest for the next time, until half of the room is free.
    fn shrink(&mut self) {
        while self.bytes() > self.limit / 2 {
            let (block, listed) = (self.blocks.last_key_value().map(|(number, _)| *number), self.list.last());
            let Some(number) = block.max(listed.map(|one| block_of(*one))).filter(|number| *number > self.first) else {
                return;
            };
            self.blocks.remove(&number);
            self.list.truncate(self.list.partition_point(|one| block_of(*one) < number));
            self.last = number - 1;
        }
    }

    /// Hands out block by block, in order: its first page, and each that is named.
    pub(super) fn each(&mut self, mut visit: impl FnMut(Slot, &[(Slot, Named)])) {
        self.list.sort_unstable();
        let mut blocks = self.blocks.iter().peekable();
        let mut listed = self.list.chunk_by(|one, two| block_of(*one) == block_of(*two)).peekable();
        let number_of = |some: &&[u64]| some.first().map_or(0, |one| block_of(*one));
        let mut named = Vec::with_capacity(BLOCK);
        loop {
            named.clear();
            let (block, list) = (blocks.peek().map(|(number, _)| **number), listed.peek().map(number_of));
            let number = match (block, list) {
                (None, None) => return,
                (Some(one), two) if two.is_none_or(|two| one <= two) => one,
                (_, Some(two)) => two,
                (Some(one), None) => one,
            };
            let slot = |page: u64| Slot(number << BLOCK_BITS | page);
            if block == Some(number)
                && let Some((_, block)) = blocks.next()
            {
                let there = (0..).zip(block.iter().copied()).filter(|(_, named)| named.0 != 0);
                named.extend(there.map(|(page, named)| (slot(page), named)));
            } else if let Some(list) = listed.next() {
                for same in list.chunk_by(|one, two| one >> 1 == two >> 1) {
                    let Some(first) = same.first() else { continue };
                    let exclusive = same.last().is_some_and(|one| one & 1 != 0);
                    named.push((Slot(first >> 1), Named(0).and(same.len(), exclusive)));
                }
            }
            visit(slot(0), &named);
        }
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
                let beside = these.list.len() < BLOCK && these.blocks.len() < 2;
                assert!(these.bytes() <= limit || beside, "{} of {limit}", these.bytes());
            }
            let mut last = None;
            these.each(|first, named| {
                for (slot, named) in named {
                    assert!(slot.0 >> BLOCK_BITS == first.0 >> BLOCK_BITS && last < Some(*slot));
                    last = Some(*slot);
                    let before = all.insert(*slot, (named.count(), named.has_exclusive()));
                    assert!(before.is_none(), "{slot:?} is counted twice");
                }
            });
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
                    1 => random() % 10,
                    _ => random() % 50_000,
                };
                (Slot::new(random() % 3 + random() % 2 * 28, offset).unwrap(), random() % 64 == 0)
            })
            .collect();
        let mut most = 0;
        for (limit, length) in [(1, 2000), (3000, 6000), (100_000, 60_000), (300_000, 60_000), (1 << 30, 60_000)] {
            let some = &entries[..length];
            let mut expected: BTreeMap<Slot, (u64, bool)> = BTreeMap::new();
            for (slot, exclusive) in some {
                let one = expected.entry(*slot).or_default();
                *one = ((one.0 + 1).min(127), one.1 | exclusive);
            }
            assert_eq!(length == 60_000, expected.values().any(|(count, _)| *count == 127));
            let (all, times) = counted(some, limit);
            assert_eq!(all, expected, "{limit}");
            assert_eq!(times == 1, limit == 1 << 30, "{limit}: {times}");
            most = most.max(times);
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
