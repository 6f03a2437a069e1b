//! What a number says, in whichever form it came: a raw word, a `swp_entry_t`, a word of `/proc/PID/pagemap`. The one thing
//! that texts and JSON of every program here are made from; it does no input and no output.

mod entry;
mod hint;
mod keys;
mod pagemap;

use std::fmt::{Display, Formatter, LowerHex};

use serde::{Serialize, Serializer};
use swp_pte::{BitList, DecodeError, Flag, Inaccessible, KernelVersion, Level, PteKind, SwpEntry, SwpType};
use swp_pte_atlas::{Markers, Meanings, Row, Softleaf, SoftleafType, SwapTypes, Word};
use swp_pte_forms::{Doubts, EntryForm, Form, Subject, SwapFiles};

pub use entry::{EntryReading, Lost};
pub use hint::elsewhere;
pub use keys::Keys;
pub use pagemap::PagemapReading;

/// A number that is written as hex: `"0x41"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
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
        /// The page frame number; `None` where the variant does not say in which bits it is.
        frame: Option<u64>,
    },
    /// A swap PTE.
    Swap(Swap),
}

/// What a swap PTE says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
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

/// What a number says in its form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// A raw word.
    Word(Reading),
    /// A `swp_entry_t`.
    Entry(EntryReading),
    /// A word of `/proc/PID/pagemap`.
    Pagemap(PagemapReading),
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
    level: Level,
    kernel: KernelVersion,
    types: SwapTypes,
    page_shift: u32,
    files: Option<SwapFiles>,
}

impl Reader {
    /// Reads words of a layout as a kernel does that numbers its types so, with pages of `1 << page_shift` bytes.
    #[must_use]
    pub const fn new(
        row: &'static Row,
        level: Level,
        kernel: KernelVersion,
        types: SwapTypes,
        page_shift: u32,
    ) -> Self {
        Self { row, level, kernel, types, page_shift, files: None }
    }

    /// On a machine with these swap files.
    #[must_use]
    pub const fn with_files(self, files: Option<SwapFiles>) -> Self {
        Self { files, ..self }
    }

    /// What a number of a form says.
    ///
    /// # Errors
    /// [`TooWide`] for a number that is no word of the layout, or no `swp_entry_t` of its kernels.
    pub fn said(&self, form: Form, number: u64) -> Result<Said, TooWide> {
        Ok(match form {
            Form::Entry => Said::Entry(self.read_entry(number)?),
            Form::Pagemap => Said::Pagemap(PagemapReading::of(number, Some(self))),
            _ => Said::Word(self.read(number)?),
        })
    }

    /// How a `swp_entry_t` is kept.
    #[must_use]
    pub const fn entry_form(&self) -> EntryForm {
        EntryForm::of(self.kernel, self.row.facts().long_bits)
    }

    /// The machine's swap files, if they are known.
    #[must_use]
    pub const fn files(&self) -> Option<&SwapFiles> {
        self.files.as_ref()
    }

    /// What speaks against a number that reads as a swap entry or maps a page; nothing of any other.
    #[must_use]
    pub fn doubts(&self, number: u64, said: &Said) -> Doubts {
        let subject = |word, entry, in_a_file, frame| Subject {
            word,
            layout: self.row.layout(),
            facts: self.row.facts(),
            entry,
            in_a_file,
            frame,
            page_shift: self.page_shift,
            files: self.files.as_ref(),
        };
        let (word, swap) = match said {
            Said::Word(Reading::Present { inaccessible, frame }) => {
                return Doubts::of_present(&subject(Some(number), (0, 0), false, *frame), inaccessible.is_some());
            }
            Said::Word(Reading::Swap(swap)) => (Some(number), *swap),
            Said::Entry(EntryReading { swap, word, .. }) => (word.as_ref().ok().copied(), *swap),
            Said::Pagemap(PagemapReading { swap: Some(swap), .. }) => (None, *swap),
            _ => return Doubts::NONE,
        };
        let frame = match swap.softleaf {
            Some(
                Softleaf::Migration { pfn, .. }
                | Softleaf::DevicePrivate { pfn, .. }
                | Softleaf::DeviceExclusive { pfn, .. }
                | Softleaf::Hwpoison { pfn },
            ) => Some(pfn),
            _ => None,
        };
        let in_a_file = matches!(swap.softleaf, Some(Softleaf::Swap { .. }));
        Doubts::of(&subject(word, (swap.swp_type, swap.offset), in_a_file, frame))
    }

    /// The row whose layout is read.
    #[must_use]
    pub const fn row(&self) -> &'static Row {
        self.row
    }

    /// The level of the page tables.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
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
            PteKind::Present => Reading::Present { inaccessible: word.inaccessible(), frame: self.frame(word.bits()) },
            PteKind::Swap => Reading::Swap(self.read_swap(word)),
        }
    }

    /// The frame of a present word. One level up the word may be a table's, which its bits do not say everywhere.
    fn frame(&self, word: u64) -> Option<u64> {
        let frame = self.row.facts().frame(self.kernel, self.page_shift)?;
        (self.level == Level::Pte).then(|| frame.of(word)).flatten()
    }

    /// Why a present word has no frame number.
    #[must_use]
    pub fn no_frame(&self) -> &'static str {
        match self.row.facts().frame(self.kernel, self.page_shift) {
            Some(_) => "not known for such a word of this architecture",
            None => "not known for this architecture",
        }
    }

    fn read_swap(&self, word: Word) -> Swap {
        let layout = self.row.layout();
        // The kernel's reading counts, also where its encoder would not have written that.
        let (swp_type, offset) = layout.fields(word.bits());
        Swap {
            exclusive: word.is_set(Flag::Exclusive),
            soft_dirty: word.is_set(Flag::SoftDirty),
            uffd_wp: word.is_set(Flag::UffdWp),
            stray: word.stray(),
            ..self.swap(swp_type, offset, layout.max_offset())
        }
    }

    /// An entry without markers.
    fn swap(&self, swp_type: u64, offset: u64, max_offset: u64) -> Swap {
        let entry = SwpEntry::from_parts(swp_type, offset).ok();
        let softleaf = entry.map(|entry| Softleaf::of(entry, &self.types, self.row));
        let possible = entry.map(|entry| self.types.possible(entry.swp_type()));
        let in_a_file = matches!(softleaf, Some(Softleaf::Swap { .. }));
        Swap {
            swp_type,
            offset,
            max_offset,
            byte_offset: in_a_file.then_some(u128::from(offset) << self.page_shift),
            exclusive: None,
            soft_dirty: None,
            uffd_wp: None,
            stray: 0,
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
            (
                Self::Present { inaccessible: one, frame: one_frame },
                Self::Present { inaccessible: other, frame: other_frame },
            ) => {
                let said = |why: &Inaccessible<'static>| (why.reason, why.bit, why.is_set(), why.symbol);
                one.map(said) == other.map(said) && one_frame == other_frame
            }
            (Self::Swap(one), Self::Swap(other)) => one.answer() == other.answer(),
            _ => false,
        }
    }
}

impl Said {
    /// What else a reader should know; mostly nothing.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        match self {
            Self::Word(reading) => reading.notes(),
            Self::Entry(_) => Vec::new(),
            Self::Pagemap(reading) => reading.notes(),
        }
    }

    /// Whether another kernel says the same.
    #[must_use]
    pub fn same_answer(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(one), Self::Word(other)) => one.same_answer(other),
            (Self::Entry(one), Self::Entry(other)) => one.same_answer(other),
            (Self::Pagemap(one), Self::Pagemap(other)) => one.same_answer(other),
            _ => false,
        }
    }

    /// The swap entry in it, if there is one.
    #[must_use]
    pub const fn swap(&self) -> Option<&Swap> {
        match self {
            Self::Word(Reading::Swap(swap)) | Self::Entry(EntryReading { swap, .. }) => Some(swap),
            Self::Pagemap(PagemapReading { swap, .. }) => swap.as_ref(),
            Self::Word(_) => None,
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

#[cfg(test)]
mod tests;
