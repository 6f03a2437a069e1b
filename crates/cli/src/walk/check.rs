//! `walk --check`: what cannot be in the page tables of a whole machine.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use serde::Serialize;
use swp_pte_reading::Hex;
use swp_pte_reading::Reading;
use swp_pte_vmcore::{Kernel, SwapFile};
use swp_pte_walk::Entry;

use super::engine::{Engine, Tree};
use super::place::{Places, What};
use crate::{Error, json, output};

/// What is shown of a kind of finding to people.
const SHOWN: usize = 10;
/// What is found of a kind, at most: a broken dump has millions.
const MOST: usize = 100_000;

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Wrong {
    /// A page of swap that several entries name, of which one is exclusive.
    SharedExclusive,
    /// A page that is not in its swap file.
    BeyondFile,
    /// More entries name it than the kernel counts.
    Uncounted,
}

impl Wrong {
    const ALL: [Self; 3] = [Self::SharedExclusive, Self::BeyondFile, Self::Uncounted];

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
#[derive(Debug, Serialize)]
struct Finding<'a> {
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

/// A page of swap with which something is wrong.
#[derive(Clone, Copy, Debug)]
struct Suspect {
    shared: bool,
    uncounted: bool,
    named: u64,
    counted: Option<u64>,
}

/// An entry of it, or one beyond its file.
#[derive(Clone, Copy, Debug)]
struct Found {
    kind: Wrong,
    tree: usize,
    entry: Entry,
    page: (u64, u64),
    suspect: Suspect,
    exclusive: Option<bool>,
}

/// The number of a page of swap, and whether an entry that names it is exclusive: page in the upper bits.
fn slot(what: &What) -> Option<u64> {
    let (swp_type, offset) = what.page()?;
    let exclusive = matches!(what, What::Reading(Reading::Swap(swap)) if swap.exclusive == Some(true));
    // An offset above 2^57 is beyond every file; it is counted as that.
    (offset < 1 << 57).then(|| (offset << 5 | swp_type & 31) << 1 | u64::from(exclusive))
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
    let beyond = |swp_type: u64, offset: u64| {
        let file = files.iter().find(|file| file.swp_type == swp_type);
        !files.is_empty() && !file.is_some_and(|file| (1..file.max).contains(&offset))
    };
    // Eight bytes for each entry, in order: those of one page lie together.
    let parts: Vec<Vec<u64>> = engine.each(trees, places, |slots: &mut Vec<u64>, _, _, what| slots.extend(slot(what)));
    let mut slots = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    // One after the other, so that they are not all there twice.
    parts.into_iter().for_each(|part| slots.extend(part));
    slots.sort_unstable();
    let entries = slots.len();
    let mut suspects: HashMap<u64, Suspect> = HashMap::new();
    let mut counts_known = 0_u64;
    for same in slots.chunk_by(|one, two| one >> 1 == two >> 1) {
        let Some(first) = same.first().map(|slot| slot >> 1) else { continue };
        let (swp_type, offset, named) = (first & 31, first >> 5, same.len() as u64);
        let shared = named > 1 && same.last().is_some_and(|slot| slot & 1 != 0);
        let file = files.iter().find(|file| file.swp_type == swp_type);
        let counted = kernel.zip(file).and_then(|(kernel, file)| kernel.swap_count(file, offset));
        counts_known += u64::from(counted.is_some());
        let uncounted = counted.is_some_and(|counted| named > counted);
        if (shared || uncounted) && suspects.len() < MOST {
            suspects.insert(first, Suspect { shared, uncounted, named, counted });
        }
    }
    // Whose they are: a second time through, for those alone.
    let found: Vec<Vec<Found>> = engine.each(trees, places, |found: &mut Vec<Found>, tree, entry, what| {
        let Some(page) = what.page() else { return };
        let exclusive = match what {
            What::Reading(Reading::Swap(swap)) => swap.exclusive,
            _ => None,
        };
        let nothing = Suspect { shared: false, uncounted: false, named: 1, counted: None };
        let suspect = slot(what).and_then(|slot| suspects.get(&(slot >> 1))).copied();
        let one = Found { kind: Wrong::BeyondFile, tree, entry: *entry, page, suspect: nothing, exclusive };
        if beyond(page.0, page.1) && found.len() < MOST {
            found.push(one);
        }
        if let Some(suspect) = suspect {
            let kinds = [(suspect.shared, Wrong::SharedExclusive), (suspect.uncounted, Wrong::Uncounted)];
            found.extend(kinds.iter().filter(|(is, _)| *is).map(|(_, kind)| Found { kind: *kind, suspect, ..one }));
        }
    });
    let mut by: BTreeMap<Wrong, Vec<Finding<'_>>> = BTreeMap::new();
    for Found { kind, tree, entry, page: (swp_type, offset), suspect, exclusive } in found.into_iter().flatten() {
        let tree = trees.get(tree);
        by.entry(kind).or_default().push(Finding {
            check: kind.name(),
            pid: tree.and_then(|tree| tree.pid),
            comm: tree.and_then(|tree| tree.comm.as_deref()),
            va: Hex(entry.address),
            table: Hex(entry.table),
            word: Hex(entry.word),
            swp_type,
            offset: Hex(offset),
            exclusive,
            named: suspect.named,
            counted: suspect.counted,
        });
    }
    by.values_mut().for_each(|findings| findings.sort_by_key(|one| (one.swp_type, one.offset.0, one.pid, one.va.0)));
    let total: usize = by.values().map(Vec::len).sum();
    if as_json {
        let mut out = output::data();
        by.values().flatten().try_for_each(|finding| json::write_line(&mut out, finding))?;
        out.flush()?;
    } else {
        let mut out = output::text();
        let processes = trees.iter().filter(|tree| tree.unreadable.is_none()).count();
        writeln!(out, "{entries} entries of pages in swap files, of {processes} processes")?;
        for kind in Wrong::ALL {
            let why = match kind {
                Wrong::BeyondFile if files.is_empty() => Some("not looked for: the swap files are not known"),
                Wrong::Uncounted if counts_known == 0 && entries > 0 => {
                    Some("not looked for: swap_map is not in the dump, or not in this kernel")
                }
                Wrong::SharedExclusive if places.target.row.layout().exclusive.is_none() => {
                    Some("not looked for: this kernel has no exclusive marker")
                }
                _ => None,
            };
            let findings = by.get(&kind).map_or(&[][..], Vec::as_slice);
            match why {
                Some(why) => writeln!(out, "{:>8}  {}\n          {why}", "-", kind.text())?,
                None => writeln!(out, "{:>8}  {}", findings.len(), kind.text())?,
            }
            for one in findings.iter().take(SHOWN) {
                let pid = one.pid.map_or_else(|| "-".to_owned(), |pid| pid.to_string());
                let (named, marker) = (one.named, if one.exclusive == Some(true) { ", exclusive" } else { "" });
                let counted = one.counted.map_or_else(String::new, |count| format!(", counted {count}"));
                writeln!(out, "          {pid} {} {}{marker}", one.va, one.word)?;
                let named = if named > 1 { format!(", named by {named} entries{counted}") } else { counted };
                writeln!(out, "            type {} offset {}{named}", one.swp_type, one.offset)?;
            }
            if findings.len() > SHOWN {
                writeln!(out, "          and {} more; --json has all", findings.len() - SHOWN)?;
            }
        }
        out.flush()?;
    }
    if total == 0 { Ok(()) } else { Err(Error::Input(format!("{total} entries are as no kernel leaves them"))) }
}
