//! States that differ in names only are one: pages and contents have no names of their own, and of processes that user
//! space treats alike it does not matter which is which.

use crate::{Content, MAX_PAGES, MAX_PROCESSES, MAX_SLOTS, Page, Pte, State};

/// Every order of the processes.
const ORDERS: [[usize; MAX_PROCESSES]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

impl State {
    /// The state that stands for all that differ from this one in names only. The first `named` processes are not alike.
    ///
    /// Processes are sorted by what they are, which leaves a few twins that are found alike by nobody: they cost time,
    /// and nothing else.
    #[must_use]
    pub(crate) fn canonical(&self, named: usize) -> Self {
        let mut order = [0, 1, 2];
        order[named..].sort_by_key(|p| self.rank(*p));
        self.in_order(order).renumbered()
    }

    /// Whether another state, a canonical one, is this one with other names.
    #[must_use]
    pub(crate) fn is_like(&self, canonical: &Self) -> bool {
        ORDERS.into_iter().any(|order| self.in_order(order).renumbered() == *canonical)
    }

    /// What a process is, whatever the names.
    fn rank(&self, p: usize) -> (bool, u64, u32) {
        let Some(process) = &self.processes[p] else { return (true, 0, 0) };
        let owns = self.reference.is_some_and(|reference| reference.owner.is_some_and(|owner| usize::from(owner) == p));
        let own = bits(&[owns, process.soft_dirty, process.uffd_wp]);
        match process.pte {
            Pte::Swap(word) => (false, word, own),
            Pte::Present { page, writable, soft_dirty, uffd_wp } => {
                let flags = self.page(page).map_or(0, |flags| {
                    let slot = [flags.slot.is_some(), flags.slot == Some(0), flags.content == process.expects];
                    bits(&[flags.exclusive, flags.ksm, flags.dirty, flags.writeback]) << 3 | bits(&slot)
                });
                let maps = self.map_count(page);
                let entry = bits(&[true, writable, soft_dirty, uffd_wp, self.gup_count(page) > 0, maps > 1, maps > 2]);
                (false, 0, own << 14 | entry << 7 | flags)
            }
        }
    }

    fn in_order(&self, order: [usize; MAX_PROCESSES]) -> Self {
        let mut state = self.clone();
        state.processes = order.map(|p| self.processes[p]);
        if let Some(reference) = &mut state.reference {
            let moved = reference.owner.and_then(|owner| order.iter().position(|p| *p == usize::from(owner)));
            reference.owner = moved.and_then(|owner| u8::try_from(owner).ok());
        }
        state
    }

    /// The same state with pages and contents numbered in the order in which they are met.
    fn renumbered(mut self) -> Self {
        let old = std::mem::take(&mut self.pages);
        let mut names = [None; MAX_PAGES];
        let mut next = 0;
        let mut rename = |page: u8, pages: &mut [Option<Page>; MAX_PAGES]| {
            let name = names[usize::from(page)].get_or_insert_with(|| {
                next += 1;
                next - 1
            });
            pages[usize::from(*name)] = old[usize::from(page)];
            *name
        };
        for process in self.processes.iter_mut().flatten() {
            if let Pte::Present { page, .. } = &mut process.pte {
                *page = rename(*page, &mut self.pages);
            }
        }
        for slot in 0..MAX_SLOTS {
            let caches = |page: &Option<Page>| page.is_some_and(|page| page.slot.map(usize::from) == Some(slot));
            if let Some(page) = old.iter().position(caches).and_then(|page| u8::try_from(page).ok()) {
                rename(page, &mut self.pages);
            }
        }
        if let Some(reference) = &mut self.reference {
            reference.page = rename(reference.page, &mut self.pages);
        }

        let mut met = [None; MAX_PAGES + MAX_PROCESSES + MAX_SLOTS];
        let mut number = |content: &mut Content| {
            let known = met.iter().position(|old| old.is_none_or(|old| old == *content)).unwrap_or(usize::MAX);
            if let Some(place) = met.get_mut(known) {
                *place = Some(*content);
            }
            *content = u8::try_from(known).unwrap_or(Content::MAX);
        };
        self.processes.iter_mut().flatten().for_each(|process| number(&mut process.expects));
        self.pages.iter_mut().flatten().for_each(|page| number(&mut page.content));
        self.slots.iter_mut().filter_map(|slot| slot.content.as_mut()).for_each(&mut number);
        self
    }
}

fn bits(marks: &[bool]) -> u32 {
    marks.iter().fold(0, |all, mark| all << 1 | u32::from(*mark))
}
