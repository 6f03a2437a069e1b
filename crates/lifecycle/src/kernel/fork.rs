//! `fork()`: `copy_present_pte()` and `copy_nonpresent_pte()` (`mm/memory.c`), `page_try_dup_anon_rmap()`
//! (`include/linux/rmap.h`).

use swp_pte::Flag;

use super::Step;
use crate::{Event, Process, Pte, Rule};

impl Step<'_> {
    pub(super) fn fork(&mut self, p: usize) -> Option<Event> {
        let parent = self.process(p)?;
        let free = self.state.processes.iter().take(self.model.bounds.processes).position(Option::is_none)?;
        // User space registered userfaultfd for one process; a child has no write protection.
        let mut child = Process { uffd_wp: false, ..parent };
        let event = match parent.pte {
            Pte::Present { page, .. } => self.copy_present_pte(p, page, &mut child)?,
            Pte::Swap(word) => self.copy_nonpresent_pte(p, word, &mut child)?,
        };
        // From here on it is not the kernel's business whom a FOLL_GET reference writes to.
        if let Some(reference) = &mut self.state.reference
            && !reference.pin
            && reference.owner.is_some_and(|owner| usize::from(owner) == p)
        {
            reference.promised = false;
        }
        self.state.processes[free] = Some(child);
        Some(event)
    }

    fn copy_present_pte(&mut self, p: usize, page: u8, child: &mut Process) -> Option<Event> {
        let rules = self.model.rules;
        if self.state.page(page)?.exclusive {
            if self.state.pinned(page) && rules.on(Rule::ForkLooksForPins) {
                let copy = self.new_page(self.state.page(page)?.content)?;
                let soft_dirty = self.model.words.has(Flag::SoftDirty);
                child.pte = Pte::Present { page: copy, writable: true, soft_dirty, uffd_wp: false };
                child.soft_dirty = soft_dirty;
                return Some(Event::ForkPinned);
            }
            if rules.on(Rule::ForkClearsExclusive) {
                self.page_mut(page)?.exclusive = false;
            }
        }
        let (soft_dirty, uffd_wp) = self.model.bits(child.pte);
        child.pte = Pte::Present { page, writable: false, soft_dirty, uffd_wp: false };
        if rules.on(Rule::ForkWriteProtects) {
            self.set_pte(p, Pte::Present { page, writable: false, soft_dirty, uffd_wp });
        }
        Some(Event::ForkShared)
    }

    fn copy_nonpresent_pte(&mut self, p: usize, word: u64, child: &mut Process) -> Option<Event> {
        let (words, rules) = (self.model.words, self.model.rules);
        let slot = words.slot(word)?;
        self.state.slots.get_mut(usize::from(slot))?.count += 1;
        let cleared = words.with(Flag::Exclusive, false, word);
        if rules.on(Rule::ForkClearsParentMarker) {
            self.set_pte(p, Pte::Swap(cleared));
        }
        let copy = if rules.on(Rule::ForkClearsChildMarker) { cleared } else { word };
        child.pte = Pte::Swap(words.with(Flag::UffdWp, false, copy));
        Some(if words.is_set(Flag::Exclusive, word) { Event::ForkSwapMarked } else { Event::ForkSwap })
    }
}
