//! What the record says beside the layouts: kernels that are not what their upstream version says.
//!
//! Two tables. `stable` has the layouts that arrived inside a stable series, `vendors` the kernels of vendors. A row is a
//! range of third numbers or of builds, what it has, and how that is known; bits and numbering are separate facts.

mod stable;
mod vendors;

pub use stable::{BACKPORTED, STABLE};
pub use vendors::{OWN, VENDORS};

use swp_pte::{Build, Grade, KernelOption, KernelVersion, Vendor};

use crate::{Numbering, Row};

/// How a fact is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Evidence {
    /// How well.
    pub grade: Grade,
    /// Where: repository, commit and file, or the kernel that was measured.
    pub source: &'static str,
}

impl Evidence {
    /// Evidence of a grade, and where it is.
    #[must_use]
    pub const fn new(grade: Grade, source: &'static str) -> Self {
        Self { grade, source }
    }
}

/// Which layout a kernel of a range has.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Bits {
    /// That of its own upstream version.
    Series,
    /// That of another upstream version.
    Of(KernelVersion),
    /// One that no upstream release has.
    Row(&'static Row),
}

/// A layout that arrived in a stable update, so that the third number decides.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StableChange {
    /// The variant.
    pub variant: &'static str,
    /// The series.
    pub series: KernelVersion,
    /// The first stable update that has it.
    pub first: u16,
    /// The latest one of which it is known that it has the layout of the series; `None` if of none. What lies between is not
    /// known.
    pub after: Option<u16>,
    /// What it has from there on.
    pub bits: Bits,
    /// How that is known.
    pub evidence: Evidence,
}

impl StableChange {
    /// A row: from `series.first` on a variant has these bits.
    #[must_use]
    pub const fn new(
        variant: &'static str,
        series: KernelVersion,
        first: u16,
        bits: Bits,
        grade: Grade,
        source: &'static str,
    ) -> Self {
        Self { variant, series, first, after: None, bits, evidence: Evidence::new(grade, source) }
    }

    /// The latest stable update of which it is known that it does not have them yet.
    #[must_use]
    pub const fn after(self, after: u16) -> Self {
        Self { after: Some(after), ..self }
    }
}

/// Builds of a vendor between which nothing changes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct VendorRange {
    /// The vendor.
    pub vendor: Vendor,
    /// The upstream version that its kernels began as.
    pub series: KernelVersion,
    /// The first build.
    pub first: Build,
    /// The first build that is no longer of the range; `None` if all later ones are.
    pub end: Option<Build>,
    /// The variants of which it is known; empty: all.
    pub variants: &'static [&'static str],
    /// The bits.
    pub bits: Bits,
    /// How they are known; `None` if they were only assumed.
    pub bits_from: Option<Evidence>,
    /// The numberings that its types can have: one, or several if it is not known which.
    pub types: &'static [Numbering],
    /// How that is known; `None` if upstream's is assumed.
    pub types_from: Option<Evidence>,
    /// The upstream version of which it has the options.
    pub options_of: KernelVersion,
    /// Options that its stock kernels do not have as upstream's usually do.
    pub stock: &'static [Stock],
    /// The upstream version as which it keeps a `swp_entry_t` (`SWP_TYPE_SHIFT`).
    pub entries_of: KernelVersion,
    /// The first build that the evidence reaches; `None` if it holds from the first on.
    pub known_from: Option<Build>,
    /// The last build that the evidence reaches; `None` if it holds for the whole range.
    pub known_to: Option<Build>,
}

/// How a vendor's stock kernels have an option.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Stock {
    /// The variants; empty: all.
    pub variants: &'static [&'static str],
    /// The option.
    pub option: KernelOption,
    /// On or off; `None` if that is not known, or differs between its kernels, so that both must be reckoned with.
    pub on: Option<bool>,
}

impl Stock {
    /// An option that all variants' stock kernels have so.
    #[must_use]
    pub const fn new(option: KernelOption, on: Option<bool>) -> Self {
        Self { variants: &[], option, on }
    }

    /// Of these variants only.
    #[must_use]
    pub const fn of(self, variants: &'static [&'static str]) -> Self {
        Self { variants, ..self }
    }

    /// Whether a variant's kernels have it so.
    #[must_use]
    pub fn covers(&self, variant: &str) -> bool {
        self.variants.is_empty() || self.variants.contains(&variant)
    }
}

impl VendorRange {
    /// All builds of a vendor's series: everything as upstream, and nothing known. The other functions say what is.
    #[must_use]
    pub const fn new(vendor: Vendor, series: KernelVersion) -> Self {
        Self {
            vendor,
            series,
            first: Build([0; 4]),
            end: None,
            variants: &[],
            bits: Bits::Series,
            bits_from: None,
            types: &[],
            types_from: None,
            options_of: series,
            stock: &[],
            entries_of: series,
            known_from: None,
            known_to: None,
        }
    }

    /// From a build on.
    #[must_use]
    pub const fn since(self, first: Build) -> Self {
        Self { first, ..self }
    }

    /// Before a build.
    #[must_use]
    pub const fn before(self, end: Build) -> Self {
        Self { end: Some(end), ..self }
    }

    /// Of these variants only.
    #[must_use]
    pub const fn of(self, variants: &'static [&'static str]) -> Self {
        Self { variants, ..self }
    }

    /// With these bits.
    #[must_use]
    pub const fn with_bits(self, bits: Bits, grade: Grade, source: &'static str) -> Self {
        Self { bits, bits_from: Some(Evidence::new(grade, source)), ..self }
    }

    /// With these numberings; none: that of the series.
    #[must_use]
    pub const fn with_types(self, types: &'static [Numbering], grade: Grade, source: &'static str) -> Self {
        Self { types, types_from: Some(Evidence::new(grade, source)), ..self }
    }

    /// With the options of another upstream version, and how stock kernels have some of them.
    #[must_use]
    pub const fn with_options(self, options_of: KernelVersion, stock: &'static [Stock]) -> Self {
        Self { options_of, stock, ..self }
    }

    /// With the `swp_entry_t` of another upstream version.
    #[must_use]
    pub const fn with_entries_of(self, entries_of: KernelVersion) -> Self {
        Self { entries_of, ..self }
    }

    /// Known from this build on; what is said of earlier ones is an assumption.
    #[must_use]
    pub const fn known_from(self, first: Build) -> Self {
        Self { known_from: Some(first), ..self }
    }

    /// Known up to this build; what is said of later ones is an assumption.
    #[must_use]
    pub const fn known_to(self, last: Build) -> Self {
        Self { known_to: Some(last), ..self }
    }

    /// Whether a build lies in the range.
    #[must_use]
    pub fn contains(&self, build: Build) -> bool {
        self.first <= build && self.end.is_none_or(|end| build < end)
    }

    /// Whether a variant's kernels are among those of which it is known.
    #[must_use]
    pub fn covers(&self, variant: &str) -> bool {
        self.variants.is_empty() || self.variants.contains(&variant)
    }
}
