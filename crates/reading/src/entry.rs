//! What a `swp_entry_t` says, and the word that holds it.

use std::fmt::{Display, Formatter};

use swp_pte::{BitList, EncodeError, SwpEntry, SwpType};
use swp_pte_forms::EntryForm;

use super::{Reader, Swap, TooWide};

/// What a `swp_entry_t` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EntryReading {
    /// How it is kept.
    pub form: EntryForm,
    /// Its type, its offset and what they are.
    pub swap: Swap,
    /// The word of the layout that holds it, markers clear; or why none does.
    pub word: Result<u64, Lost>,
}

/// Why no word holds an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lost {
    /// The type is one that no kernel has.
    Type {
        /// The type.
        swp_type: u64,
    },
    /// The word that the entry would have means no page: this is what a kernel reads in an empty word.
    Empty,
    /// The layout's encoder loses bits of the offset.
    Offset {
        /// These bits of it.
        bits: u64,
        /// The largest offset that it writes.
        max: u64,
    },
    /// Something else.
    Refused(EncodeError),
}

impl Display for Lost {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Type { swp_type } => {
                write!(
                    f,
                    "no PTE holds it: type {swp_type} is above {}, the largest that a kernel has",
                    SwpType::MAX.get()
                )
            }
            Self::Empty => {
                f.write_str("no PTE holds it: it is what the kernel reads in an empty word, which holds no entry")
            }
            Self::Offset { bits, max } => {
                write!(
                    f,
                    "no PTE holds it: {} of its offset would be lost; the largest offset is {max:#x}",
                    BitList(*bits)
                )
            }
            Self::Refused(error) => write!(f, "no PTE holds it: {error}"),
        }
    }
}

impl Reader {
    /// What a `swp_entry_t` says.
    ///
    /// # Errors
    /// [`TooWide`] for more bits than a `long` of the kernel.
    pub fn read_entry(&self, value: u64) -> Result<EntryReading, TooWide> {
        let form = self.entry_form();
        let (swp_type, offset) = form.split(value).ok_or(TooWide { word: value, width: form.long_bits })?;
        let swap = self.swap(swp_type, offset, form.max_offset());
        Ok(EntryReading { form, swap, word: self.word_of(swp_type, offset) })
    }

    fn word_of(&self, swp_type: u64, offset: u64) -> Result<u64, Lost> {
        let entry = SwpEntry::from_parts(swp_type, offset).map_err(|_| Lost::Type { swp_type })?;
        let layout = self.row.layout();
        match self.row.encode(entry) {
            Ok(word) => Ok(word.bits()),
            Err(EncodeError::EncodesToNone { .. }) => Err(Lost::Empty),
            Err(EncodeError::OffsetOutOfRange { max, .. }) => Err(Lost::Offset { bits: offset & !max, max }),
            Err(error) if layout.empty_entry() == Some(entry) => {
                let _ = error;
                Err(Lost::Empty)
            }
            Err(error) => Err(Lost::Refused(error)),
        }
    }
}

impl EntryReading {
    pub(super) fn same_answer(&self, other: &Self) -> bool {
        self.swap.answer() == other.swap.answer() && self.word == other.word
    }
}
