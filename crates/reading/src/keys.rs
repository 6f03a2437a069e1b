//! The keys of a reading in JSON, which are promised: every kind of word has them all.

use serde::{Serialize, Serializer};
use swp_pte_atlas::Softleaf;
use swp_pte_forms::Doubts;

use super::{EntryReading, Hex, Lost, PagemapReading, Reading, Said, Swap, leaf_name, marker_names};

/// The keys of what a number says.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Keys {
    kind: &'static str,
    #[serde(rename = "type")]
    swp_type: Option<u64>,
    offset: Option<Hex<u64>>,
    byte_offset: Option<Hex<u128>>,
    exclusive: Option<bool>,
    soft_dirty: Option<bool>,
    uffd_wp: Option<bool>,
    stray: Hex<u64>,
    softleaf: Option<Leaf>,
    present_why: Option<String>,
    frame: Option<Hex<u64>>,
    doubt: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pagemap: Option<PagemapKeys>,
}

/// What only a pagemap word says.
#[derive(Clone, Copy, Debug, Serialize)]
struct PagemapKeys {
    file_or_shared: bool,
    mapped_exclusively: bool,
    guard: bool,
}

/// The keys of what an entry is.
#[derive(Clone, Debug, Serialize)]
struct Leaf {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pfn: Option<Hex<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    young: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dirty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    markers: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<&'static str>,
}

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Keys::of(&Said::Word(*self), &Doubts::NONE, &[]).serialize(serializer)
    }
}

impl Keys {
    /// The keys of what a number says, with what speaks against it and what else a reader should know.
    #[must_use]
    pub fn of(said: &Said, doubts: &Doubts, notes: &[String]) -> Self {
        let keys = match said {
            Said::Word(reading) => Self::of_word(reading),
            Said::Entry(EntryReading { swap, word, .. }) => {
                Self { lost: word.as_ref().err().map(Lost::to_string), ..Self::of_swap(swap) }
            }
            Said::Pagemap(reading) => Self::of_pagemap(reading),
        };
        let notes = said.notes().into_iter().chain(notes.iter().cloned()).collect();
        Self { doubt: doubts.iter().map(|doubt| doubt.to_string()).collect(), notes, ..keys }
    }

    /// The keys of a word of which nothing is known but that it is not empty, and why.
    #[must_use]
    pub fn unknown(why: String) -> Self {
        Self { kind: "unknown", notes: vec![why], ..Self::default() }
    }

    fn of_word(reading: &Reading) -> Self {
        match reading {
            Reading::None { .. } => Self { kind: reading.name(), ..Self::default() },
            Reading::Present { inaccessible, frame } => Self {
                kind: reading.name(),
                present_why: inaccessible.map(ToString::to_string),
                frame: frame.map(Hex),
                ..Self::default()
            },
            Reading::Swap(swap) => Self::of_swap(swap),
        }
    }

    fn of_swap(swap: &Swap) -> Self {
        Self {
            kind: "swap",
            swp_type: Some(swap.swp_type),
            offset: Some(Hex(swap.offset)),
            byte_offset: swap.byte_offset.map(Hex),
            exclusive: swap.exclusive,
            soft_dirty: swap.soft_dirty,
            uffd_wp: swap.uffd_wp,
            stray: Hex(swap.stray),
            softleaf: Some(Leaf::of(swap)),
            ..Self::default()
        }
    }

    fn of_pagemap(reading: &PagemapReading) -> Self {
        let PagemapReading { pagemap, swap, .. } = reading;
        let of_swap = swap.as_ref().map(Self::of_swap).unwrap_or_default();
        Self {
            kind: reading.name(),
            soft_dirty: Some(pagemap.soft_dirty),
            uffd_wp: Some(pagemap.uffd_wp),
            stray: Hex(pagemap.stray),
            frame: reading.frame().map(Hex),
            pagemap: Some(PagemapKeys {
                file_or_shared: pagemap.file_or_shared,
                mapped_exclusively: pagemap.mapped_exclusively,
                guard: pagemap.guard,
            }),
            ..of_swap
        }
    }
}
impl Leaf {
    fn of(swap: &Swap) -> Self {
        let (softleaf, candidates) = (swap.softleaf.as_ref(), swap.candidates());
        let mut leaf =
            Self { name: leaf_name(softleaf), pfn: None, young: None, dirty: None, markers: None, candidates };
        match softleaf {
            Some(Softleaf::Migration { pfn, young, dirty, .. }) => {
                leaf.pfn = Some(Hex(*pfn));
                (leaf.young, leaf.dirty) = (*young, *dirty);
            }
            Some(
                Softleaf::DevicePrivate { pfn, .. }
                | Softleaf::DeviceExclusive { pfn, .. }
                | Softleaf::Hwpoison { pfn },
            ) => leaf.pfn = Some(Hex(*pfn)),
            Some(Softleaf::Marker(markers)) => leaf.markers = Some(marker_names(*markers)),
            _ => {}
        }
        leaf
    }
}
