//! What a word says.

use pyo3::prelude::*;
use swp_pte_atlas::{Markers, Softleaf};
use swp_pte_reading::{Reading, Swap};

/// What a word says under a layout and a kernel's numbering of types. All numbers are exact.
#[pyclass(frozen, eq, hash, get_all, module = "swp_pte")]
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Entry {
    word: u64,
    variant: &'static str,
    kind: &'static str,
    #[pyo3(name = "type")]
    swp_type: Option<u64>,
    offset: Option<u64>,
    byte_offset: Option<u128>,
    exclusive: Option<bool>,
    soft_dirty: Option<bool>,
    uffd_wp: Option<bool>,
    stray: u64,
    softleaf: Option<&'static str>,
    candidates: Vec<&'static str>,
    pfn: Option<u64>,
    young: Option<bool>,
    dirty: Option<bool>,
    marker_uffd_wp: Option<bool>,
    marker_poisoned: Option<bool>,
    marker_guard: Option<bool>,
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
    /// True for a page in a swap file.
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
