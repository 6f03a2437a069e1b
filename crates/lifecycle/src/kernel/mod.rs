//! What the kernel does, by the files of `mm/`: each function takes a step in place and says what it turned out to be,
//! or `None` where it would do nothing or cannot be called.

mod fork;
mod gup;
mod ksm;
mod memory;
mod reclaim;
mod swapoff;
mod track;

use swp_pte::Flag;

use crate::{Action, Event, Model, Page, Process, Pte, State};

/// A step being taken.
pub(crate) struct Step<'a> {
    pub(crate) model: &'a Model,
    pub(crate) state: State,
}

impl Step<'_> {
    pub(crate) fn take(&mut self, action: Action) -> Option<Event> {
        match action {
            Action::Write(p) => self.write(p),
            Action::Fault { p, write, full } => match self.process(p)?.pte {
                Pte::Present { .. } if write && !full => self.do_wp_page(p, false),
                Pte::Present { .. } => None,
                Pte::Swap(word) => self.do_swap_page(p, word, write, full),
            },
            Action::KsmFault { p, write } => self.ksm_copy(p, write, Event::SwapInKsmCopy),
            Action::Unshare(p) => self.unshare(p),
            Action::Fork(p) => self.fork(p),
            Action::Gup { p, pin, write } => self.gup(p, pin, write),
            Action::WriteThrough => self.write_through(),
            Action::Release => self.state.reference.take().map(|_| Event::Release),
            Action::AddToSwap(p) => self.add_to_swap(p),
            Action::Unmap(p) => self.try_to_unmap_one(p),
            Action::WritebackStart(slot) => self.pageout(slot),
            Action::WritebackEnd(slot) => self.end_page_writeback(slot),
            Action::Reclaim(slot) => self.remove_mapping(slot),
            Action::FreeSwap(slot) => self.folio_free_swap(slot).then_some(Event::FreeSwap),
            Action::SwapRead(slot) => self.read_swap_cache(slot),
            Action::Unuse { p, ksm: false } => self.unuse_pte(p),
            Action::Unuse { p, ksm: true } => self.ksm_copy(p, false, Event::UnuseKsmCopy),
            Action::KsmShare(p) => self.write_protect_page(p),
            Action::ClearSoftDirty(p) => self.clear_soft_dirty(p),
            Action::Uffd { p, protect } => self.uffd_wp_range(p, protect),
            Action::Exit(p) => self.exit(p),
        }
    }

    pub(crate) fn process(&self, p: usize) -> Option<Process> {
        self.state.processes.get(p).copied().flatten()
    }

    pub(crate) fn set_pte(&mut self, p: usize, pte: Pte) {
        if let Some(Some(process)) = self.state.processes.get_mut(p) {
            process.pte = pte;
        }
    }

    pub(crate) fn page_mut(&mut self, page: u8) -> Option<&mut Page> {
        self.state.pages.get_mut(usize::from(page))?.as_mut()
    }

    /// `pte_mkdirty()` and, with it, soft-dirty where the architecture has it; user space must find it from now on.
    pub(crate) fn mk_dirty(&mut self, p: usize) {
        let has = self.model.words.has(Flag::SoftDirty);
        let Some(Some(process)) = self.state.processes.get_mut(p) else { return };
        process.soft_dirty |= has;
        if let Pte::Present { page, soft_dirty, .. } = &mut process.pte {
            *soft_dirty |= has;
            let page = *page;
            if let Some(page) = self.page_mut(page) {
                page.dirty = true;
            }
        }
    }

    /// A page of its own for a process, with this content.
    pub(crate) fn new_page(&mut self, content: u8) -> Option<u8> {
        self.state.allocate(Page { content, exclusive: true, ksm: false, dirty: true, writeback: false, slot: None })
    }

    /// `swap_free()`.
    pub(crate) fn swap_free(&mut self, slot: u8) {
        if let Some(slot) = self.state.slots.get_mut(usize::from(slot)) {
            slot.count = slot.count.saturating_sub(1);
        }
    }
}
