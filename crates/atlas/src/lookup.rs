//! Looking a layout up by variant and kernel version, without guessing.

use swp_pte::{KernelRange, KernelVersion};

use crate::{ROWS, Row};

/// Why there is no layout to give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum LookupError {
    /// No variant of this name; [`variants`] lists them.
    UnknownVariant,
    /// The kernel is older than the record of this variant.
    TooOld {
        /// The kernel asked for.
        kernel: KernelVersion,
        /// The first kernel of the record.
        first: KernelVersion,
    },
    /// The kernel no longer has this variant.
    Removed {
        /// The kernel asked for.
        kernel: KernelVersion,
        /// The last kernel that had it.
        last: KernelVersion,
    },
    /// The layout changed somewhere around this kernel, and the record does not say on which side it is.
    Uncertain {
        /// The kernel asked for.
        kernel: KernelVersion,
        /// Where the layout of before is known to hold.
        before: KernelRange,
        /// Where the layout of after is known to hold.
        after: KernelRange,
    },
}

impl core::fmt::Display for LookupError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::UnknownVariant => f.write_str("unknown variant"),
            Self::TooOld { kernel, first } => {
                write!(f, "kernel {kernel} is older than the record, which begins at {first}")
            }
            Self::Removed { kernel, last } => {
                write!(f, "kernel {kernel} no longer has this variant; the last was {last}")
            }
            Self::Uncertain { kernel, before, after } => write!(
                f,
                "the layout changed between {before} and {after}, and on which side {kernel} lies is not known"
            ),
        }
    }
}

impl core::error::Error for LookupError {}

/// The layouts of a variant, oldest first; none for an unknown name.
pub fn rows_of(variant: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.variant() == variant)
}

/// The names of all variants, each once, in the order of the table.
pub fn variants() -> impl Iterator<Item = &'static str> {
    ROWS.iter().enumerate().filter_map(|(i, row)| {
        let first = ROWS.iter().position(|other| other.variant() == row.variant());
        (first == Some(i)).then(|| row.variant())
    })
}

/// The latest layout of a variant.
///
/// # Errors
/// [`LookupError::UnknownVariant`].
pub fn newest(variant: &str) -> Result<&'static Row, LookupError> {
    rows_of(variant).last().ok_or(LookupError::UnknownVariant)
}

/// The layout of a variant in a kernel.
///
/// # Errors
/// [`LookupError`], which says whether the name or the kernel is to blame.
pub fn find(variant: &str, kernel: KernelVersion) -> Result<&'static Row, LookupError> {
    let mut before: Option<KernelRange> = None;
    for row in rows_of(variant) {
        let range = row.layout().source.kernels;
        if range.contains(kernel) {
            return Ok(row);
        }
        if kernel < range.first {
            return Err(match before {
                Some(before) => LookupError::Uncertain { kernel, before, after: range },
                None => LookupError::TooOld { kernel, first: range.first },
            });
        }
        before = Some(range);
    }
    // Every layout of the variant ended before this kernel.
    match before.and_then(|range| range.last) {
        Some(last) => Err(LookupError::Removed { kernel, last }),
        None => Err(LookupError::UnknownVariant),
    }
}
