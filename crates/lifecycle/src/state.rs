//! What the model remembers between two steps: processes, pages, swap slots, a reference.
//!
//! A state is kept small. Whatever follows from the rest is computed: reference counts, map counts, what a process sees.

/// How many processes a state has room for.
pub const MAX_PROCESSES: usize = 3;
/// How many swap slots.
pub const MAX_SLOTS: usize = 2;
/// How many pages: one for each process, one for each slot's swap cache, one under the reference.
pub const MAX_PAGES: usize = MAX_PROCESSES + MAX_SLOTS + 1;

/// A version of the content of the page: equal numbers, equal bytes.
pub type Content = u8;

/// The swap device.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Device {
    /// `SWP_STABLE_WRITES`: a page must not change while it is written.
    pub stable_writes: bool,
    /// `SWP_SYNCHRONOUS_IO`: a slot with one user is read without the swap cache.
    pub synchronous: bool,
}

impl Device {
    /// The four kinds, the plainest first.
    pub const ALL: [Self; 4] = [
        Self { stable_writes: false, synchronous: false },
        Self { stable_writes: true, synchronous: false },
        Self { stable_writes: false, synchronous: true },
        Self { stable_writes: true, synchronous: true },
    ];
}

/// A process that has the page in its address space.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Process {
    /// Its page-table entry.
    pub pte: Pte,
    /// What it must see: its own last write, or one through a reference that the kernel keeps for it.
    pub expects: Content,
    /// The soft-dirty bit that user space must find.
    pub soft_dirty: bool,
    /// The uffd-wp bit that user space must find.
    pub uffd_wp: bool,
}

/// A page-table entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Pte {
    /// A mapping.
    Present {
        /// Index of the page.
        page: u8,
        /// `pte_write()`.
        writable: bool,
        /// `pte_soft_dirty()`.
        soft_dirty: bool,
        /// `pte_uffd_wp()`.
        uffd_wp: bool,
    },
    /// A swap PTE: the word of the backend.
    Swap(u64),
}

/// An anonymous page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Page {
    /// What is in it.
    pub content: Content,
    /// `PG_anon_exclusive`.
    pub exclusive: bool,
    /// `PageKsm()`.
    pub ksm: bool,
    /// `PG_dirty`: differs from its slot. A page without a slot is dirty.
    pub dirty: bool,
    /// `PG_writeback`.
    pub writeback: bool,
    /// `PG_swapcache`, and the slot that it is the cache of.
    pub slot: Option<u8>,
}

/// A slot of the swap device.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Slot {
    /// `swap_map`: how many page-table entries name it, as `swap_duplicate()` and `swap_free()` count.
    pub count: u8,
    /// What the device holds, if that was ever written and is not out of date.
    pub content: Option<Content>,
    /// Written from a KSM page, so that unrelated processes may name it.
    pub ksm: bool,
}

/// A reference that a driver took with GUP.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reference {
    /// The process whose address it was taken by; `None` once that has exited.
    pub owner: Option<u8>,
    /// Index of the page.
    pub page: u8,
    /// `FOLL_PIN`; else `FOLL_GET`.
    pub pin: bool,
    /// `FOLL_WRITE`.
    pub write: bool,
    /// No `fork()` of its owner since: what is written through it belongs to the owner.
    pub promised: bool,
}

/// Everything.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct State {
    /// The device, which never changes.
    pub device: Device,
    /// The processes that live.
    pub processes: [Option<Process>; MAX_PROCESSES],
    /// The pages that exist.
    pub pages: [Option<Page>; MAX_PAGES],
    /// The slots of the device.
    pub slots: [Slot; MAX_SLOTS],
    /// The reference, if one is held.
    pub reference: Option<Reference>,
}

impl State {
    /// One process that has just written to a fresh anonymous page: `do_anonymous_page()` (`mm/memory.c`).
    #[must_use]
    pub fn first(device: Device, soft_dirty: bool) -> Self {
        let page = Page { content: 0, exclusive: true, ksm: false, dirty: true, writeback: false, slot: None };
        let pte = Pte::Present { page: 0, writable: true, soft_dirty, uffd_wp: false };
        let mut state = Self {
            device,
            processes: [None; MAX_PROCESSES],
            pages: [None; MAX_PAGES],
            slots: [Slot::default(); MAX_SLOTS],
            reference: None,
        };
        state.pages[0] = Some(page);
        state.processes[0] = Some(Process { pte, expects: 0, soft_dirty, uffd_wp: false });
        state
    }

    /// The processes that live, with their numbers.
    pub fn living(&self) -> impl Iterator<Item = (usize, &Process)> {
        self.processes.iter().enumerate().filter_map(|(p, process)| process.as_ref().map(|process| (p, process)))
    }

    /// The page that a process maps, if its entry is present.
    #[must_use]
    pub fn mapped(&self, p: usize) -> Option<u8> {
        match self.processes.get(p).copied().flatten()?.pte {
            Pte::Present { page, .. } => Some(page),
            Pte::Swap(_) => None,
        }
    }

    /// A page that exists.
    #[must_use]
    pub fn page(&self, page: u8) -> Option<&Page> {
        self.pages.get(usize::from(page))?.as_ref()
    }

    /// `page_mapcount()`.
    #[must_use]
    pub fn map_count(&self, page: u8) -> usize {
        (0..MAX_PROCESSES).filter(|p| self.mapped(*p) == Some(page)).count()
    }

    /// The references that are neither a mapping nor the swap cache.
    #[must_use]
    pub fn gup_count(&self, page: u8) -> usize {
        usize::from(self.reference.is_some_and(|reference| reference.page == page))
    }

    /// `folio_ref_count()`, without the reference that whoever asks may hold.
    #[must_use]
    pub fn ref_count(&self, page: u8) -> usize {
        let cached = self.page(page).is_some_and(|page| page.slot.is_some());
        self.map_count(page) + usize::from(cached) + self.gup_count(page)
    }

    /// `page_maybe_dma_pinned()`.
    #[must_use]
    pub fn pinned(&self, page: u8) -> bool {
        self.reference.is_some_and(|reference| reference.pin && reference.page == page)
    }

    /// `swap_cache_get_folio()`.
    #[must_use]
    pub fn swap_cache(&self, slot: u8) -> Option<u8> {
        let found = self.pages.iter().position(|page| page.is_some_and(|page| page.slot == Some(slot)));
        found.and_then(|page| u8::try_from(page).ok())
    }

    /// A content that nothing has yet.
    #[must_use]
    pub fn fresh_content(&self) -> Content {
        self.contents().max().map_or(0, |most| most.saturating_add(1))
    }

    fn contents(&self) -> impl Iterator<Item = Content> {
        let pages = self.pages.iter().flatten().map(|page| page.content);
        let expected = self.processes.iter().flatten().map(|process| process.expects);
        pages.chain(self.slots.iter().filter_map(|slot| slot.content)).chain(expected)
    }

    /// A page that does not exist yet. There is always room: see [`MAX_PAGES`].
    pub(crate) fn allocate(&mut self, new: Page) -> Option<u8> {
        let free = self.pages.iter().position(Option::is_none)?;
        self.pages[free] = Some(new);
        u8::try_from(free).ok()
    }

    /// What follows at once from a step: pages that nobody refers to are freed, and so are slots; what a slot holds is
    /// out of date as soon as the page in its swap cache is dirty.
    pub(crate) fn settle(&mut self) {
        for index in 0..MAX_PAGES {
            let Ok(number) = u8::try_from(index) else { continue };
            let (maps, references) = (self.map_count(number), self.ref_count(number));
            let Some(page) = &mut self.pages[index] else { continue };
            if references == 0 {
                self.pages[index] = None;
                continue;
            }
            // An unmapped page belongs to no process; freeing clears the flag.
            page.exclusive &= maps > 0;
            page.dirty |= page.slot.is_none();
            if let (Some(slot), true, false) = (page.slot, page.dirty, page.writeback) {
                self.slots[usize::from(slot)].content = None;
            }
        }
        for slot in 0..MAX_SLOTS {
            let cached = u8::try_from(slot).is_ok_and(|number| self.swap_cache(number).is_some());
            if self.slots[slot].count == 0 && !cached {
                self.slots[slot] = Slot::default();
            }
        }
    }
}

/// What a page is called in stories: A, B, C.
pub(crate) fn letter(page: u8) -> char {
    char::from(b'A'.saturating_add(page))
}
