//! What a dump is to those who read it.

use crate::{ByteOrder, Machine};

/// Physical memory of a machine.
pub trait Memory: Sync {
    /// Copies `into.len()` bytes from physical address `at`. What is in `into` after an error means nothing.
    ///
    /// # Errors
    /// [`Missing`]: the first address that cannot be had, and why.
    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Missing>;

    /// The ranges of memory that the dump describes, ascending, not overlapping. Single pages in them can still be missing.
    fn ranges(&self) -> &[Range];

    /// The first stretch of memory at or behind an address that is worth reading, as far as it goes: what is known not to be in
    /// the dump is passed over, and what is known to be zeros, as holes of a sparse file are. Single pages in it can still be
    /// missing.
    fn next_data(&self, at: u64) -> Option<Range> {
        let ranges = self.ranges();
        let range = ranges.get(ranges.partition_point(|range| range.end <= at))?;
        Some(Range { start: range.start.max(at), end: range.end })
    }

    /// The text of VMCOREINFO, if the dump carries it as a note or in its header (Documentation/admin-guide/kdump/vmcoreinfo.rst).
    fn vmcoreinfo(&self) -> Option<&[u8]>;

    /// The machine, if the dump's header names one that is known here.
    fn machine(&self) -> Option<Machine>;

    /// The byte order of the machine's words, if the dump's header has one.
    fn byte_order(&self) -> Option<ByteOrder> {
        self.machine().map(|machine| machine.order)
    }

    /// Where in the file the byte at physical address `at` lies; `None` where it is compressed or missing.
    fn file_position(&self, at: u64) -> Option<u64>;
}

/// Physical addresses from `start` up to `end`, which is not in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Range {
    /// The first address.
    pub start: u64,
    /// The address after the last.
    pub end: u64,
}

impl Range {
    /// How many bytes it has.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether an address is in it.
    #[must_use]
    pub const fn contains(&self, at: u64) -> bool {
        self.start <= at && at < self.end
    }
}

/// Why there are no bytes for a physical address.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Missing {
    /// The dump describes no memory there.
    #[error("physical address {at:#x} is not in the dump")]
    NotInDump {
        /// The address.
        at: u64,
    },
    /// There was memory, and whoever wrote the dump left it out: `makedumpfile -d`.
    #[error("physical address {at:#x} was left out when the dump was written (makedumpfile -d)")]
    Excluded {
        /// The address.
        at: u64,
    },
    /// The file ends before it.
    #[error("physical address {at:#x} is cut off: the file of the dump ends too early")]
    Truncated {
        /// The address.
        at: u64,
    },
    /// The file has something there that cannot be read.
    #[error("physical address {at:#x} cannot be read: {why}")]
    Damaged {
        /// The address.
        at: u64,
        /// What is wrong with it.
        why: String,
    },
}

impl Missing {
    /// The first address that cannot be had.
    #[must_use]
    pub const fn at(&self) -> u64 {
        match self {
            Self::NotInDump { at } | Self::Excluded { at } | Self::Truncated { at } | Self::Damaged { at, .. } => *at,
        }
    }
}
