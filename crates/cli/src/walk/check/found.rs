//! What `walk --check` has found: the first of each kind, in the order of files and their pages, and how many there are.

use std::collections::BinaryHeap;
use std::io::{self, Write};

use serde::Serialize;
use swp_pte_reading::Hex;

use super::super::engine::Tree;
use crate::{Error, json};

/// What is shown of a kind to people.
const SHOWN: usize = 10;

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wrong {
    /// A page of swap that several entries name, of which one is exclusive.
    SharedExclusive,
    /// A page that is not in its swap file.
    BeyondFile,
    /// More entries name it than the kernel counts.
    Uncounted,
}

impl Wrong {
    const fn name(self) -> &'static str {
        match self {
            Self::SharedExclusive => "shared-exclusive",
            Self::BeyondFile => "beyond-file",
            Self::Uncounted => "uncounted",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::SharedExclusive => "pages of swap that several entries name, one of them exclusive",
            Self::BeyondFile => "entries of pages that their swap file does not have",
            Self::Uncounted => "pages of swap that more entries name than swap_map counts",
        }
    }
}

/// An entry that has part in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Found {
    pub(super) swp_type: u64,
    pub(super) offset: u64,
    pub(super) pid: Option<u64>,
    pub(super) va: u64,
    pub(super) tree: usize,
    pub(super) table: u64,
    pub(super) word: u64,
    pub(super) exclusive: Option<bool>,
}

/// The same as JSON, whose keys are promised.
#[derive(Debug, Serialize)]
struct Object<'a> {
    check: &'static str,
    pid: Option<u64>,
    comm: Option<&'a str>,
    va: Hex<u64>,
    table: Hex<u64>,
    word: Hex<u64>,
    #[serde(rename = "type")]
    swp_type: u64,
    offset: Hex<u64>,
    exclusive: Option<bool>,
    named: u64,
    counted: Option<u64>,
}

/// The first entries of a kind.
#[derive(Debug)]
pub(super) struct First {
    kind: Wrong,
    /// What there is, in all.
    pub(super) count: u64,
    entries: BinaryHeap<Found>,
    /// Entries that are not kept.
    left_out: u64,
    most: usize,
}

/// How often the page of an entry is named, and how often by the kernel's own count.
pub(super) type HowOften<'a> = &'a dyn Fn(&Found) -> (u64, Option<u64>);

impl First {
    pub(super) const fn new(kind: Wrong, most: usize) -> Self {
        Self { kind, count: 0, entries: BinaryHeap::new(), left_out: 0, most }
    }

    /// Keeps an entry, if it is one of the first.
    pub(super) fn add(&mut self, found: Found) {
        self.entries.push(found);
        if self.entries.len() > self.most {
            self.entries.pop();
            self.left_out += 1;
        }
    }

    /// Entries that were found and are not in the output.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }

    fn sorted(&self) -> Vec<Found> {
        let mut sorted: Vec<_> = self.entries.iter().copied().collect();
        sorted.sort_unstable();
        sorted
    }

    /// One object a line.
    pub(super) fn json(&self, out: &mut impl Write, trees: &[Tree], often: HowOften<'_>) -> Result<(), Error> {
        self.sorted().iter().try_for_each(|one| {
            let (named, counted) = often(one);
            let object = Object {
                check: self.kind.name(),
                pid: one.pid,
                comm: trees.get(one.tree).and_then(|tree| tree.comm.as_deref()),
                va: Hex(one.va),
                table: Hex(one.table),
                word: Hex(one.word),
                swp_type: one.swp_type,
                offset: Hex(one.offset),
                exclusive: one.exclusive,
                named,
                counted,
            };
            json::write_line(out, &object)
        })
    }

    /// For people: how many, and the first of them; or why nothing was looked for.
    pub(super) fn text(&self, out: &mut impl Write, not: Option<&str>, often: HowOften<'_>) -> io::Result<()> {
        let kind = self.kind.text();
        match not {
            Some(why) => writeln!(out, "{:>8}  {kind}\n          {why}", "-")?,
            None => writeln!(out, "{:>8}  {kind}", self.count)?,
        }
        let sorted = self.sorted();
        for one in sorted.iter().take(SHOWN) {
            let pid = one.pid.map_or_else(|| "-".to_owned(), |pid| pid.to_string());
            let marker = if one.exclusive == Some(true) { ", exclusive" } else { "" };
            let (named, counted) = often(one);
            let counted = counted.map_or_else(String::new, |count| format!(", counted {count}"));
            writeln!(out, "          {pid} {} {}{marker}", Hex(one.va), Hex(one.word))?;
            let named = if named > 1 { format!(", named by {named} entries{counted}") } else { counted };
            writeln!(out, "            type {} offset {}{named}", one.swp_type, Hex(one.offset))?;
        }
        if sorted.len() > SHOWN {
            let (more, all) = (sorted.len() - SHOWN, if self.left_out > 0 { "more of them" } else { "all" });
            writeln!(out, "          and {more} more entries; --json has {all}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_in_whatever_order_they_come() {
        let found =
            |offset| Found { swp_type: 0, offset, pid: None, va: 0, tree: 0, table: 0, word: 0, exclusive: None };
        let mut first = First::new(Wrong::BeyondFile, 5);
        (0..100).map(|number| number * 37 % 100).for_each(|offset| first.add(found(offset)));
        assert_eq!(first.sorted(), (0..5).map(found).collect::<Vec<_>>());
        assert_eq!(first.left_out(), 95);
    }
}
