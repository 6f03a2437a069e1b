//! What a word says: the one thing that the text and the JSON of every command are made from.

use serde::{Serialize, Serializer};
use swp_pte::{BitList, DecodeError, Flag, PteKind, SwpEntry, SwpType};
use swp_pte_atlas::{Markers, Row, Softleaf, SwapTypes, Word};

use crate::target::Target;

/// A number that is written as hex: `"0x41"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hex(pub u128);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<u64> for Hex {
    fn from(number: u64) -> Self {
        Self(number.into())
    }
}

/// What a word says under one layout and one numbering of swap types. The names are the keys of the JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reading {
    /// `none`, `present` or `swap`: the kernel's predicates.
    pub kind: &'static str,
    /// The swap type that the kernel's decoder reads; above 31 where the decoder is wider than the core.
    #[serde(rename = "type")]
    pub swp_type: Option<u64>,
    /// The swap offset that the kernel's decoder reads, in pages.
    pub offset: Option<Hex>,
    /// Where the page begins in the swap file, in bytes; for entries in swap files only.
    pub byte_offset: Option<Hex>,
    /// `pte_swp_exclusive()` of the word, whatever its kind; `None` where the layout has no such bit.
    pub exclusive: Option<bool>,
    /// `pte_swp_soft_dirty()`, likewise.
    pub soft_dirty: Option<bool>,
    /// `pte_swp_uffd_wp()`, likewise.
    pub uffd_wp: Option<bool>,
    /// Bits of a swap PTE that are not as an encoder leaves them; 0 for other words.
    pub stray: Hex,
    /// What the entry is, in the kernel's terms.
    pub softleaf: Option<Leaf>,
    /// Why a present word is no usable mapping to the hardware.
    pub present_why: Option<String>,
    /// What else a reader should know; mostly nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What an entry is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Leaf {
    /// `swap`, `migration-read-exclusive`, `device-private-write`, `hwpoison`, `marker` …; `unknown` for a type that the
    /// core of the kernel does not have.
    pub name: &'static str,
    /// The page frame number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pfn: Option<Hex>,
    /// Whether a page under migration was young, where the offset has room for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub young: Option<bool>,
    /// Whether it was dirty, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// The flags of a marker by name; bits without a name as hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markers: Option<Vec<String>>,
}

/// What a reading needs to know beside the word.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    row: &'static Row,
    /// The row as the kernel was configured.
    configured: Row,
    types: SwapTypes,
    page_shift: u32,
}

impl Reader {
    /// Reads words as the target's kernel does.
    #[must_use]
    pub fn new(target: &Target) -> Self {
        let row = target.row;
        let pfn_bits = target.build.pfn_bits.unwrap_or_else(|| row.pfn_bits());
        Self {
            row,
            configured: row.with_pfn_bits(pfn_bits),
            types: target.types(),
            page_shift: target.build.page_shift.unwrap_or(row.layout().page_shift),
        }
    }

    /// The row whose layout is read.
    #[must_use]
    pub const fn row(&self) -> &'static Row {
        self.row
    }

    /// log2 of the page size.
    #[must_use]
    pub const fn page_shift(&self) -> u32 {
        self.page_shift
    }

    /// What a word says.
    ///
    /// # Errors
    /// [`DecodeError::WordTooWide`].
    pub fn read(&self, word: u64) -> Result<Reading, DecodeError> {
        let word = self.row.word(word)?;
        let kind = word.kind();
        let flag = |flag| word.is_set(flag);
        let mut reading = Reading {
            kind: match kind {
                PteKind::None => "none",
                PteKind::Present => "present",
                PteKind::Swap => "swap",
            },
            swp_type: None,
            offset: None,
            byte_offset: None,
            exclusive: flag(Flag::Exclusive),
            soft_dirty: flag(Flag::SoftDirty),
            uffd_wp: flag(Flag::UffdWp),
            stray: Hex(0),
            softleaf: None,
            present_why: word.present_why().map(|why| why.to_string()),
            notes: Vec::new(),
        };
        match kind {
            PteKind::None => reading.notes.extend(ignored_by_none(word)),
            PteKind::Present => {}
            PteKind::Swap => self.read_swap(word, &mut reading),
        }
        Ok(reading)
    }

    fn read_swap(&self, word: Word, reading: &mut Reading) {
        let layout = self.row.layout();
        let (swp_type, offset) = layout.fields(word.bits());
        reading.swp_type = Some(swp_type);
        reading.offset = Some(offset.into());
        reading.stray = word.stray().into();
        // The kernel's reading counts, also where its encoder would not have written that.
        match SwpEntry::from_parts(swp_type, offset) {
            Ok(entry) => {
                let softleaf = Softleaf::of(entry, &self.types, &self.configured);
                if matches!(softleaf, Softleaf::Swap { .. }) {
                    reading.byte_offset = Some(Hex(u128::from(offset) << self.page_shift));
                }
                reading.softleaf = Some(Leaf::of(&softleaf));
            }
            Err(_) => reading.softleaf = Some(Leaf::named("unknown")),
        }
        if swp_type > SwpType::MAX.get() {
            let max = SwpType::MAX.get();
            reading.notes.push(format!(
                "the kernel's decoder reads type {swp_type}, but the core has types 0 to {max} only: no kernel wrote this \
                 as a swap PTE"
            ));
        }
        if offset > layout.max_offset() {
            reading.notes.push(format!(
                "the kernel's decoder reads offset {offset:#x}, but its encoder writes {:#x} at most: no kernel wrote this \
                 as a swap PTE",
                layout.max_offset()
            ));
        }
    }
}

/// A word that is none although some of its bits are set.
fn ignored_by_none(word: Word) -> Option<String> {
    let layout = word.row().layout();
    let differing = (word.bits() ^ layout.none.value) & layout.word_mask();
    (differing != 0).then(|| format!("{} set, which pte_none ignores", BitList(differing)))
}

impl Leaf {
    const fn named(name: &'static str) -> Self {
        Self { name, pfn: None, young: None, dirty: None, markers: None }
    }

    fn of(softleaf: &Softleaf) -> Self {
        let mut leaf = Self::named(softleaf.name());
        match *softleaf {
            Softleaf::Migration { pfn, young, dirty, .. } => {
                leaf.pfn = Some(pfn.into());
                (leaf.young, leaf.dirty) = (young, dirty);
            }
            Softleaf::DevicePrivate { pfn, .. }
            | Softleaf::DeviceExclusive { pfn, .. }
            | Softleaf::Hwpoison { pfn } => {
                leaf.pfn = Some(pfn.into());
            }
            Softleaf::Marker(markers) => leaf.markers = Some(marker_names(markers)),
            _ => {}
        }
        leaf
    }
}

fn marker_names(markers: Markers) -> Vec<String> {
    let named = [(markers.uffd_wp, "uffd-wp"), (markers.poisoned, "poisoned"), (markers.guard, "guard")];
    let mut names: Vec<_> = named.into_iter().filter(|(set, _)| *set).map(|(_, name)| name.to_owned()).collect();
    if markers.unknown != 0 {
        names.push(format!("{:#x}", markers.unknown));
    }
    names
}

impl Reading {
    /// Whether another kernel says the same. A marker that a layout does not have is never set, as its stubs have it.
    #[must_use]
    pub fn same_answer(&self, other: &Self) -> bool {
        // The markers' bits mean something in a swap PTE only.
        let flags = |reading: &Self| {
            let flags = [reading.exclusive, reading.soft_dirty, reading.uffd_wp].map(Option::unwrap_or_default);
            (reading.kind == "swap").then_some(flags)
        };
        let leaf = |reading: &Self| {
            let leaf = reading.softleaf.clone()?;
            Some(Leaf {
                young: Some(leaf.young.unwrap_or_default()),
                dirty: Some(leaf.dirty.unwrap_or_default()),
                ..leaf
            })
        };
        (self.kind, self.swp_type, self.offset, self.stray) == (other.kind, other.swp_type, other.offset, other.stray)
            && flags(self) == flags(other)
            && leaf(self) == leaf(other)
            && self.present_why == other.present_why
    }
}
