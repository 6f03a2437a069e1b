//! What a number is.

use core::fmt::{Display, Formatter};

use swp_pte::Level;

/// The form of a number that somebody holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Form {
    /// A raw word of the lowest level of the page tables, as `print_bad_pte` prints it behind `pte:` (`mm/memory.c`).
    Pte,
    /// A raw word one level up, behind `pmd:`.
    Pmd,
    /// A `swp_entry_t`, as `swap_info_get` and others print it behind `Bad swap file entry` (`mm/swapfile.c`): type and
    /// offset as the core of the kernel has them, the same on every architecture of a word size. See
    /// [`EntryForm`](crate::EntryForm).
    Entry,
    /// A word of `/proc/PID/pagemap` (`fs/proc/task_mmu.c`). See [`Pagemap`](crate::Pagemap).
    Pagemap,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pte, Self::Pmd, Self::Entry, Self::Pagemap];

    /// The name: `pte`, `pmd`, `entry`, `pagemap`; with a colon behind it, the prefix of a number of this form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pte => "pte",
            Self::Pmd => "pmd",
            Self::Entry => "entry",
            Self::Pagemap => "pagemap",
        }
    }

    /// The level of the page tables that a raw word is of; `None` for the other forms.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Pte => Some(Level::Pte),
            Self::Pmd => Some(Level::Pmd),
            Self::Entry | Self::Pagemap => None,
        }
    }

    /// The raw word of a level.
    #[must_use]
    pub const fn of_level(level: Level) -> Self {
        match level {
            Level::Pmd => Self::Pmd,
            _ => Self::Pte,
        }
    }

    /// A prefix as kernels' logs and people write it: `pte:`, `pmd=`, `swap_entry:`. Upper case is the same.
    pub(crate) fn of_prefix(prefix: &str) -> Option<Self> {
        let is = |name: &str| prefix.eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(|form| is(form.name())).or_else(|| is("swap_entry").then_some(Self::Entry))
    }
}

impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}
