//! What user space does to track writes: `clear_soft_dirty()` (`fs/proc/task_mmu.c`), `uffd_wp_range()`
//! (`mm/userfaultfd.c`, `change_pte_range()` in `mm/mprotect.c`).

use swp_pte::Flag;

use super::Step;
use crate::{Event, Pte};

impl Step<'_> {
    pub(super) fn clear_soft_dirty(&mut self, p: usize) -> Option<Event> {
        let process = self.process(p).filter(|process| process.soft_dirty)?;
        let pte = match process.pte {
            // `pte_is_pinned()`: such an entry must stay writable.
            Pte::Present { page, writable: true, .. } if self.state.pinned(page) => return None,
            Pte::Present { page, uffd_wp, .. } => Pte::Present { page, writable: false, soft_dirty: false, uffd_wp },
            Pte::Swap(word) => Pte::Swap(self.model.words.with(Flag::SoftDirty, false, word)),
        };
        let process = self.state.processes.get_mut(p)?.as_mut()?;
        (process.pte, process.soft_dirty) = (pte, false);
        Some(Event::ClearSoftDirty)
    }

    pub(super) fn uffd_wp_range(&mut self, p: usize, protect: bool) -> Option<Event> {
        let has = self.model.words.has(Flag::UffdWp);
        let process = self.process(p).filter(|process| has && process.uffd_wp != protect)?;
        let pte = match process.pte {
            Pte::Present { page, soft_dirty, .. } => {
                Pte::Present { page, writable: false, soft_dirty, uffd_wp: protect }
            }
            Pte::Swap(word) => Pte::Swap(self.model.words.with(Flag::UffdWp, protect, word)),
        };
        let process = self.state.processes.get_mut(p)?.as_mut()?;
        (process.pte, process.uffd_wp) = (pte, protect);
        Some(if protect { Event::UffdProtect } else { Event::UffdResolve })
    }
}
