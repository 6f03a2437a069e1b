//! `mm/swapfile.c`: swapoff, which may be interrupted after any entry.

use swp_pte::Flag;

use super::Step;
use crate::{Event, Pte, Rule};

impl Step<'_> {
    /// `unuse_pte()`: `try_to_unuse()` has the page in the swap cache and has waited for writeback.
    pub(super) fn unuse_pte(&mut self, p: usize) -> Option<Event> {
        let Pte::Swap(word) = self.process(p)?.pte else { return None };
        let slot = self.model.words.slot(word)?;
        let page = self.state.swap_cache(slot)?;
        if self.state.page(page)?.writeback {
            return None;
        }
        let marked = self.model.words.is_set(Flag::Exclusive, word);
        self.page_mut(page)?.exclusive |= marked && self.model.rules.on(Rule::UnuseReadsMarker);
        let bits = self.model.bits(Pte::Swap(word));
        self.map(p, page, false, bits);
        self.swap_free(slot);
        Some(if marked { Event::UnuseMarked } else { Event::Unuse })
    }
}
