//! What a word says: the one thing that the text and the JSON of every command are made from.

use std::fmt::{Display, Formatter, LowerHex};

use serde::{Serialize, Serializer};
use swp_pte::{BitList, DecodeError, Flag, Inaccessible, PteKind, SwpEntry, SwpType};
use swp_pte_atlas::{Markers, Meanings, Row, Softleaf, SoftleafType, SwapTypes, Word};

use crate::target::Target;

/// A number that is written as hex: `"0x41"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hex<N>(pub N);

impl<N: LowerHex> Display for Hex<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl<N: LowerHex> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a word says under one layout and one numbering of swap types: the kernel's predicates choose the variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// No page is here.
    None {
        /// The bits that `pte_none` ignores and that are not as in an empty word.
        ignored: u64,
    },
    /// The word maps a page.
    Present {
        /// Why the hardware gets nothing out of it, if so.
        inaccessible: Option<&'static Inaccessible<'static>>,
    },
    /// A swap PTE.
    Swap(Swap),
}

/// What a swap PTE says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Swap {
    /// The swap type that the kernel's decoder reads; above 31 where the decoder is wider than the core.
    pub swp_type: u64,
    /// The swap offset that the kernel's decoder reads, in pages.
    pub offset: u64,
    /// The largest offset that the layout's encoder writes.
    pub max_offset: u64,
    /// Where the page begins in the swap file, in bytes; for entries in swap files only.
    pub byte_offset: Option<u128>,
    /// `pte_swp_exclusive()`; `None` where the layout has no such bit.
    pub exclusive: Option<bool>,
    /// `pte_swp_soft_dirty()`, likewise.
    pub soft_dirty: Option<bool>,
    /// `pte_swp_uffd_wp()`, likewise.
    pub uffd_wp: Option<bool>,
    /// The bits that are not as an encoder leaves them.
    pub stray: u64,
    /// What the entry is, in the kernel's terms; `None` for a type that the core of the kernel does not have.
    pub softleaf: Option<Softleaf>,
    /// What it can be: several things where the numbering is not known, and the softleaf is unnamed.
    pub possible: Option<Meanings>,
}

/// A word that is wider than those of the layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", DecodeError::WordTooWide { word: *word, width: *width })]
pub struct TooWide {
    /// The word given.
    pub word: u64,
    /// The number of bits of the layout's word.
    pub width: u32,
}

/// What a reading needs to know beside the word.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    row: &'static Row,
    types: SwapTypes,
    page_shift: u32,
}

impl Reader {
    /// Reads words as the target's kernel does.
    #[must_use]
    pub fn new(target: &Target) -> Self {
        let page_shift = target.build.page_shift.unwrap_or(target.row.layout().page_shift);
        Self { row: target.row, types: target.types(), page_shift }
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

    /// What a number says.
    ///
    /// # Errors
    /// [`TooWide`] for a number that is no word of the layout.
    pub fn read(&self, word: u64) -> Result<Reading, TooWide> {
        match self.row.word(word) {
            Ok(word) => Ok(self.read_word(word)),
            Err(_) => Err(TooWide { word, width: self.row.layout().width }),
        }
    }

    /// What a word of the reader's layout says.
    #[must_use]
    pub fn read_word(&self, word: Word) -> Reading {
        match word.kind() {
            PteKind::None => {
                let layout = self.row.layout();
                Reading::None { ignored: (word.bits() ^ layout.none.value) & layout.word_mask() }
            }
            PteKind::Present => Reading::Present { inaccessible: word.inaccessible() },
            PteKind::Swap => Reading::Swap(self.read_swap(word)),
        }
    }

    fn read_swap(&self, word: Word) -> Swap {
        let layout = self.row.layout();
        // The kernel's reading counts, also where its encoder would not have written that.
        let (swp_type, offset) = layout.fields(word.bits());
        let entry = SwpEntry::from_parts(swp_type, offset).ok();
        let softleaf = entry.map(|entry| Softleaf::of(entry, &self.types, self.row));
        let possible = entry.map(|entry| self.types.possible(entry.swp_type()));
        let in_a_file = matches!(softleaf, Some(Softleaf::Swap { .. }));
        Swap {
            swp_type,
            offset,
            max_offset: layout.max_offset(),
            byte_offset: in_a_file.then_some(u128::from(offset) << self.page_shift),
            exclusive: word.is_set(Flag::Exclusive),
            soft_dirty: word.is_set(Flag::SoftDirty),
            uffd_wp: word.is_set(Flag::UffdWp),
            stray: word.stray(),
            softleaf,
            possible,
        }
    }
}

impl Reading {
    /// `none`, `present` or `swap`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::None { .. } => "none",
            Self::Present { .. } => "present",
            Self::Swap(_) => "swap",
        }
    }

    /// What else a reader should know; mostly nothing.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        match self {
            Self::None { ignored: 0 } | Self::Present { .. } => Vec::new(),
            Self::None { ignored } => vec![format!("{} set, which pte_none ignores", BitList(*ignored))],
            Self::Swap(swap) => swap.notes(),
        }
    }

    /// Whether another kernel says the same. A marker that a layout does not have is never set, as its stubs have it.
    #[must_use]
    pub fn same_answer(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None { .. }, Self::None { .. }) => true,
            (Self::Present { inaccessible: one }, Self::Present { inaccessible: other }) => {
                let said = |why: &Inaccessible<'static>| (why.reason, why.bit, why.is_set(), why.symbol);
                one.map(said) == other.map(said)
            }
            (Self::Swap(one), Self::Swap(other)) => one.answer() == other.answer(),
            _ => false,
        }
    }
}

impl Swap {
    /// The three markers, in the order of [`Flag::ALL`].
    #[must_use]
    pub const fn flags(&self) -> [(Flag, Option<bool>); 3] {
        [(Flag::Exclusive, self.exclusive), (Flag::SoftDirty, self.soft_dirty), (Flag::UffdWp, self.uffd_wp)]
    }

    /// The names of what an unnamed entry can be; none of a named one.
    #[must_use]
    pub fn candidates(&self) -> Vec<&'static str> {
        let possible = self.possible.filter(|_| self.softleaf == Some(Softleaf::Unnamed));
        possible.map_or_else(Vec::new, |possible| possible.all().map(SoftleafType::name).collect())
    }

    /// What the kernel does with it: what is not there counts as clear.
    fn answer(&self) -> (u64, u64, u64, [bool; 3], Option<Softleaf>) {
        let flags = self.flags().map(|(_, set)| set.unwrap_or_default());
        let softleaf = self.softleaf.map(|softleaf| match softleaf {
            Softleaf::Migration { access, pfn, young, dirty } => Softleaf::Migration {
                access,
                pfn,
                young: Some(young.unwrap_or_default()),
                dirty: Some(dirty.unwrap_or_default()),
            },
            other => other,
        });
        (self.swp_type, self.offset, self.stray, flags, softleaf)
    }

    fn notes(&self) -> Vec<String> {
        let Self { swp_type, offset, max_offset, .. } = *self;
        let max_type = SwpType::MAX.get();
        let mut notes = Vec::new();
        if swp_type > max_type {
            notes.push(format!(
                "the kernel's decoder reads type {swp_type}, but the core has types 0 to {max_type} only: no kernel \
                 wrote this as a swap PTE"
            ));
        }
        if offset > max_offset {
            notes.push(format!(
                "the kernel's decoder reads offset {offset:#x}, but its encoder writes {max_offset:#x} at most: no \
                 kernel wrote this as a swap PTE"
            ));
        }
        notes
    }
}

/// The flags of a marker by name; bits without a name as hex.
#[must_use]
pub fn marker_names(markers: Markers) -> Vec<String> {
    let named = [(markers.uffd_wp, "uffd-wp"), (markers.poisoned, "poisoned"), (markers.guard, "guard")];
    let mut names: Vec<_> = named.into_iter().filter(|(set, _)| *set).map(|(_, name)| name.to_owned()).collect();
    if markers.unknown != 0 {
        names.push(format!("{:#x}", markers.unknown));
    }
    names
}

/// The name of what an entry is: that of the softleaf, or `unknown`.
#[must_use]
pub fn leaf_name(softleaf: Option<&Softleaf>) -> &'static str {
    softleaf.map_or("unknown", Softleaf::name)
}

/// The keys of a reading in JSON, which are promised: every kind of word has them all.
#[derive(Serialize)]
struct Keys {
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// The keys of what an entry is.
#[derive(Serialize)]
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
        let (swap, inaccessible) = match self {
            Self::None { .. } => (None, None),
            Self::Present { inaccessible } => (None, *inaccessible),
            Self::Swap(swap) => (Some(swap), None),
        };
        let keys = Keys {
            kind: self.name(),
            swp_type: swap.map(|swap| swap.swp_type),
            offset: swap.map(|swap| Hex(swap.offset)),
            byte_offset: swap.and_then(|swap| swap.byte_offset).map(Hex),
            exclusive: swap.and_then(|swap| swap.exclusive),
            soft_dirty: swap.and_then(|swap| swap.soft_dirty),
            uffd_wp: swap.and_then(|swap| swap.uffd_wp),
            stray: Hex(swap.map_or(0, |swap| swap.stray)),
            softleaf: swap.map(|swap| Leaf::of(swap.softleaf.as_ref(), &swap.candidates())),
            present_why: inaccessible.map(ToString::to_string),
            notes: self.notes(),
        };
        keys.serialize(serializer)
    }
}

impl Leaf {
    fn of(softleaf: Option<&Softleaf>, candidates: &[&'static str]) -> Self {
        let candidates = candidates.to_vec();
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use swp_pte::Level;

    use crate::target::{Asked, wanted};

    fn target(variant: &str, kernel: &str, pfn_bits: Option<u32>) -> Target {
        let mut target =
            Target::find(&wanted(variant).unwrap(), &Asked::of(kernel.parse().unwrap()), Level::Pte).unwrap();
        target.build.pfn_bits = pfn_bits;
        target
    }

    fn read(variant: &str, kernel: &str, word: u64) -> Value {
        let reading = Reader::new(&target(variant, kernel, None)).read(word).unwrap();
        serde_json::to_value(reading).unwrap()
    }

    #[test]
    fn only_a_swap_pte_has_markers() {
        // Bit 2 is _PAGE_USER in the one and uffd-wp in the other.
        for (word, kind, uffd_wp) in [
            (0x1234_5007, "present", Value::Null),
            (0, "none", Value::Null),
            (0x07ff_ffff_ffff_7c04, "swap", json!(true)),
        ] {
            let value = read("x86_64", "6.12", word);
            assert_eq!((&value["kind"], &value["uffd_wp"]), (&json!(kind), &uffd_wp), "{word:#x}");
            assert_eq!(value.as_object().unwrap().len(), 10, "{value}");
        }
    }

    #[test]
    fn the_bits_of_a_page_frame_number_are_those_that_were_given() {
        // A migration entry of page frame 0x1234 with the young bit of a kernel that has 40 bits of page frame number.
        let word = crate::encode::word(&target("x86_64", "6.12", None), 26, 1 << 40 | 0x1234).unwrap();
        let frame = |pfn_bits| {
            let reading = Reader::new(&target("x86_64", "6.12", pfn_bits)).read_word(word);
            let Reading::Swap(Swap { softleaf: Some(Softleaf::Migration { pfn, young, .. }), .. }) = reading else {
                panic!("{reading:?}")
            };
            (pfn, young)
        };
        assert_eq!(frame(Some(40)), (0x1234, Some(true)));
        assert_eq!(frame(Some(45)), (1 << 40 | 0x1234, Some(false)));
        assert_eq!(frame(Some(8)), (0x34, Some(false)));
        assert_eq!(frame(None), frame(Some(34)));
    }

    #[test]
    fn a_number_wider_than_the_word_is_refused_as_the_decoder_refuses_it() {
        let target = target("riscv-rv32", "6.12", None);
        let (word, error) = (1 << 32, Reader::new(&target).read(1 << 32).unwrap_err());
        assert_eq!(error, TooWide { word, width: 32 });
        assert_eq!(error.to_string(), target.row.word(word).unwrap_err().to_string());
    }
}
