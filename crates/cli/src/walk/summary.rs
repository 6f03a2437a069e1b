//! What a process has, counted.

use std::collections::BTreeMap;
use std::io::Write;

use anstyle::Style;
use comfy_table::{Cell, CellAlignment};
use swp_pte::{Bytes, Flag};
use swp_pte_dump::Missing;
use swp_pte_reading::{Reading, leaf_name};
use swp_pte_vmcore::SwapFile;
use swp_pte_walk::{Entry, Geometry, Item};

use super::engine::Tree;
use super::place::{Places, What};
use crate::{Error, output};

/// Why a walk ended early.
pub(crate) const SPENT: &str =
    "the walk ended here: there are more page tables than the memory of the dump holds, so they point at each other";

/// Where pages are that are not in memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Where {
    /// In the swap file of a type.
    File(u64),
    /// Nowhere: another kind of entry.
    Kind(&'static str),
}

/// Entries of a kind.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    entries: u64,
    bytes: u64,
    /// By marker, in the order of [`Flag::ALL`].
    flags: [u64; 3],
}

/// What is in page tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    name: String,
    unreadable: Option<String>,
    present: u64,
    present_bytes: u64,
    by: BTreeMap<Where, Counted>,
    missing: u64,
    first_missing: Option<String>,
    loops: u64,
    spent: bool,
}

impl Summary {
    /// That of a tree, empty.
    pub(crate) fn new(tree: &Tree) -> Self {
        let name = match (tree.pid, tree.comm.as_deref()) {
            (Some(pid), comm) => format!("{pid} {}", output::shown(comm.unwrap_or("?"))),
            (None, _) => format!("pgd {:#x}", tree.root.at),
        };
        Self { name, unreadable: tree.unreadable.clone(), ..Self::default() }
    }

    /// Counts an entry.
    pub(crate) fn add(&mut self, entry: &Entry, what: &What, places: &Places) {
        let bytes = 1_u64 << entry_shift(entry.level, places);
        let (place, flags) = match what {
            What::Reading(Reading::Swap(swap)) => {
                let place = what
                    .page()
                    .map_or(Where::Kind(leaf_name(swap.softleaf.as_ref())), |(swp_type, _)| Where::File(swp_type));
                (place, swap.flags().map(|(_, set)| u64::from(set == Some(true))))
            }
            What::Reading(_) => {
                self.present += 1;
                self.present_bytes = self.present_bytes.saturating_add(bytes);
                return;
            }
            What::Unknown => (Where::Kind("unknown"), [0; 3]),
        };
        let counted = self.by.entry(place).or_default();
        counted.entries += 1;
        counted.bytes = counted.bytes.saturating_add(bytes);
        for (count, more) in counted.flags.iter_mut().zip(flags) {
            *count += more;
        }
    }

    /// Counts what is no entry.
    pub(crate) fn problem(&mut self, item: &Item<Missing>) {
        match item {
            Item::Missing { first, last, level, why, .. } => {
                self.missing += 1;
                self.first_missing.get_or_insert_with(|| {
                    let level = Geometry::level_name(*level);
                    format!("{first:#x} to {last:#x} (a table of {level} entries): {why}")
                });
            }
            Item::Loop(_) => self.loops += 1,
            Item::Spent { .. } => self.spent = true,
            Item::Entry(_) | Item::Table { .. } => {}
        }
    }

    /// Adds those of a piece.
    pub(crate) fn merge(&mut self, other: Self) {
        self.present += other.present;
        self.present_bytes = self.present_bytes.saturating_add(other.present_bytes);
        self.missing += other.missing;
        self.first_missing = self.first_missing.take().or(other.first_missing);
        self.loops += other.loops;
        self.spent |= other.spent;
        for (place, more) in other.by {
            let counted = self.by.entry(place).or_default();
            counted.entries += more.entries;
            counted.bytes = counted.bytes.saturating_add(more.bytes);
            for (count, more) in counted.flags.iter_mut().zip(more.flags) {
                *count += more;
            }
        }
    }

    /// Whether the dump does not have it.
    pub(crate) const fn is_unreadable(&self) -> bool {
        self.unreadable.is_some()
    }

    /// Says what could not be read.
    pub(crate) fn complain(&self) {
        let name = &self.name;
        if let Some(why) = &self.unreadable {
            output::complain("warning", &format!("{name}: its page tables are not in the dump: {why}"));
        }
        if let Some(first) = &self.first_missing {
            let count = self.missing;
            let what = format!("{name}: {count} pieces of its page tables are not in the dump, the first {first}");
            output::complain("warning", &what);
        }
        if self.loops > 0 {
            let what = format!("{name}: {} entries point at tables that they are below of", self.loops);
            output::complain("warning", &what);
        }
        if self.spent {
            output::complain("warning", &format!("{name}: {SPENT}"));
        }
    }

    fn swapped(&self) -> u64 {
        self.by.iter().filter(|(place, _)| matches!(place, Where::File(_))).map(|(_, counted)| counted.bytes).sum()
    }
}

/// log2 of the bytes behind an entry, by level; the tables of all architectures here have nearly the same.
fn entry_shift(level: usize, places: &Places) -> u32 {
    let page = places.page_shift();
    match level {
        1 => page,
        _ if places.target.variant().starts_with("s390") => [20, 31, 42, 53].get(level - 2).copied().unwrap_or(53),
        2 => 21,
        3 => 30,
        _ => 39,
    }
}

/// The summaries of all trees.
#[derive(Clone, Debug)]
pub(crate) struct Summaries {
    /// In the order of the trees.
    pub(crate) all: Vec<Summary>,
}

impl Summaries {
    /// Of trees of which nothing was read yet.
    pub(crate) fn new(trees: &[Tree]) -> Self {
        Self { all: trees.iter().map(Summary::new).collect() }
    }

    /// Adds what is in a piece of a tree.
    pub(crate) fn merge(&mut self, tree: usize, summary: Summary) {
        if let Some(all) = self.all.get_mut(tree) {
            all.merge(summary);
        }
    }

    /// For people: processes with the most on swap first, and the swap files.
    pub(crate) fn text(&self, out: &mut dyn Write, places: &Places, files: &[SwapFile]) -> Result<(), Error> {
        let bold = Style::new().bold();
        writeln!(out, "{bold}{}, kernel {}{bold:#}", places.target.variant(), places.target.release)?;
        let page_shift = places.page_shift();
        for file in files {
            let size = Bytes(u128::from(file.pages.unwrap_or(file.max)) << page_shift);
            let path = file.path.as_deref().map_or_else(|| "name not in the dump".to_owned(), output::shown);
            let prio = file.prio.map_or_else(String::new, |prio| format!(", priority {prio}"));
            writeln!(out, "swap file {}  {path}, {size}{prio}", file.swp_type)?;
        }
        writeln!(out)?;
        let mut sorted: Vec<_> = self.all.iter().filter(|summary| summary.unreadable.is_none()).collect();
        sorted.sort_by_key(|summary| std::cmp::Reverse(summary.swapped()));
        let layout = places.target.row.layout();
        let header = ["process", "where", "entries", "size", "exclusive", "soft-dirty", "uffd-wp"];
        let mut table = output::table(header, Some(1));
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        for summary in &sorted {
            let mut name = summary.name.clone();
            for (place, counted) in &summary.by {
                let place = match place {
                    Where::File(swp_type) => places.name(*swp_type).map_or_else(
                        || format!("swap file {swp_type}"),
                        |name| format!("{swp_type} {}", output::shown(name)),
                    ),
                    Where::Kind(kind) => (*kind).to_owned(),
                };
                let share = |(flag, count): (Flag, u64)| {
                    if layout.flag(flag).is_none() {
                        return "-".to_owned();
                    }
                    format!("{} %", (count * 100 + counted.entries / 2) / counted.entries.max(1))
                };
                let [exclusive, soft_dirty, uffd_wp] = std::array::from_fn(|i| share((Flag::ALL[i], counted.flags[i])));
                let size = Bytes(u128::from(counted.bytes)).to_string();
                table.add_row([
                    Cell::new(std::mem::take(&mut name)),
                    Cell::new(place),
                    right(counted.entries.to_string()),
                    right(size),
                    right(exclusive),
                    right(soft_dirty),
                    right(uffd_wp),
                ]);
            }
            if summary.present > 0 || summary.by.is_empty() {
                let size = if summary.present > 0 {
                    Bytes(u128::from(summary.present_bytes)).to_string()
                } else {
                    String::new()
                };
                table.add_row([
                    Cell::new(name),
                    Cell::new("in memory"),
                    right(summary.present.to_string()),
                    right(size),
                ]);
            }
        }
        writeln!(out, "{}", table.trim_fmt())?;
        Ok(())
    }
}
