//! Looking a layout up by variant and kernel version, without guessing.

use swp_pte::{KernelRange, KernelVersion, Level, Variant};

use crate::{ARCHES, OLDER, ROWS, Row, SECOND_FORMS};

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
        /// Where the older layout is known to hold.
        before: KernelRange,
        /// Where the newer layout is known to hold.
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
    let first = |row: &&'static Row| row.layout().source.kernels.first;
    let mut before = None;
    core::iter::from_fn(move || {
        let rows = ROWS.iter().chain(OLDER).filter(|row| row.variant() == variant);
        let next = rows.filter(|row| before.is_none_or(|before| before < first(row))).min_by_key(first)?;
        before = Some(first(&next));
        Some(next)
    })
}

/// The names of all variants, each once, in the order of the table.
pub fn variants() -> impl Iterator<Item = &'static str> {
    ROWS.iter().enumerate().filter_map(|(i, row)| {
        let first = ROWS.iter().position(|other| other.variant() == row.variant());
        (first == Some(i)).then(|| row.variant())
    })
}

/// What all eras of a variant share; `None` for an unknown name.
#[must_use]
pub fn facts_of(variant: &str) -> Option<&'static Variant<'static>> {
    ARCHES.iter().find_map(|arch| arch.variant(variant))
}

/// The layout of a variant in a kernel at a level of the page tables: a second form where the record has one for this
/// kernel, else the layout of the PTE, which all levels share.
///
/// # Errors
/// As [`find`]; and [`LookupError::TooOld`] for a kernel from before the second form, of which the record does not say
/// whether it has swap entries at that level.
pub fn find_at(variant: &str, level: Level, kernel: KernelVersion) -> Result<&'static Row, LookupError> {
    let pte = find(variant, kernel)?;
    let mut forms =
        SECOND_FORMS.iter().filter(|row| row.variant() == variant && row.layout().source.level == level).peekable();
    let Some(first) = forms.peek().map(|row| row.layout().source.kernels.first) else { return Ok(pte) };
    forms.find(|row| row.covers(kernel)).ok_or(LookupError::TooOld { kernel, first })
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

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::ToString;

    #[test]
    fn a_second_form_is_found_at_its_level_and_from_its_kernel_on() {
        let [old, new] = [KernelVersion::new(6, 12), KernelVersion::new(7, 2)];
        let at = |variant, level, kernel| find_at(variant, level, kernel).map(|row| row.layout().source);
        let pte = |variant, kernel| find(variant, kernel).map(|row| row.layout().source);
        assert_eq!(at("s390", Level::Pmd, new).map(|source| source.level), Ok(Level::Pmd));
        assert_eq!(at("s390", Level::Pmd, old), Err(LookupError::TooOld { kernel: old, first: new }));
        for kernel in [old, new] {
            assert_eq!(at("s390", Level::Pte, kernel), pte("s390", kernel));
            assert_eq!(at("x86_64", Level::Pmd, kernel), pte("x86_64", kernel));
        }
    }

    #[test]
    fn a_kernel_between_two_layouts_is_uncertain() {
        let [a, b, c] = [KernelVersion::new(5, 10), KernelVersion::new(5, 18), KernelVersion::new(6, 1)];
        let (before, after) = (KernelRange::between(a, b), KernelRange::since(c));
        let error = LookupError::Uncertain { kernel: KernelVersion::new(5, 19), before, after };
        assert_eq!(
            error.to_string(),
            "the layout changed between 5.10 to 5.18 and 6.1 and later, and on which side 5.19 lies is not known"
        );
    }
}
