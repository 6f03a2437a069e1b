//! What a word of `/proc/PID/pagemap` says.

use swp_pte::BitList;
use swp_pte_forms::{Pagemap, PagemapKind};

use super::{Reader, Swap};

/// What a word of `/proc/PID/pagemap` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PagemapReading {
    /// The word, taken apart.
    pub pagemap: Pagemap,
    /// The entry of a swapped page, named where the kernel is known.
    pub swap: Option<Swap>,
}

impl PagemapReading {
    /// Takes a word apart; a reader names the entry.
    #[must_use]
    pub fn of(word: u64, reader: Option<&Reader>) -> Self {
        let pagemap = Pagemap::of(word);
        let swap = match pagemap.kind {
            PagemapKind::Swapped { swp_type, offset } => Some(match reader {
                Some(reader) => reader.swap(swp_type, offset, u64::MAX),
                None => Swap { swp_type, offset, max_offset: u64::MAX, ..Swap::default() },
            }),
            _ => None,
        };
        Self { pagemap, swap }
    }

    /// `none`, `present`, `swap`; `both` for what no kernel writes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.pagemap.kind {
            PagemapKind::None => "none",
            PagemapKind::Present { .. } => "present",
            PagemapKind::Swapped { .. } => "swap",
            _ => "both",
        }
    }

    /// The page frame number of a present page, if it was shown.
    #[must_use]
    pub const fn frame(&self) -> Option<u64> {
        match self.pagemap.kind {
            PagemapKind::Present { frame } => frame,
            _ => None,
        }
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match self.pagemap.kind {
            PagemapKind::Both => notes.push("present and swapped at once: no kernel writes this".into()),
            PagemapKind::Present { frame: None } => {
                notes.push("a page frame number of 0: hidden from a reader without CAP_SYS_ADMIN".into());
            }
            PagemapKind::Swapped { swp_type: 0, offset: 0 } => {
                notes.push("type and offset 0: hidden from a reader without CAP_SYS_ADMIN".into());
            }
            _ => {}
        }
        if self.pagemap.stray != 0 {
            notes.push(format!("{} set, which no kernel does: hardly a pagemap word", BitList(self.pagemap.stray)));
        }
        notes
    }

    pub(super) fn same_answer(&self, other: &Self) -> bool {
        self.pagemap == other.pagemap && self.swap.map(|swap| swap.answer()) == other.swap.map(|swap| swap.answer())
    }
}
