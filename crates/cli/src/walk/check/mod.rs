//! `walk --check`: what cannot be in the page tables of a whole machine.
//!
//! The tables are gone through once, and what every page of swap is named by is counted; where that finds something, once
//! more for the entries. What is in memory at a time does not grow with the dump: more pages of swap than there is room for
//! are counted one part after the other.

mod found;
mod slots;

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use swp_pte_reading::Reading;
use swp_pte_vmcore::{Kernel, SwapFile};
use swp_pte_walk::Entry;

use super::engine::{Engine, Tree};
use super::place::{Places, What};
use crate::{Error, output};

use found::{First, Found, Wrong};
use slots::{Slot, Slots};

/// Entries of a kind that are kept, and pages: a broken dump has millions.
const MOST: usize = 100_000;
/// Memory for what pages are named by: some 45 million pages that lie together, which are 180 GiB of swap, or 6 million
/// entries of pages that do not.
const ROOM: usize = 48 << 20;

/// A page of swap with which something is wrong.
#[derive(Debug)]
struct Suspect {
    shared: bool,
    uncounted: bool,
    counted: Option<u64>,
    named: AtomicU64,
}

/// What pages of swap are wrong.
#[derive(Debug, Default)]
struct Suspects {
    /// The first of them.
    by: HashMap<Slot, Suspect>,
    /// How many there are.
    shared: u64,
    uncounted: u64,
    /// Whether the kernel's own count is there, of any page.
    counts_known: bool,
}

impl Suspects {
    /// Looks at what was counted.
    fn add(&mut self, slots: &mut Slots, kernel: Option<&Kernel<'_>>, files: &[SwapFile]) {
        let mut counts = vec![None; Slots::in_block()];
        slots.each(|first, named| {
            let file = files.iter().find(|file| file.swp_type == first.swp_type());
            let known = kernel.zip(file).filter(|(_, file)| file.swap_map.is_some());
            if let Some((kernel, file)) = known {
                kernel.swap_counts(file, first.offset(), &mut counts);
            }
            for (slot, named) in named.iter().copied() {
                let place = usize::try_from(slot.offset() - first.offset()).unwrap_or(usize::MAX);
                let counted = known.and_then(|_| counts.get(place).copied().flatten());
                self.counts_known |= counted.is_some();
                let shared = named.count() > 1 && named.has_exclusive();
                let uncounted = counted.is_some_and(|counted| named.count() > counted);
                self.shared += u64::from(shared);
                self.uncounted += u64::from(uncounted);
                if (shared || uncounted) && self.by.len() < MOST {
                    self.by.insert(slot, Suspect { shared, uncounted, counted, named: AtomicU64::new(0) });
                }
            }
        });
    }
}

/// What is found in a piece.
#[derive(Debug, Default)]
struct Part {
    entries: u64,
    named: Vec<(Slot, bool)>,
    beyond: Vec<Found>,
}

const fn exclusive(what: &What) -> Option<bool> {
    match what {
        What::Reading(Reading::Swap(swap)) => swap.exclusive,
        _ => None,
    }
}

fn found(trees: &[Tree], tree: usize, entry: &Entry, (swp_type, offset): (u64, u64), what: &What) -> Found {
    let pid = trees.get(tree).and_then(|tree| tree.pid);
    let (va, table, word) = (entry.address, entry.table, entry.word);
    Found { swp_type, offset, pid, va, tree, table, word, exclusive: exclusive(what) }
}

/// Looks, and says what was found. That nothing is wrong is said too.
///
/// # Errors
/// [`Error::Input`] if anything was found.
pub(crate) fn run(
    engine: &Engine<'_>,
    trees: &[Tree],
    places: &Places,
    kernel: Option<&Kernel<'_>>,
    files: &[SwapFile],
    as_json: bool,
) -> Result<(), Error> {
    for tree in trees {
        if let Some(why) = &tree.unreadable {
            let pid = tree.pid.unwrap_or_default();
            output::complain("warning", &format!("process {pid} is not looked at: {why}"));
        }
    }
    let is_beyond = |swp_type: u64, offset: u64| {
        let file = files.iter().find(|file| file.swp_type == swp_type);
        !files.is_empty() && !file.is_some_and(|file| (1..file.max).contains(&offset))
    };
    let mut beyond = First::new(Wrong::BeyondFile, MOST);
    let (mut suspects, mut entries) = (Suspects::default(), 0);
    let (mut left, mut time) = (Some(Slots::new(ROOM)), 0);
    while let Some(mut slots) = left.take() {
        time += 1;
        let what = if time > 1 { format!("part {time} of its swap") } else { String::new() };
        let visit = |part: &mut Part, tree: usize, entry: &Entry, what: &What| {
            let Some(page) = what.page() else { return };
            if let Some(slot) = Slot::new(page.0, page.1) {
                part.named.push((slot, exclusive(what) == Some(true)));
                part.entries += 1;
            }
            if time == 1 && is_beyond(page.0, page.1) {
                part.beyond.push(found(trees, tree, entry, page, what));
            }
        };
        let problems = engine.each(trees, places, &what, visit, |mut part: Part| {
            slots.add(&mut part.named);
            if time == 1 {
                entries += part.entries;
                beyond.count += part.beyond.len() as u64;
                part.beyond.into_iter().for_each(|one| beyond.add(one));
            }
        });
        if time == 1 {
            problems.all.iter().filter(|one| !one.is_unreadable()).for_each(super::summary::Summary::complain);
        }
        suspects.add(&mut slots, kernel, files);
        left = slots.next();
    }
    let [shared, uncounted] = locate(engine, trees, places, &suspects);
    let often = |one: &Found| {
        let suspect = Slot::new(one.swp_type, one.offset).and_then(|slot| suspects.by.get(&slot));
        suspect.map_or((1, None), |suspect| (suspect.named.load(Ordering::Relaxed), suspect.counted))
    };
    if as_json {
        let mut out = output::data();
        [&shared, &beyond, &uncounted].into_iter().try_for_each(|kind| kind.json(&mut out, trees, &often))?;
        out.flush()?;
    } else {
        let mut out = output::text();
        let processes = trees.iter().filter(|tree| tree.unreadable.is_none()).count();
        let es = if processes == 1 { "" } else { "es" };
        writeln!(out, "{entries} entries of pages in swap files, of {processes} process{es}")?;
        let no_marker = places.target.row.layout().exclusive.is_none();
        let no_marker = no_marker.then_some("not looked for: this kernel has no exclusive marker");
        let no_files = files.is_empty().then_some("not looked for: the swap files are not known");
        let no_counts = !suspects.counts_known && entries > 0;
        let no_counts = no_counts.then_some("not looked for: swap_map is not in the dump, or not in this kernel");
        shared.text(&mut out, no_marker, &often)?;
        beyond.text(&mut out, no_files, &often)?;
        uncounted.text(&mut out, no_counts, &often)?;
        out.flush()?;
    }
    let left_out: u64 = [&shared, &beyond, &uncounted].iter().map(|kind| kind.left_out()).sum();
    if left_out > 0 || suspects.shared + suspects.uncounted > suspects.by.len() as u64 {
        let what = format!("no more than the first {MOST} entries and pages of a kind are looked up and listed");
        output::complain("note", &what);
    }
    let total = shared.count + beyond.count + uncounted.count;
    if total == 0 {
        Ok(())
    } else {
        Err(Error::Input(format!("page tables as no kernel leaves them: {total} findings")))
    }
}

/// Whose the entries are that name these pages: once more through the tables.
fn locate(engine: &Engine<'_>, trees: &[Tree], places: &Places, suspects: &Suspects) -> [First; 2] {
    let (mut shared, mut uncounted) = (First::new(Wrong::SharedExclusive, MOST), First::new(Wrong::Uncounted, MOST));
    (shared.count, uncounted.count) = (suspects.shared, suspects.uncounted);
    if suspects.by.is_empty() {
        return [shared, uncounted];
    }
    let visit = |part: &mut Vec<(Found, bool, bool)>, tree: usize, entry: &Entry, what: &What| {
        let Some(page) = what.page() else { return };
        let Some(suspect) = Slot::new(page.0, page.1).and_then(|slot| suspects.by.get(&slot)) else { return };
        suspect.named.fetch_add(1, Ordering::Relaxed);
        part.push((found(trees, tree, entry, page, what), suspect.shared, suspect.uncounted));
    };
    engine.each(trees, places, "whose they are", visit, |part| {
        for (one, is_shared, is_uncounted) in part {
            if is_shared {
                shared.add(one);
            }
            if is_uncounted {
                uncounted.add(one);
            }
        }
    });
    [shared, uncounted]
}
