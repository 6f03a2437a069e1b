//! Why a promise does not hold in a state, in words.

use core::fmt::Write;

use swp_pte::Flag;

use crate::state::letter;
use crate::{Model, Promise, Pte, State};

/// One line for each place where the promise is broken.
pub(crate) fn why(promise: Promise, model: &Model, state: &State) -> Vec<String> {
    if promise.holds(model, state) {
        return Vec::new();
    }
    let living = state.living();
    match promise {
        Promise::NoLostWrite | Promise::Isolation => living.filter_map(|(p, _)| contents(model, state, p)).collect(),
        Promise::ExclusiveMeansOne => living.filter_map(|(p, process)| shared(model, state, p, process.pte)).collect(),
        Promise::StableWrites => {
            let unstable = |page| state.page(page).is_some_and(|page| page.writeback);
            writable(state, unstable, "which is under writeback")
        }
        Promise::WritableMeansExclusive => {
            let mut lines =
                writable(state, |page| state.page(page).is_some_and(|page| !page.exclusive), "which is not exclusive");
            lines.extend(living.filter_map(|(p, process)| match process.pte {
                Pte::Swap(word) if !model.words.is_swap(word) => {
                    Some(format!("the word of process {p} is no swap PTE any more"))
                }
                _ => None,
            }));
            lines
        }
        Promise::PinnedStays => {
            let Some(reference) = state.reference else { return Vec::new() };
            let pinned = letter(reference.page);
            let owner = reference.owner.map(usize::from);
            let has = owner
                .and_then(|p| model.found(state, p))
                .map_or_else(|| "none".into(), |page| format!("page {}", letter(page)));
            vec![format!("page {pinned} is pinned for process {}, which has {has}", owner.unwrap_or_default())]
        }
        Promise::BitsSurvive => living
            .flat_map(|(p, process)| {
                let (soft_dirty, uffd_wp) = model.bits(process.pte);
                [(Flag::SoftDirty, soft_dirty, process.soft_dirty), (Flag::UffdWp, uffd_wp, process.uffd_wp)]
                    .into_iter()
                    .filter(|(_, has, must)| has != must)
                    .map(move |(flag, _, must)| {
                        format!("process {p} {} {}", if must { "has lost" } else { "must not have" }, flag.name())
                    })
            })
            .collect(),
    }
}

fn contents(model: &Model, state: &State, p: usize) -> Option<String> {
    let must = state.processes.get(p).copied().flatten()?.expects;
    let sees = model.sees(state, p);
    if sees == Some(must) {
        return None;
    }
    let sees = sees.map_or_else(|| "nothing".into(), |content| format!("content {content}"));
    Some(format!("process {p} must see content {must} and sees {sees}"))
}

fn shared(model: &Model, state: &State, p: usize, pte: Pte) -> Option<String> {
    let naming = |slot: Option<u8>| {
        let names = |pte| matches!(pte, Pte::Swap(word) if slot.is_some() && model.words.slot(word) == slot);
        state.living().filter(|(_, process)| names(process.pte)).count()
    };
    match pte {
        Pte::Present { page, .. } => {
            let flags = state.page(page).filter(|flags| flags.exclusive)?;
            let mut line =
                format!("page {} of process {p} is exclusive and mapped {}", letter(page), state.map_count(page));
            if naming(flags.slot) > 0 {
                let _ = write!(line, ", and swap PTEs name it: {}", naming(flags.slot));
            }
            Some(line)
        }
        Pte::Swap(word) => {
            let marked = model.words.is_set(Flag::Exclusive, word);
            let count = naming(model.words.slot(word));
            marked.then(|| format!("the swap PTE of process {p} has the marker, and {count} name its slot"))
        }
    }
}

/// The processes that may write to a page to which they may not.
fn writable(state: &State, wrong: impl Fn(u8) -> bool, what: &str) -> Vec<String> {
    let lines = state.living().filter_map(|(p, process)| match process.pte {
        Pte::Present { page, writable: true, .. } if wrong(page) => {
            Some(format!("process {p} may write to page {}, {what}", letter(page)))
        }
        _ => None,
    });
    lines.collect()
}
