//! Reclaim: `mm/vmscan.c`, `mm/rmap.c`, `mm/swap_state.c`, and what it shares with `mm/swapfile.c`.

use swp_pte::Flag;

use super::Step;
use crate::{Event, Page, Pte, Rule, Slot};

impl Step<'_> {
    /// `add_to_swap()`, which `shrink_folio_list()` calls for a page that nobody may have pinned.
    pub(super) fn add_to_swap(&mut self, p: usize) -> Option<Event> {
        let page = self.state.mapped(p)?;
        // The same page once, however many map it.
        let first = (0..p).all(|other| self.state.mapped(other) != Some(page));
        if !first || self.state.pinned(page) || self.state.page(page)?.slot.is_some() {
            return None;
        }
        let cached = |slot: usize| u8::try_from(slot).is_ok_and(|slot| self.state.swap_cache(slot).is_some());
        let free = |slot: &usize| self.state.slots[*slot].count == 0 && !cached(*slot);
        let slot = (0..self.model.bounds.slots).find(free)?;
        self.state.slots[slot] = Slot::default();
        let flags = self.page_mut(page)?;
        (flags.slot, flags.dirty) = (u8::try_from(slot).ok(), true);
        Some(Event::AddToSwap)
    }

    pub(super) fn try_to_unmap_one(&mut self, p: usize) -> Option<Event> {
        let (words, rules) = (self.model.words, self.model.rules);
        let process = self.process(p)?;
        let page = self.state.mapped(p)?;
        let flags = *self.state.page(page)?;
        let slot = flags.slot?;
        // `page_try_share_anon_rmap()`; the entry is restored.
        if flags.exclusive && self.state.pinned(page) && rules.on(Rule::UnmapLooksForPins) {
            return Some(Event::UnmapPinned);
        }
        self.state.slots.get_mut(usize::from(slot))?.count += 1;
        self.page_mut(page)?.exclusive = false;
        let (soft_dirty, uffd_wp) = self.model.bits(process.pte);
        let mut word = words.encode(slot)?;
        if flags.exclusive && rules.on(Rule::UnmapRemembers) {
            word = words.with(Flag::Exclusive, true, word);
        }
        if soft_dirty && rules.on(Rule::SoftDirtyCarried) {
            word = words.with(Flag::SoftDirty, true, word);
        }
        if uffd_wp {
            word = words.with(Flag::UffdWp, true, word);
        }
        self.set_pte(p, Pte::Swap(word));
        Some(if words.is_set(Flag::Exclusive, word) { Event::UnmapMarked } else { Event::Unmap })
    }

    /// `pageout()`, for a page that is unmapped everywhere; `is_page_cache_freeable()` looks for references.
    pub(super) fn pageout(&mut self, slot: u8) -> Option<Event> {
        let page = self.state.swap_cache(slot)?;
        let flags = *self.state.page(page)?;
        let referenced = self.state.gup_count(page) > 0 && self.model.rules.on(Rule::WritebackLooksForReferences);
        if self.state.map_count(page) > 0 || self.state.pinned(page) || referenced || !flags.dirty || flags.writeback {
            return None;
        }
        let state = self.state.slots.get_mut(usize::from(slot))?;
        // `swap_writepage()` would give the slot up instead.
        if state.count == 0 {
            return None;
        }
        (state.content, state.ksm) = (Some(flags.content), flags.ksm);
        let flags = self.page_mut(page)?;
        (flags.dirty, flags.writeback) = (false, true);
        Some(Event::WritebackStart)
    }

    pub(super) fn end_page_writeback(&mut self, slot: u8) -> Option<Event> {
        let page = self.state.swap_cache(slot)?;
        let flags = self.page_mut(page)?;
        core::mem::take(&mut flags.writeback).then_some(Event::WritebackEnd)
    }

    /// `__remove_mapping()`.
    pub(super) fn remove_mapping(&mut self, slot: u8) -> Option<Event> {
        let page = self.state.swap_cache(slot)?;
        let flags = *self.state.page(page)?;
        let dirty = flags.dirty && self.model.rules.on(Rule::ReclaimLooksForDirty);
        if self.state.ref_count(page) > 1 || dirty || flags.writeback {
            return None;
        }
        self.page_mut(page)?.slot = None;
        Some(Event::Reclaim)
    }

    /// `folio_free_swap()` (`mm/swapfile.c`).
    pub(super) fn folio_free_swap(&mut self, slot: u8) -> bool {
        let named = self.state.slots.get(usize::from(slot)).is_none_or(|slot| slot.count > 0);
        let Some(page) = self.state.swap_cache(slot).and_then(|page| self.page_mut(page)) else { return false };
        if named || page.writeback {
            return false;
        }
        (page.slot, page.dirty) = (None, true);
        true
    }

    /// `read_swap_cache_async()` (`mm/swap_state.c`).
    pub(super) fn read_swap_cache(&mut self, slot: u8) -> Option<Event> {
        let state = *self.state.slots.get(usize::from(slot))?;
        if state.count == 0 || self.state.swap_cache(slot).is_some() {
            return None;
        }
        let content = state.content?;
        let page = Page { content, exclusive: false, ksm: false, dirty: false, writeback: false, slot: Some(slot) };
        self.state.allocate(page)?;
        Some(Event::SwapRead)
    }
}
