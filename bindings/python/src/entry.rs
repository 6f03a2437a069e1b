//! What a word says.

use pyo3::prelude::*;
use swp_pte_atlas::{Markers, Softleaf};
use swp_pte_reading::{Reading, Swap};

/// What a word says under a layout and a kernel's numbering of swap types. Every number is exact.
#[pyclass(frozen, eq, hash, get_all, module = "swp_pte")]
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Entry {
    /// The word itself.
    word: u64,
    /// The name of the layout's variant.
    variant: &'static str,
    /// The kernel's predicates: `pte_none()`, `pte_present()`, or neither.
    kind: &'static str,
    /// The swap type that the kernel's decoder reads; None if the word is no swap PTE.
    #[pyo3(name = "type")]
    swp_type: Option<u64>,
    /// The swap offset, in pages; None if the word is no swap PTE.
    offset: Option<u64>,
    /// Where the page begins in its swap file, in bytes; None for what is in no swap file.
    byte_offset: Option<u128>,
    /// The exclusive marker, `pte_swp_exclusive()`; None where the layout does not have it.
    exclusive: Option<bool>,
    /// The soft-dirty marker, `pte_swp_soft_dirty()`; None where the layout does not have it.
    soft_dirty: Option<bool>,
    /// The uffd-wp marker, `pte_swp_uffd_wp()`; None where the layout does not have it.
    uffd_wp: Option<bool>,
    /// The bits that no encoder leaves so; 0 for a word that a kernel wrote.
    stray: u64,
    /// What the entry is: "swap", "migration-read", "hwpoison", "marker" …; "unnamed" where several are possible.
    softleaf: Option<&'static str>,
    /// What an "unnamed" entry can be; empty otherwise.
    candidates: Vec<&'static str>,
    /// The page frame number of a present word, or of migration, device and hwpoison entries; None where there is none, or
    /// where it is not known for this architecture.
    pfn: Option<u64>,
    /// Of a migration entry, whether the page was young, where its offset has room for that; None for anything else.
    young: Option<bool>,
    /// Of a migration entry, whether the page was dirty, likewise.
    dirty: Option<bool>,
    /// Of a PTE marker (`PTE_MARKER_UFFD_WP`); None for anything else.
    marker_uffd_wp: Option<bool>,
    /// Of a PTE marker (`PTE_MARKER_POISONED`); None for anything else.
    marker_poisoned: Option<bool>,
    /// Of a PTE marker (`PTE_MARKER_GUARD`); None for anything else.
    marker_guard: Option<bool>,
    /// Why a present word is no mapping to the hardware; None if it is one.
    present_why: Option<String>,
}

impl Entry {
    pub(crate) fn of(word: u64, variant: &'static str, reading: &Reading) -> Self {
        let entry = Self { word, variant, kind: reading.name(), ..Self::default() };
        match reading {
            Reading::None { ignored } => Self { stray: *ignored, ..entry },
            Reading::Present { inaccessible, frame } => {
                Self { pfn: *frame, present_why: inaccessible.map(|why| why.to_string()), ..entry }
            }
            Reading::Swap(swap) => entry.with(swap),
        }
    }

    fn with(self, swap: &Swap) -> Self {
        let entry = Self {
            swp_type: Some(swap.swp_type),
            offset: Some(swap.offset),
            byte_offset: swap.byte_offset,
            exclusive: swap.exclusive,
            soft_dirty: swap.soft_dirty,
            uffd_wp: swap.uffd_wp,
            stray: swap.stray,
            softleaf: swap.softleaf.map(|leaf| leaf.name()),
            candidates: match swap.softleaf {
                Some(Softleaf::Unnamed) => {
                    swap.possible.iter().flat_map(|all| all.all()).map(|one| one.name()).collect()
                }
                _ => Vec::new(),
            },
            ..self
        };
        match swap.softleaf {
            Some(Softleaf::Migration { pfn, young, dirty, .. }) => Self { pfn: Some(pfn), young, dirty, ..entry },
            Some(
                Softleaf::DevicePrivate { pfn, .. }
                | Softleaf::DeviceExclusive { pfn, .. }
                | Softleaf::Hwpoison { pfn },
            ) => Self { pfn: Some(pfn), ..entry },
            Some(Softleaf::Marker(Markers { uffd_wp, poisoned, guard, .. })) => Self {
                marker_uffd_wp: Some(uffd_wp),
                marker_poisoned: Some(poisoned),
                marker_guard: Some(guard),
                ..entry
            },
            _ => entry,
        }
    }
}

#[pymethods]
impl Entry {
    /// True for a page in a swap file, False for every other thing.
    #[getter]
    fn in_swap_file(&self) -> bool {
        self.softleaf == Some("swap")
    }

    fn __repr__(&self) -> String {
        let mut text = format!("Entry({:#x}, {}: {}", self.word, self.variant, self.kind);
        let mut say = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text += &format!(", {name}={value}");
            }
        };
        let hex = |number: Option<u64>| number.map(|number| format!("{number:#x}"));
        let truth = |set: Option<bool>| set.map(|set| if set { "True" } else { "False" }.to_owned());
        say("softleaf", self.softleaf.map(str::to_owned));
        say("candidates", (!self.candidates.is_empty()).then(|| self.candidates.join("|")));
        say("type", self.swp_type.map(|number| number.to_string()));
        say("offset", hex(self.offset));
        say("exclusive", truth(self.exclusive));
        say("soft_dirty", truth(self.soft_dirty));
        say("uffd_wp", truth(self.uffd_wp));
        say("pfn", hex(self.pfn));
        say("stray", hex(Some(self.stray).filter(|stray| *stray != 0)));
        text + ")"
    }
}
