//! `mm/gup.c`: references by address, and what a driver does with one.

use super::Step;
use crate::{Event, Pte, Reference, Rule};

impl Step<'_> {
    /// `follow_page_pte()`, once the faults that it asks for are done.
    pub(super) fn gup(&mut self, p: usize, pin: bool, write: bool) -> Option<Event> {
        let Pte::Present { page, writable, .. } = self.process(p)?.pte else { return None };
        // `can_follow_write_pte()`.
        if self.state.reference.is_some() || write && !writable {
            return None;
        }
        // `gup_must_unshare()`.
        if pin && !write && !self.state.page(page)?.exclusive && self.model.rules.on(Rule::PinUnshares) {
            return None;
        }
        let owner = u8::try_from(p).ok();
        self.state.reference = Some(Reference { owner, page, pin, write, promised: pin || write });
        Some(match (pin, write) {
            (false, false) => Event::GetRead,
            (false, true) => Event::GetWrite,
            (true, false) => Event::PinRead,
            (true, true) => Event::PinWrite,
        })
    }

    /// The driver writes and calls `set_page_dirty()`.
    pub(super) fn write_through(&mut self) -> Option<Event> {
        let reference = self.state.reference.filter(|reference| reference.write)?;
        let readers: Vec<usize> = match reference.owner {
            Some(owner) if reference.promised => vec![usize::from(owner)],
            // Nothing was promised: whoever still has the page sees the write.
            _ => {
                let living = self.state.living().map(|(p, _)| p);
                living.filter(|p| self.model.found(&self.state, *p) == Some(reference.page)).collect()
            }
        };
        let content = self.state.fresh_content();
        let page = self.page_mut(reference.page)?;
        (page.content, page.dirty) = (content, true);
        for p in readers {
            self.state.processes.get_mut(p)?.as_mut()?.expects = content;
        }
        Some(Event::WriteThrough)
    }
}
