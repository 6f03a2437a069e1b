//! `mm/memory.c`: faults, copy-on-write, swap-in, exit.

use swp_pte::Flag;

use super::Step;
use crate::{Event, Pte, Rule};

impl Step<'_> {
    /// The processor writes: no fault, no lock.
    pub(super) fn write(&mut self, p: usize) -> Option<Event> {
        let Pte::Present { page, writable: true, .. } = self.process(p)?.pte else { return None };
        let content = self.state.fresh_content();
        let written = self.page_mut(page)?;
        (written.content, written.dirty) = (content, true);
        self.state.processes.get_mut(p)?.as_mut()?.expects = content;
        Some(Event::Write)
    }

    /// A write fault on a mapping that is read-only, or an unshare fault.
    pub(super) fn do_wp_page(&mut self, p: usize, unshare: bool) -> Option<Event> {
        let Pte::Present { page, writable: false, soft_dirty, uffd_wp } = self.process(p)?.pte else { return None };
        // `handle_userfault()` waits for user space.
        if uffd_wp && !unshare {
            return None;
        }
        if self.state.page(page)?.exclusive {
            return if unshare { None } else { self.wp_page_reuse(p, Event::Reuse) };
        }
        if self.can_reuse(page) {
            self.page_mut(page)?.exclusive = true;
            return if unshare { Some(Event::UnshareByCount) } else { self.wp_page_reuse(p, Event::ReuseByCount) };
        }
        // `wp_page_copy()`.
        let copy = self.new_page(self.state.page(page)?.content)?;
        self.set_pte(p, Pte::Present { page: copy, writable: !unshare, soft_dirty, uffd_wp });
        if unshare {
            return Some(Event::UnshareCopy);
        }
        self.mk_dirty(p);
        Some(Event::Copy)
    }

    fn wp_page_reuse(&mut self, p: usize, event: Event) -> Option<Event> {
        if let Pte::Present { writable, .. } = &mut self.state.processes.get_mut(p)?.as_mut()?.pte {
            *writable = true;
        }
        self.mk_dirty(p);
        Some(event)
    }

    /// Whether nobody else can refer to a page that is not exclusive: the swap cache given up, one reference left.
    fn can_reuse(&mut self, page: u8) -> bool {
        let Some(flags) = self.state.page(page).copied() else { return false };
        if flags.ksm {
            return false;
        }
        if !self.model.rules.on(Rule::ReuseCountsReferences) {
            return self.state.map_count(page) == 1;
        }
        if self.state.ref_count(page) > 1 + usize::from(flags.slot.is_some()) {
            return false;
        }
        if let Some(slot) = flags.slot {
            self.folio_free_swap(slot);
        }
        self.state.ref_count(page) == 1
    }

    /// A GUP that may not pin a shared page faults with `FAULT_FLAG_UNSHARE`.
    pub(super) fn unshare(&mut self, p: usize) -> Option<Event> {
        match self.process(p)?.pte {
            Pte::Present { writable: false, .. } => self.do_wp_page(p, true),
            _ => None,
        }
    }

    pub(super) fn do_swap_page(&mut self, p: usize, word: u64, write: bool, full: bool) -> Option<Event> {
        let (model, slot) = (self.model, self.model.words.slot(word)?);
        let Some(page) = self.state.swap_cache(slot) else {
            return self.swap_in_fresh(p, word, slot, write);
        };
        let flags = *self.state.page(page)?;
        let mut exclusive = !flags.ksm && model.words.is_set(Flag::Exclusive, word);
        let marked = exclusive;
        let unstable = flags.writeback && self.state.device.stable_writes;
        if unstable && model.rules.on(Rule::StableWritesDropMarker) {
            exclusive = false;
        }
        self.swap_free(slot);
        // `should_try_to_free_swap()`, which counts the reference of the fault itself.
        if full || write && !flags.ksm && self.state.ref_count(page) == 1 {
            self.folio_free_swap(slot);
        }
        let alone = self.state.ref_count(page) == 0;
        let exclusive_now = !flags.ksm && (exclusive || alone) && model.rules.on(Rule::SwapInReuses);
        let bits = self.carried(word);
        self.map(p, page, exclusive_now && write, bits);
        if exclusive_now {
            self.page_mut(page)?.exclusive = true;
            return Some(if exclusive { Event::SwapInByMarker } else { Event::SwapInByCount });
        }
        let after = if write { self.do_wp_page(p, false) } else { None };
        Some(match after {
            _ if marked && unstable => Event::SwapInStable,
            Some(Event::Copy) => Event::SwapInCopied,
            // do_wp_page finds nothing that swap-in did not: it copies, or waits for userfaultfd.
            _ => Event::SwapInShared,
        })
    }

    /// `SWP_SYNCHRONOUS_IO`: a slot with one user is read into a page that the swap cache never sees.
    fn swap_in_fresh(&mut self, p: usize, word: u64, slot: u8, write: bool) -> Option<Event> {
        let state = self.state.slots.get(usize::from(slot))?;
        if !self.state.device.synchronous || state.count != 1 {
            return None;
        }
        let page = self.new_page(state.content?)?;
        self.swap_free(slot);
        let reuse = self.model.rules.on(Rule::SwapInReuses);
        self.page_mut(page)?.exclusive = reuse;
        let bits = self.carried(word);
        self.map(p, page, reuse && write, bits);
        Some(Event::SwapInFresh)
    }

    /// The bits that swap-in takes over from the word.
    fn carried(&self, word: u64) -> (bool, bool) {
        let (soft_dirty, uffd_wp) = self.model.bits(Pte::Swap(word));
        (soft_dirty, uffd_wp && self.model.rules.on(Rule::UffdWpCarried))
    }

    /// `set_pte_at()` at the end of a swap-in; uffd-wp takes the write permission away again.
    pub(super) fn map(&mut self, p: usize, page: u8, write: bool, (soft_dirty, uffd_wp): (bool, bool)) {
        self.set_pte(p, Pte::Present { page, writable: write && !uffd_wp, soft_dirty, uffd_wp });
        if write {
            self.mk_dirty(p);
        }
    }

    /// The end of a process: `zap_pte_range()`, with `free_swap_and_cache()` for a swap PTE.
    pub(super) fn exit(&mut self, p: usize) -> Option<Event> {
        let process = self.state.processes.get_mut(p)?.take()?;
        if let Pte::Swap(word) = process.pte
            && let Some(slot) = self.model.words.slot(word)
        {
            self.swap_free(slot);
            if self.state.swap_cache(slot).is_some_and(|page| self.state.map_count(page) == 0) {
                self.folio_free_swap(slot);
            }
        }
        if let Some(reference) = &mut self.state.reference
            && reference.owner.is_some_and(|owner| usize::from(owner) == p)
        {
            (reference.owner, reference.promised) = (None, false);
        }
        Some(Event::Exit)
    }
}
