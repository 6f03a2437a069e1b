//! What the kernel promises: the seven properties that hold in every state that can be reached.

use swp_pte::Flag;

use crate::{Model, Pte, State};

/// A property that must hold always.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Promise {
    /// What is written through a `FOLL_GET | FOLL_WRITE` reference is seen by the process that it was taken by, as
    /// long as that has not forked. Kept by `try_to_unmap_one()`, which remembers exclusive, and `do_swap_page()`.
    NoLostWrite,
    /// A process sees its own writes and nobody else's. Kept by `copy_present_pte()`, `copy_nonpresent_pte()` and
    /// `do_wp_page()`.
    Isolation,
    /// An exclusive page is mapped once and named by no swap PTE; a swap PTE with the marker is the only one for its
    /// slot. Kept by `page_try_dup_anon_rmap()` and `copy_nonpresent_pte()`.
    ExclusiveMeansOne,
    /// A page under writeback on a device that needs stable pages is not mapped writable. Kept by `do_swap_page()`.
    StableWrites,
    /// A pinned page is what its process has at that address. Kept by `page_try_share_anon_rmap()`,
    /// `page_try_dup_anon_rmap()` and `gup_must_unshare()`.
    PinnedStays,
    /// A page that may be shared is not mapped writable, and a word with the marker is a swap PTE. Kept by
    /// `wp_page_reuse()` and by the layout.
    WritableMeansExclusive,
    /// Soft-dirty and uffd-wp survive swap, where the layout has them. Kept by `try_to_unmap_one()`, `do_swap_page()`
    /// and `unuse_pte()`.
    BitsSurvive,
}

impl Promise {
    /// All, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::NoLostWrite,
        Self::Isolation,
        Self::ExclusiveMeansOne,
        Self::StableWrites,
        Self::PinnedStays,
        Self::WritableMeansExclusive,
        Self::BitsSurvive,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoLostWrite => "no lost write",
            Self::Isolation => "isolation",
            Self::ExclusiveMeansOne => "exclusive means one",
            Self::StableWrites => "stable writes",
            Self::PinnedStays => "pinned stays",
            Self::WritableMeansExclusive => "writable means exclusive",
            Self::BitsSurvive => "bits survive",
        }
    }

    /// What it says.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::NoLostWrite => {
                "what is written through a `FOLL_GET | FOLL_WRITE` reference is seen by its process until that forks"
            }
            Self::Isolation => "a process sees its own writes and nobody else's",
            Self::ExclusiveMeansOne => {
                "an exclusive page is mapped once and named by no swap PTE; a marked swap PTE is alone with its slot"
            }
            Self::StableWrites => "a page under writeback that must be stable is not mapped writable",
            Self::PinnedStays => "a pinned page is what its process has at that address",
            Self::WritableMeansExclusive => {
                "a page that may be shared is not mapped writable, and a word with the marker is a swap PTE"
            }
            Self::BitsSurvive => "soft-dirty and uffd-wp survive swap, where the layout has them",
        }
    }

    /// The kernel functions that keep it.
    #[must_use]
    pub const fn functions(self) -> &'static [&'static str] {
        match self {
            Self::NoLostWrite => &["try_to_unmap_one", "do_swap_page", "unuse_pte"],
            Self::Isolation => &["copy_present_pte", "copy_nonpresent_pte", "do_wp_page"],
            Self::ExclusiveMeansOne => &["page_try_dup_anon_rmap", "copy_nonpresent_pte"],
            Self::StableWrites => &["do_swap_page"],
            Self::PinnedStays => &["page_try_share_anon_rmap", "page_try_dup_anon_rmap", "gup_must_unshare"],
            Self::WritableMeansExclusive => &["wp_page_reuse"],
            Self::BitsSurvive => &["try_to_unmap_one", "do_swap_page", "unuse_pte"],
        }
    }

    /// Whether it holds in a state.
    #[must_use]
    pub fn holds(self, model: &Model, state: &State) -> bool {
        match self {
            Self::NoLostWrite => !state.living().any(|(p, _)| wrong(model, state, p) && through_reference(state, p)),
            Self::Isolation => !state.living().any(|(p, _)| wrong(model, state, p) && !through_reference(state, p)),
            Self::ExclusiveMeansOne => exclusive_means_one(model, state),
            Self::StableWrites => !state.living().any(|(_, process)| match process.pte {
                Pte::Present { page, writable: true, .. } => {
                    state.device.stable_writes && state.page(page).is_some_and(|page| page.writeback)
                }
                _ => false,
            }),
            Self::PinnedStays => state.reference.is_none_or(|reference| match reference.owner {
                Some(owner) if reference.pin => model.found(state, usize::from(owner)) == Some(reference.page),
                _ => true,
            }),
            Self::WritableMeansExclusive => state.living().all(|(_, process)| match process.pte {
                Pte::Present { page, writable, .. } => !writable || state.page(page).is_some_and(|page| page.exclusive),
                Pte::Swap(word) => model.words.is_swap(word),
            }),
            Self::BitsSurvive => {
                state.living().all(|(_, process)| model.bits(process.pte) == (process.soft_dirty, process.uffd_wp))
            }
        }
    }
}

/// Whether a process would read something else than it must. A word that is no swap PTE is another promise's business.
fn wrong(model: &Model, state: &State, p: usize) -> bool {
    state.processes.get(p).copied().flatten().is_some_and(|process| {
        let readable = !matches!(process.pte, Pte::Swap(word) if !model.words.is_swap(word));
        readable && model.sees(state, p) != Some(process.expects)
    })
}

/// Whether what a process must see was written through a reference that was taken for it.
fn through_reference(state: &State, p: usize) -> bool {
    let expects = state.processes.get(p).copied().flatten().map(|process| process.expects);
    state.reference.is_some_and(|reference| {
        reference.promised
            && reference.write
            && reference.owner.is_some_and(|owner| usize::from(owner) == p)
            && state.page(reference.page).map(|page| page.content) == expects
    })
}

fn exclusive_means_one(model: &Model, state: &State) -> bool {
    let naming = |slot: u8| {
        let names = move |word| model.words.slot(word) == Some(slot);
        state.living().filter(move |(_, process)| matches!(process.pte, Pte::Swap(word) if names(word)))
    };
    state.living().all(|(_, process)| match process.pte {
        Pte::Present { page, .. } => state.page(page).is_none_or(|flags| {
            !flags.exclusive
                || state.map_count(page) == 1 && flags.slot.is_none_or(|slot| naming(slot).next().is_none())
        }),
        Pte::Swap(word) => {
            let slot = model.words.slot(word);
            // A marked word that lost its slot is another promise's business.
            !model.words.is_set(Flag::Exclusive, word) || slot.is_none_or(|slot| naming(slot).count() == 1)
        }
    })
}
