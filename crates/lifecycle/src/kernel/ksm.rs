//! `mm/ksm.c`, as far as it touches exclusive and its marker.

use super::Step;
use crate::{Event, Pte, Rule};

impl Step<'_> {
    /// `write_protect_page()`, after which the page is in the stable tree. It backs off from any reference that is not
    /// a mapping or the swap cache.
    pub(super) fn write_protect_page(&mut self, p: usize) -> Option<Event> {
        let Pte::Present { page, writable, soft_dirty, uffd_wp } = self.process(p)?.pte else { return None };
        if self.state.page(page)?.ksm || self.state.gup_count(page) > 0 {
            return None;
        }
        let flags = self.page_mut(page)?;
        (flags.exclusive, flags.ksm, flags.dirty) = (false, true, true);
        let writable = writable && !self.model.rules.on(Rule::KsmWriteProtects);
        self.set_pte(p, Pte::Present { page, writable, soft_dirty, uffd_wp });
        Some(Event::KsmShare)
    }

    /// `ksm_might_need_to_copy()`: the page in the swap cache was a KSM page, and has the `anon_vma` of another process.
    pub(super) fn ksm_copy(&mut self, p: usize, write: bool, event: Event) -> Option<Event> {
        let Pte::Swap(word) = self.process(p)?.pte else { return None };
        let slot = self.model.words.slot(word)?;
        let cached = *self.state.page(self.state.swap_cache(slot)?)?;
        let foreign = self.state.slots.get(usize::from(slot))?.ksm && !cached.ksm;
        if !foreign || event == Event::UnuseKsmCopy && cached.writeback {
            return None;
        }
        let page = self.new_page(cached.content)?;
        self.swap_free(slot);
        let bits = self.model.bits(Pte::Swap(word));
        self.map(p, page, write, bits);
        Some(event)
    }
}
