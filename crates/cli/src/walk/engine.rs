//! Walks trees in pieces, on all processors, and writes rows in the order of processes and addresses.
//!
//! A tree is gone through twice: first down to the tables of PTEs, of which there are few, then these, some at a time side by
//! side. What is in memory at a time does not grow with the number of rows.

use std::convert::Infallible;
use std::ops::{ControlFlow, RangeInclusive};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use swp_pte_dump::{Dump, Memory, Missing};
use swp_pte_vmcore::Process;
use swp_pte_walk::{Budget, Entry, Geometry, Item, Root, Walk};

use super::place::{Places, What};
use super::rows::{Format, Row, Sink};
use super::summary::{Summaries, Summary};
use crate::Error;

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
    budget: Budget,
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
        Ok(Self { dump, range, swapped, pool, budget: Budget::for_memory(bytes) })
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
        let mut summaries = Summaries { all: trees.iter().map(Summary::new).collect() };
        let progress = self.progress(trees.len());
        let many = self.pool.current_num_threads().clamp(1, 16) * 4;
        self.pool.install(|| {
            let mut before: Vec<F::Piece> = Vec::new();
            let mut batch: Vec<Piece<'_>> = Vec::new();
            let mut pieces = trees.iter().enumerate().filter(|(_, of)| of.unreadable.is_none());
            let mut rest: Vec<Piece<'_>> = Vec::new();
            loop {
                while batch.len() < many {
                    if let Some(piece) = rest.pop() {
                        batch.push(piece);
                    } else if let Some((tree, of)) = pieces.next() {
                        progress.set_position(tree as u64);
                        rest = self.outline(tree, of);
                    } else {
                        break;
                    }
                }
                if batch.is_empty() {
                    break;
                }
                // Those before are written while these are put together.
                let (written, read) = rayon::join(
                    || before.iter_mut().try_for_each(|piece| out.write(piece)),
                    || batch.par_iter().map(|piece| self.piece(piece, places, format)).collect::<Vec<_>>(),
                );
                written.map_err(Error::io(what))?;
                before.clear();
                for (piece, (rows, summary)) in batch.drain(..).zip(read) {
                    if let Some(all) = summaries.all.get_mut(piece.tree) {
                        all.merge(summary);
                    }
                    before.push(rows);
                }
            }
            before.iter_mut().try_for_each(|piece| out.write(piece)).map_err(Error::io(what))
        })?;
        progress.finish_and_clear();
        Ok(summaries)
    }

    /// The pieces of a tree, the last first.
    fn outline<'t>(&self, tree: usize, of: &'t Tree) -> Vec<Piece<'t>> {
        let mut units = Vec::new();
        let walk = Walk::new(&of.geometry, of.root, &self.budget).down_to(2);
        let all = 0..=of.last.unwrap_or(of.geometry.last_user);
        let range = self.range.clone().unwrap_or(all);
        let _: ControlFlow<Infallible> = walk.range(
            range,
            |at, into| self.dump.read(at, into),
            |item| {
                units.push(match item {
                    Item::Table { entry, root } => Unit::Table { address: entry.address, root },
                    other => Unit::Item(other),
                });
                ControlFlow::Continue(())
            },
        );
        let mut pieces: Vec<_> = Vec::with_capacity(units.len() / TABLES + 1);
        let mut units = units.into_iter().peekable();
        while units.peek().is_some() {
            pieces.push(Piece { tree, of, units: units.by_ref().take(TABLES).collect() });
        }
        pieces.reverse();
        pieces
    }

    /// The rows of a piece, and what they are in all.
    fn piece<F: Format>(&self, piece: &Piece<'_>, places: &Places, format: &F) -> (F::Piece, Summary) {
        let (mut rows, mut summary) = (F::Piece::default(), Summary::default());
        self.items(piece, |item| match &item {
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
    fn items(&self, piece: &Piece<'_>, mut visit: impl FnMut(Item<Missing>)) {
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
                    let walk = Walk::new(geometry, *root, &self.budget).from_level(1);
                    let read = |at, into: &mut [u8]| self.dump.read(at, into);
                    let _: ControlFlow<Infallible> = walk.range(first..=last, read, |item| {
                        visit(item);
                        ControlFlow::Continue(())
                    });
                }
            }
        }
    }

    /// Every entry of all trees, for a look at them together; on all processors, in no order. What comes of each piece is
    /// collected.
    pub(crate) fn each<T: Default + Send>(
        &self,
        trees: &[Tree],
        places: &Places,
        visit: impl Fn(&mut T, usize, &Entry, &What) + Sync,
    ) -> Vec<T> {
        self.pool.install(|| {
            let mut all = Vec::new();
            for (tree, of) in trees.iter().enumerate().filter(|(_, of)| of.unreadable.is_none()) {
                let pieces = self.outline(tree, of);
                all.par_extend(pieces.par_iter().map(|piece| {
                    let mut some = T::default();
                    self.items(piece, |item| {
                        if let Item::Entry(entry) = &item
                            && let Some(what) = places.what(entry)
                        {
                            visit(&mut some, tree, entry, &what);
                        }
                    });
                    some
                }));
            }
            all
        })
    }

    /// On a terminal only.
    fn progress(&self, trees: usize) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(trees as u64), ProgressDrawTarget::stderr_with_hz(5));
        let style = "{bar:40} {pos} of {len} processes, {eta} left";
        bar.with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}
