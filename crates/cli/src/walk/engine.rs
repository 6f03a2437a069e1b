//! Walks trees in pieces, on all processors, and writes rows in the order of processes and addresses.
//!
//! A tree is gone through down to the tables of PTEs; these are read some at a time, side by side. What is in memory at a
//! time grows neither with the number of rows nor with that of the tables.

use std::convert::Infallible;
use std::ops::{ControlFlow, RangeInclusive};

use rayon::prelude::*;
use swp_pte_dump::{Dump, Memory, Missing};
use swp_pte_vmcore::Process;
use swp_pte_walk::{Budget, Entry, Geometry, Item, Root, Walk};

use super::place::{Places, What};
use super::progress::Progress;
use super::rows::{Format, Row};
use super::summary::{Summaries, Summary};
use crate::Error;
use crate::rows::Sink;

/// Tables of PTEs in a piece.
const TABLES: usize = 8;

/// Page tables to be walked.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// Whose they are.
    pub(crate) pid: Option<u64>,
    /// Its name.
    pub(crate) comm: Option<String>,
    /// How they are made.
    pub(crate) geometry: Geometry,
    /// Where they begin.
    pub(crate) root: Root,
    /// Where user space ends, if not where the geometry has it.
    pub(crate) last: Option<u64>,
    /// Why it is not known where they are.
    pub(crate) unreadable: Option<String>,
}

impl Tree {
    /// One that is not in the dump.
    pub(crate) fn unreadable(process: &Process, geometry: Geometry, why: String) -> Self {
        let (pid, comm) = (Some(process.pid), process.comm.clone());
        Self { pid, comm, geometry, root: Root::new(0), last: None, unreadable: Some(why) }
    }
}

/// Something to be read: what was found above the tables of PTEs, or one of these.
#[derive(Clone, Debug)]
enum Unit {
    Item(Item<Missing>),
    Table { address: u64, root: Root },
}

/// A piece of a tree.
struct Piece<'a> {
    /// Its number.
    tree: usize,
    of: &'a Tree,
    units: Vec<Unit>,
}

/// A dump, and what of it is wanted.
#[derive(Debug)]
pub(crate) struct Engine<'a> {
    dump: &'a Dump,
    range: Option<RangeInclusive<u64>>,
    swapped: bool,
    pool: rayon::ThreadPool,
    /// Bytes of memory.
    bytes: u64,
}

impl<'a> Engine<'a> {
    /// # Errors
    /// [`Error::Input`] if threads cannot be started.
    pub(crate) fn new(
        dump: &'a Dump,
        range: Option<RangeInclusive<u64>>,
        swapped: bool,
        threads: Option<u16>,
    ) -> Result<Self, Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.map_or(0, usize::from))
            .build()
            .map_err(|error| Error::Input(format!("cannot start threads: {error}")))?;
        let bytes = dump.ranges().iter().fold(0_u64, |bytes, range| bytes.saturating_add(range.bytes()));
        Ok(Self { dump, range, swapped, pool, bytes })
    }

    /// Walks all trees and writes a row for each entry; `what` says to what.
    ///
    /// # Errors
    /// [`Error::Io`] if the output cannot be written.
    pub(crate) fn run<F: Format>(
        &self,
        trees: &[Tree],
        places: &Places,
        format: &F,
        out: &mut impl Sink<F::Piece>,
        what: &str,
    ) -> Result<Summaries, Error> {
        let mut summaries = Summaries::new(trees);
        let budget = self.budget();
        let mut progress = Progress::new(self, trees, "");
        let mut before: Vec<F::Piece> = Vec::new();
        self.pool.install(|| {
            self.pieces(trees, &budget, &mut progress, |batch| {
                // Those before are written while these are put together.
                let (written, read) = rayon::join(
                    || before.iter_mut().try_for_each(|piece| out.write(piece)),
                    || batch.par_iter().map(|piece| self.piece(piece, &budget, places, format)).collect::<Vec<_>>(),
                );
                written.map_err(Error::io(what))?;
                before.clear();
                for (piece, (rows, summary)) in batch.iter().zip(read) {
                    summaries.merge(piece.tree, summary);
                    before.push(rows);
                }
                Ok::<_, Error>(())
            })?;
            before.iter_mut().try_for_each(|piece| out.write(piece)).map_err(Error::io(what))
        })?;
        Ok(summaries)
    }

    /// What a walk through all trees may take.
    const fn budget(&self) -> Budget {
        Budget::for_memory(self.bytes)
    }

    /// The addresses of a tree that are asked for.
    fn range(&self, of: &Tree) -> RangeInclusive<u64> {
        self.range.clone().unwrap_or_else(|| 0..=of.last.unwrap_or(of.geometry.last_user))
    }

    /// Cuts all trees into pieces, in their order, and hands out as many at a time as keep all processors busy.
    fn pieces<E>(
        &self,
        trees: &[Tree],
        budget: &Budget,
        progress: &mut Progress,
        mut some: impl FnMut(&[Piece<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let many = self.pool.current_num_threads().clamp(1, 16) * 4;
        let mut batch = Vec::with_capacity(many);
        for (tree, of) in trees.iter().enumerate().filter(|(_, of)| of.unreadable.is_none()) {
            let mut units = Vec::with_capacity(TABLES);
            let walk = Walk::new(&of.geometry, of.root, budget).down_to(2);
            let read = |at, into: &mut [u8]| self.dump.read(at, into);
            let walked = walk.range(self.range(of), read, |item| {
                progress.at(tree, of, &item);
                units.push(match item {
                    Item::Table { entry, root } => Unit::Table { address: entry.address, root },
                    other => Unit::Item(other),
                });
                if units.len() == TABLES {
                    batch.push(Piece { tree, of, units: std::mem::replace(&mut units, Vec::with_capacity(TABLES)) });
                }
                if batch.len() == many {
                    if let Err(error) = some(&batch) {
                        return ControlFlow::Break(error);
                    }
                    batch.clear();
                }
                ControlFlow::Continue(())
            });
            if let ControlFlow::Break(error) = walked {
                return Err(error);
            }
            if !units.is_empty() {
                batch.push(Piece { tree, of, units });
            }
        }
        // One more than that, if the last tree ended with it.
        if batch.is_empty() { Ok(()) } else { some(&batch) }
    }

    /// How many tables above those of PTEs there are.
    pub(super) fn tables_above(&self, trees: &[Tree]) -> u64 {
        let budget = self.budget();
        let mut tables = 0;
        for of in trees.iter().filter(|of| of.unreadable.is_none()) {
            if of.geometry.levels() == 2 {
                tables += 1;
                continue;
            }
            let read = |at, into: &mut [u8]| self.dump.read(at, into);
            let walk = Walk::new(&of.geometry, of.root, &budget).down_to(3);
            let _: ControlFlow<Infallible> = walk.range(self.range(of), read, |item| {
                tables += u64::from(matches!(item, Item::Table { .. }));
                ControlFlow::Continue(())
            });
        }
        tables
    }

    /// The rows of a piece, and what they are in all.
    fn piece<F: Format>(&self, piece: &Piece<'_>, budget: &Budget, places: &Places, format: &F) -> (F::Piece, Summary) {
        let (mut rows, mut summary) = (F::Piece::default(), Summary::default());
        self.items(piece, budget, |item| match &item {
            Item::Entry(entry) => self.entry(piece.of, entry, places, format, &mut rows, &mut summary),
            other => {
                summary.problem(other);
                format.problem(&mut rows, piece.of, other);
            }
        });
        (rows, summary)
    }

    fn entry<F: Format>(
        &self,
        tree: &Tree,
        entry: &Entry,
        places: &Places,
        format: &F,
        rows: &mut F::Piece,
        summary: &mut Summary,
    ) {
        let Some(what) = places.what(entry) else { return };
        summary.add(entry, &what, places);
        if !(self.swapped && what.is_present()) {
            format.row(rows, &Row { tree, entry, what: &what, places });
        }
    }

    /// Everything in a piece.
    fn items(&self, piece: &Piece<'_>, budget: &Budget, mut visit: impl FnMut(Item<Missing>)) {
        let geometry = &piece.of.geometry;
        for unit in &piece.units {
            match unit {
                Unit::Item(item) => visit(item.clone()),
                Unit::Table { address, root } => {
                    let behind = (1_u64 << geometry.table(2).map_or(63, |table| table.shift)) - 1;
                    let (mut first, mut last) = (*address, address | behind);
                    if let Some(range) = &self.range {
                        (first, last) = (first.max(*range.start()), last.min(*range.end()));
                    }
                    let walk = Walk::new(geometry, *root, budget).from_level(1);
                    let read = |at, into: &mut [u8]| self.dump.read(at, into);
                    let _: ControlFlow<Infallible> = walk.range(first..=last, read, |item| {
                        visit(item);
                        ControlFlow::Continue(())
                    });
                }
            }
        }
    }

    /// Every entry of all trees, for a look at them together; on all processors. What comes of each piece is handed out in
    /// the order of trees and addresses. `name` says to people which walk this is. What could not be read is in the summaries,
    /// and nothing else.
    pub(crate) fn each<T: Default + Send>(
        &self,
        trees: &[Tree],
        places: &Places,
        name: &str,
        visit: impl Fn(&mut T, usize, &Entry, &What) + Sync,
        mut take: impl FnMut(T) + Send,
    ) -> Summaries {
        let mut problems = Summaries::new(trees);
        let budget = self.budget();
        let mut progress = Progress::new(self, trees, name);
        let look = |piece: &Piece<'_>| {
            let (mut some, mut problems) = (T::default(), Summary::default());
            self.items(piece, &budget, |item| match &item {
                Item::Entry(entry) => {
                    if let Some(what) = places.what(entry) {
                        visit(&mut some, piece.tree, entry, &what);
                    }
                }
                other => problems.problem(other),
            });
            (some, problems)
        };
        let Ok(()) = self.pool.install(|| {
            self.pieces::<Infallible>(trees, &budget, &mut progress, |batch| {
                for (piece, (some, of_piece)) in batch.iter().zip(batch.par_iter().map(look).collect::<Vec<_>>()) {
                    problems.merge(piece.tree, of_piece);
                    take(some);
                }
                Ok(())
            })
        });
        problems
    }
}
