//! The walk through a range of addresses.

use core::ops::{ControlFlow, RangeInclusive};

use swp_pte::MemoryOrder;

use crate::Budget;
use crate::geometry::{Geometry, MOST_LEVELS, Root, Table, low_bits};

/// Bytes of a table that are read at a time.
const CHUNK: usize = 4096;

/// An entry that is not empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The first virtual address behind it.
    pub address: u64,
    /// Its level, 1 being the lowest.
    pub level: usize,
    /// The physical address of its table.
    pub table: u64,
    /// Its physical address.
    pub at: u64,
    /// The word.
    pub word: u64,
    /// Whether it maps a page, by the hardware's bits. If not, it says something to the kernel alone.
    pub leaf: bool,
}

/// What a walk comes upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item<E> {
    /// An entry.
    Entry(Entry),
    /// A piece of a table that cannot be read, so that nothing is known of what is behind it.
    Missing {
        /// The first virtual address behind it.
        first: u64,
        /// The last one.
        last: u64,
        /// The level of the table.
        level: usize,
        /// The physical address of the piece.
        at: u64,
        /// Why.
        why: E,
    },
    /// A table that is not entered: see [`Walk::down_to`].
    Table {
        /// The entry that points at it.
        entry: Entry,
        /// The table.
        root: Root,
    },
    /// An entry that points at a table which it is in or below of.
    Loop(Entry),
    /// More tables than the budget had: the walk ends here. They point at each other, or the budget was too small.
    Spent {
        /// The virtual address where it was.
        address: u64,
    },
}

/// A walk through page tables.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    geometry: &'a Geometry,
    root: Root,
    top: usize,
    lowest: usize,
    budget: &'a Budget,
}

/// A word in memory.
pub(crate) fn word_of(bytes: &[u8], order: MemoryOrder) -> u64 {
    let join = |word: u64, byte: &u8| word << 8 | u64::from(*byte);
    match order {
        MemoryOrder::Big => bytes.iter().fold(0, join),
        _ => bytes.iter().rev().fold(0, join),
    }
}

impl<'a> Walk<'a> {
    /// Below a root, out of a budget.
    #[must_use]
    pub const fn new(geometry: &'a Geometry, root: Root, budget: &'a Budget) -> Self {
        Self { geometry, root, top: geometry.levels(), lowest: 1, budget }
    }

    /// Below a table of another level than the highest, for addresses that are behind it.
    #[must_use]
    pub const fn from_level(self, level: usize) -> Self {
        Self { top: level, ..self }
    }

    /// Only into tables of this level and above; those below are handed out ([`Item::Table`]).
    #[must_use]
    pub const fn down_to(self, level: usize) -> Self {
        Self { lowest: level, ..self }
    }

    /// The addresses of user space.
    #[must_use]
    pub const fn user(&self) -> RangeInclusive<u64> {
        0..=self.geometry.last_user
    }

    /// Goes through a range of addresses and hands out what is there, in the order of addresses; ends early if the visitor
    /// breaks. Addresses that the tables do not have (between the halves) are passed over; a tree that is user space's or the
    /// kernel's alone is gone through once, for the lower addresses if any are asked for.
    ///
    /// `read` fills the slice with physical memory.
    pub fn range<E, B>(
        &self,
        range: RangeInclusive<u64>,
        read: impl FnMut(u64, &mut [u8]) -> Result<(), E>,
        visit: impl FnMut(Item<E>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        if range.is_empty() {
            return ControlFlow::Continue(());
        }
        let mask = low_bits(self.geometry.address_bits);
        let (first, last) = (*range.start(), *range.end());
        let (geometry, budget, top, lowest) = (self.geometry, self.budget, self.top, self.lowest);
        let ancestors = [0; MOST_LEVELS];
        let mut going = Going { geometry, budget, read, visit, high: 0, top, lowest, ancestors };
        // Below and above what no address is: of a tree that has both halves, each its own part.
        let half = if self.geometry.halves { mask >> 1 } else { mask };
        let low = first <= half;
        if low {
            match going.table(top, self.root, first, last.min(half)) {
                ControlFlow::Continue(true) => {}
                ControlFlow::Continue(false) => return ControlFlow::Continue(()),
                ControlFlow::Break(value) => return ControlFlow::Break(value),
            }
        }
        let above = self.geometry.kernel_above;
        let (from, to) = (if self.geometry.halves { above | (half + 1) } else { above }, above | mask);
        if (self.geometry.halves || !low) && above != 0 && first <= to && last >= from {
            going.high = above;
            let (first, last) = (first.max(from) & mask, last.min(to) & mask);
            if let ControlFlow::Break(value) = going.table(top, self.root, first, last) {
                return ControlFlow::Break(value);
            }
        }
        ControlFlow::Continue(())
    }
}

/// A walk on its way.
struct Going<'a, R, V> {
    geometry: &'a Geometry,
    budget: &'a Budget,
    read: R,
    visit: V,
    /// The bits above those that the tables look at.
    high: u64,
    top: usize,
    lowest: usize,
    /// The tables above, by level.
    ancestors: [u64; MOST_LEVELS],
}

impl<R, V> Going<'_, R, V> {
    /// Whether a table is one of those that the walk is in.
    fn is_ancestor(&self, at: u64, level: usize) -> bool {
        self.ancestors.get(level..self.top).is_some_and(|above| above.contains(&at))
    }

    /// A table; whether the walk goes on.
    fn table<E, B>(&mut self, level: usize, root: Root, first: u64, last: u64) -> ControlFlow<B, bool>
    where
        R: FnMut(u64, &mut [u8]) -> Result<(), E>,
        V: FnMut(Item<E>) -> ControlFlow<B>,
    {
        let Some(table) = self.geometry.table(level).copied() else { return ControlFlow::Continue(true) };
        if !self.budget.take() {
            (self.visit)(Item::Spent { address: self.high | first })?;
            return ControlFlow::Continue(false);
        }
        if let Some(ancestor) = self.ancestors.get_mut(level - 1) {
            *ancestor = root.at;
        }
        let word_bytes = self.geometry.word_bytes;
        let chunk_words = CHUNK as u64 / word_bytes;
        let (from, to) = (table.index(first).max(root.first), table.index(last).min(root.last));
        let mut buffer = [0_u8; CHUNK];
        let mut index = from;
        while index <= to {
            // Pieces end where a page does: one of two can be missing.
            let end = (index / chunk_words * chunk_words + chunk_words - 1).min(to);
            let at = root.at.wrapping_add(index * word_bytes);
            let length = usize::try_from((end - index + 1) * word_bytes).unwrap_or(CHUNK);
            let bytes = buffer.get_mut(..length).unwrap_or_default();
            let piece = Piece { level, root, at, index, first, last };
            match (self.read)(at, bytes) {
                Err(why) => {
                    let address = |index| self.high | table.first_behind(first, index);
                    let (first, last) = (address(index), table.last_behind(address(end)));
                    (self.visit)(Item::Missing { first, last, level, at, why })?;
                }
                Ok(()) => {
                    if !self.words(&table, &piece, bytes)? {
                        return ControlFlow::Continue(false);
                    }
                }
            }
            index = end + 1;
        }
        ControlFlow::Continue(true)
    }

    /// The words of a piece of a table.
    fn words<E, B>(&mut self, table: &Table, piece: &Piece, bytes: &[u8]) -> ControlFlow<B, bool>
    where
        R: FnMut(u64, &mut [u8]) -> Result<(), E>,
        V: FnMut(Item<E>) -> ControlFlow<B>,
    {
        let (word_bytes, order) = (self.geometry.word_bytes, self.geometry.order);
        let size = if word_bytes == 4 { 4 } else { 8 };
        for (index, bytes) in (piece.index..).zip(bytes.chunks_exact(size)) {
            let word = word_of(bytes, order);
            if table.format.empty.matches(word) {
                continue;
            }
            let address = table.first_behind(piece.first, index);
            let leaf = table.format.is_leaf(word);
            let entry = Entry {
                address: self.high | address,
                level: piece.level,
                table: piece.root.at,
                at: piece.at.wrapping_add((index - piece.index) * word_bytes),
                word,
                leaf,
            };
            match table.format.table(word).filter(|_| !leaf) {
                None => (self.visit)(Item::Entry(entry))?,
                Some(next) if self.is_ancestor(next.at, piece.level - 1) => (self.visit)(Item::Loop(entry))?,
                Some(root) if piece.level <= self.lowest => (self.visit)(Item::Table { entry, root })?,
                Some(next) => {
                    let (first, last) = (piece.first.max(address), piece.last.min(table.last_behind(address)));
                    if !self.table(piece.level - 1, next, first, last)? {
                        return ControlFlow::Continue(false);
                    }
                }
            }
        }
        ControlFlow::Continue(true)
    }
}

/// A piece of a table.
struct Piece {
    level: usize,
    root: Root,
    /// Its physical address.
    at: u64,
    /// The index of its first word.
    index: u64,
    /// The addresses that are asked for.
    first: u64,
    last: u64,
}
