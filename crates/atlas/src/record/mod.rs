//! What the record says beside the layouts: kernels that are not what their upstream version says.
//!
//! Two tables. `stable` has the layouts that arrived inside a stable series, `vendors` the kernels of vendors. A row is a
//! range of third numbers or of builds, what it has, and how that is known; bits and numbering are separate facts.

mod stable;
mod vendors;

pub use stable::STABLE;
pub use vendors::VENDORS;

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
        Self { variant, series, first, bits, evidence: Evidence::new(grade, source) }
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
    /// Options of its own, and how its stock kernels have them: `None` if that is not known or differs.
    pub options: &'static [(KernelOption, Option<bool>)],
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
            options: &[],
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

    /// With options of its own.
    #[must_use]
    pub const fn with_options(self, options: &'static [(KernelOption, Option<bool>)]) -> Self {
        Self { options, ..self }
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
