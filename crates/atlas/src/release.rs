//! Looking a layout up by release: third number, build and vendor are asked too, and what had to be assumed is said.

use core::fmt::{Display, Formatter};

use swp_pte::{Build, Grade, KernelOption, KernelVersion, Level, Release, Vendor};

use crate::record::{BACKPORTED, Bits, Evidence, STABLE, StableChange, Stock, VENDORS, VendorRange};
use crate::{Config, LookupError, Numbering, Presence, ROWS, Row, SwapTypes, find, find_at};

/// What a release has.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Found {
    /// The layout.
    pub row: &'static Row,
    /// How its bits are known to be those of this release.
    pub bits: Evidence,
    /// The numbering of its swap types, or all that it can have if it is not known which.
    pub types: Numberings,
    /// How that is known.
    pub types_from: Evidence,
    /// The upstream version of which it has the options of the configuration.
    pub options_of: KernelVersion,
    /// The upstream version as which it keeps a `swp_entry_t`.
    pub entries_of: KernelVersion,
    /// How its vendor's stock kernels have some of them.
    pub stock: &'static [Stock],
    /// What was assumed.
    pub assumed: Assumed,
}

/// The numberings that a kernel can have; at least one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Numberings {
    first: Numbering,
    others: &'static [Numbering],
}

impl Numberings {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Numbering> + '_ {
        [self.first].into_iter().chain(self.others.iter().copied())
    }

    /// The one, if it is known.
    #[must_use]
    pub const fn only(&self) -> Option<Numbering> {
        if self.others.is_empty() { Some(self.first) } else { None }
    }
}

impl From<Numbering> for Numberings {
    fn from(first: Numbering) -> Self {
        Self { first, others: &[] }
    }
}

impl Found {
    /// How the kernel was built, as far as nobody said: all that its variant can have, but what stock kernels of its vendor are
    /// known to have otherwise.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = Config::of(self.row.variant(), self.options_of);
        for stock in self.stock.iter().filter(|stock| stock.covers(self.row.variant())) {
            config.switch(stock.option, stock.on.unwrap_or_default());
        }
        config
    }

    /// The numbering of its swap types, with what was said of its build: an option, or `SWP_PFN_BITS`. Where the record does
    /// not know which of several numberings it is, or how an option stands that nobody spoke of, a type has a meaning if it
    /// has it in all of them.
    #[must_use]
    pub fn swap_types(&self, said: impl Fn(KernelOption) -> Option<bool>, pfn_bits: Option<u32>) -> SwapTypes {
        let mut config = self.config();
        config.pfn_bits = pfn_bits.unwrap_or(config.pfn_bits);
        for (option, on) in KernelOption::ALL.iter().filter_map(|option| Some((*option, said(*option)?))) {
            config.switch(option, on);
        }
        let of = |config| {
            let others = self.types.others.iter().map(move |numbering| SwapTypes::numbered(*numbering, config));
            others.fold(SwapTypes::numbered(self.types.first, config), SwapTypes::or)
        };
        let mut types = of(config);
        for option in self.unknown_options().filter(|option| said(*option).is_none()) {
            let mut on = config;
            on.switch(option, true);
            types = types.or(of(on));
        }
        types
    }

    /// The numbering of a kernel of which it is known how many types are left to the swap files: whatever numbering and
    /// options that were not spoken of make a number that `fits`. `None` if none do.
    #[must_use]
    pub fn swap_types_that_fit(
        &self,
        said: impl Fn(KernelOption) -> Option<bool>,
        pfn_bits: Option<u32>,
        fits: impl Fn(usize) -> bool,
    ) -> Option<SwapTypes> {
        let facts = self.row.facts();
        let own = |option| self.stock.iter().any(|stock| stock.option == option && stock.covers(self.row.variant()));
        let can = |option| facts.can_have(option, self.options_of) || own(option);
        let mut base = Config::NONE;
        base.pfn_bits = pfn_bits.unwrap_or(self.config().pfn_bits);
        let mut types: Option<SwapTypes> = None;
        for choice in 0..1_u32 << KernelOption::ALL.len() {
            let mut config = base;
            let mut possible = true;
            for (option, bit) in KernelOption::ALL.iter().zip(0..) {
                let on = choice >> bit & 1 != 0;
                possible &= said(*option).map_or(!on || can(*option), |said| said == on);
                config.switch(*option, on);
            }
            // `DEVICE_PRIVATE` needs `ZONE_DEVICE`, that `MEMORY_HOTREMOVE`, and that `MIGRATION` (`mm/Kconfig`).
            possible &= !config.device_private || config.migration;
            if !possible {
                continue;
            }
            for numbering in self.types.iter() {
                let one = SwapTypes::numbered(numbering, config);
                if fits(one.max_swapfiles()) {
                    types = Some(types.map_or(one, |types| types.or(one)));
                }
            }
        }
        types
    }

    /// The options of which it is not known how its vendor's stock kernels have them.
    pub fn unknown_options(&self) -> impl Iterator<Item = KernelOption> + use<> {
        let variant = self.row.variant();
        let unknown = self.stock.iter().filter(move |stock| stock.on.is_none() && stock.covers(variant));
        unknown.map(|stock| stock.option)
    }
}

/// The first release with `PG_anon_exclusive` and the exclusive markers of x86, arm64, s390 and ppc book3s64.
const MARKERS: KernelVersion = KernelVersion::new(5, 19);

/// The numberings that a kernel can have which took the marker series, and more or less of what came with it and after it:
/// upstream's from then on, and RHEL's.
const OF_MARKERS: &[Numbering] = &[
    Numbering { swapin_error: false, ..Numbering::of(MARKERS) },
    Numbering::of(KernelVersion::new(6, 1)),
    Numbering { marker: Presence::Option, ..Numbering::of(KernelVersion::new(6, 2)) },
    Numbering::of(KernelVersion::new(6, 2)),
];

impl Found {
    /// What a kernel has whose version has no `PG_anon_exclusive`, but which has it: a vendor took the series. Bits are those of
    /// the first release that has it, and of its numbering little is known.
    ///
    /// # Errors
    /// As [`find_at`].
    pub fn with_markers(self, level: Level) -> Result<Self, LookupError> {
        let row = find_at(self.row.variant(), level, MARKERS)?;
        let source = "enum pageflags of the kernel has PG_anon_exclusive";
        let mut assumed = Assumed::default();
        assumed.add(Assumption::Markers { first: MARKERS });
        let evidence = Evidence::new(Grade::Read, source);
        let types = Numberings { first: Numbering::of(MARKERS), others: OF_MARKERS };
        Ok(Self {
            row,
            bits: evidence,
            types,
            types_from: evidence,
            options_of: KernelVersion::new(6, 1),
            assumed,
            ..self
        })
    }

    /// What an upstream release has that is known to have a layout.
    #[must_use]
    pub fn upstream(row: &'static Row, kernel: KernelVersion) -> Self {
        Self {
            row,
            bits: Evidence::new(row.grade(), row.layout().source.since),
            types: Numbering::of(kernel).into(),
            types_from: match ROWS.iter().any(|row| row.layout().source.measured.contains(&kernel)) {
                true => Evidence::new(Grade::Measured, UPSTREAM_TYPES),
                false => Evidence::new(Grade::Changelog, UPSTREAM_COMMITS),
            },
            options_of: kernel,
            entries_of: kernel,
            stock: &[],
            assumed: Assumed::default(),
        }
    }
}

/// Where upstream's numbering is: the oracle asks these of every measured kernel.
const UPSTREAM_TYPES: &str = "include/linux/swap.h, include/linux/swapops.h";

/// And of the kernels between them.
const UPSTREAM_COMMITS: &str =
    "the commits that changed include/linux/swap.h and include/linux/swapops.h (tests/record/kernel.toml)";

/// Something that the record does not say of a release, so that it was assumed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Assumption {
    /// The vendor's kernels of this series are not in the record: upstream's are taken.
    Vendor {
        /// Whose kernel it is.
        vendor: Vendor,
        /// The upstream version taken.
        series: KernelVersion,
    },
    /// How the vendor numbers its types is not in the record, though its bits are: upstream's numbering is taken.
    Types {
        /// Whose kernel it is.
        vendor: Vendor,
        /// The upstream version taken.
        series: KernelVersion,
    },
    /// The release does not say which build it is, and builds differ: the latest are taken.
    Build {
        /// Whose kernel it is.
        vendor: Vendor,
        /// The first build that has what is taken.
        first: Build,
    },
    /// The vendor's builds were looked at from another one on: those before are taken to be alike.
    Earlier {
        /// Whose kernel it is.
        vendor: Vendor,
        /// The first build that was looked at.
        first: Build,
    },
    /// The vendor's builds were looked at up to another one: nothing is taken to have changed since.
    Later {
        /// Whose kernel it is.
        vendor: Vendor,
        /// The last build that was looked at.
        last: Build,
    },
    /// The release has no third number, and a stable update changed the layout: it is taken to be updated.
    Stable {
        /// The series.
        series: KernelVersion,
        /// The first stable update that has what is taken.
        first: u16,
    },
    /// The kernel is newer than every one measured: nothing is taken to have changed since.
    Newer {
        /// The newest measured one.
        newest: KernelVersion,
    },
    /// The kernel has `PG_anon_exclusive`, which its version does not: the bits are taken to be those of the first that has.
    Markers {
        /// That version.
        first: KernelVersion,
    },
    /// Commits behind a release, towards the next, which has another layout: that of the release is taken.
    Towards {
        /// The next release.
        next: KernelVersion,
    },
}

impl Display for Assumption {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Vendor { vendor: Vendor::Unknown, series } => {
                write!(f, "the record does not know whose kernel this is: it is taken for upstream's {series}")
            }
            Self::Vendor { vendor, series } => {
                write!(f, "the record has no {vendor} kernel of {series}: it is taken for upstream's")
            }
            Self::Types { vendor, series } => {
                write!(f, "how {vendor} numbers the types of its {series} is not in the record: taken for upstream's")
            }
            Self::Build { vendor, first } => {
                write!(f, "the build of {vendor} is not given: it is taken for {first} or later")
            }
            Self::Earlier { vendor, first } => {
                write!(f, "builds of {vendor} were read from {first} on: those before are taken to be alike")
            }
            Self::Later { vendor, last } => {
                write!(f, "builds of {vendor} were read up to {last}: nothing is taken to have changed since")
            }
            Self::Stable { series, first } => {
                write!(f, "the third number is not given: it is taken for {series}.{first} or later")
            }
            Self::Newer { newest } => {
                write!(f, "{newest} is the newest kernel measured: nothing is taken to have changed since")
            }
            Self::Markers { first } => {
                write!(f, "it has PG_anon_exclusive, so that its bits are taken for those of {first}")
            }
            Self::Towards { next } => {
                write!(f, "commits on the way to {next}, which has another layout: that of the release is taken")
            }
        }
    }
}

/// What was assumed of a release; mostly nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Assumed([Option<Assumption>; 4]);

impl Assumed {
    /// Each assumption.
    pub fn iter(&self) -> impl Iterator<Item = Assumption> + '_ {
        self.0.iter().flatten().copied()
    }

    /// Whether nothing was assumed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    fn add(&mut self, assumption: Assumption) {
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(assumption);
        }
    }
}

/// All of them, joined.
impl Display for Assumed {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let mut separator = "";
        for assumption in self.iter() {
            write!(f, "{separator}{assumption}")?;
            separator = "; ";
        }
        Ok(())
    }
}

/// The newest kernel whose headers were measured.
#[must_use]
pub fn newest_measured() -> KernelVersion {
    let measured = ROWS.iter().flat_map(|row| row.layout().source.measured);
    measured.copied().max().unwrap_or(KernelVersion::new(0, 0))
}

/// What a variant has in a release, at the level of the PTE.
///
/// # Errors
/// As [`find`].
pub fn find_release(variant: &str, release: &Release) -> Result<Found, LookupError> {
    find_release_at(variant, Level::Pte, release)
}

/// What a variant has in a release at a level of the page tables.
///
/// # Errors
/// As [`find_at`].
pub fn find_release_at(variant: &str, level: Level, release: &Release) -> Result<Found, LookupError> {
    let series = release.series();
    let mut assumed = Assumed::default();
    let newest = newest_measured();
    if series > newest {
        assumed.add(Assumption::Newer { newest });
    }
    if let Some(vendor) = release.vendor() {
        if let Some(range) = range_of(variant, vendor, release, &mut assumed) {
            return of_vendor(variant, level, range, release, assumed);
        }
        if vendor != Vendor::Unknown {
            not_backported(variant, level, release)?;
        }
        assumed.add(Assumption::Vendor { vendor, series });
    }
    let change = stable_change(variant, release, &mut assumed)?;
    let row = match change {
        Some(change) => row_of(variant, level, series, change.bits)?,
        None => find_at(variant, level, series)?,
    };
    if release.commits().is_some() && release.candidate().is_none() && release.stable().unwrap_or(0) == 0 {
        let next = KernelVersion::new(series.major, series.minor.saturating_add(1));
        if find(variant, next).is_ok_and(|other| other.layout().source != row.layout().source) {
            assumed.add(Assumption::Towards { next });
        }
    }
    let found = Found { assumed, ..Found::upstream(row, series) };
    Ok(match change {
        Some(change) => Found { bits: change.evidence, ..found },
        None => found,
    })
}

/// Whether a vendor's kernel that the record does not have can be taken for upstream's of its version.
///
/// # Errors
/// [`LookupError::Uncertain`] where vendors took a later layout, and nothing says whether this kernel has it.
fn not_backported(variant: &str, level: Level, release: &Release) -> Result<(), LookupError> {
    let series = release.series();
    let later = BACKPORTED.iter().find(|(of, first)| *of == variant && series < *first);
    let Some((_, first)) = later else { return Ok(()) };
    // With a stable update a vendor took all that it brought.
    let has = |one: &StableChange| release.stable().is_some_and(|stable| one.first <= stable);
    if STABLE.iter().any(|one| one.variant == variant && one.series == series && has(one)) {
        return Ok(());
    }
    let kernels = |kernel| find_at(variant, level, kernel).map(|row| row.layout().source.kernels);
    Err(LookupError::Uncertain { kernel: series, before: kernels(series)?, after: kernels(*first)? })
}

fn row_of(variant: &str, level: Level, series: KernelVersion, bits: Bits) -> Result<&'static Row, LookupError> {
    match bits {
        Bits::Series => find_at(variant, level, series),
        Bits::Of(kernel) => find_at(variant, level, kernel),
        Bits::Row(row) => Ok(row),
    }
}

/// The change of a stable series that a release has. Without a third number it is taken to be updated.
///
/// # Errors
/// [`LookupError::Uncertain`] for a stable update between the latest that is known not to have it and the first that has.
fn stable_change(
    variant: &str,
    release: &Release,
    assumed: &mut Assumed,
) -> Result<Option<&'static StableChange>, LookupError> {
    let change = STABLE.iter().find(|one| one.variant == variant && one.series == release.series());
    let Some(change) = change else { return Ok(None) };
    match (release.stable(), change.after) {
        (None, _) => {
            assumed.add(Assumption::Stable { series: change.series, first: change.first });
            Ok(Some(change))
        }
        (Some(stable), _) if change.first <= stable => Ok(Some(change)),
        (Some(stable), Some(after)) if stable <= after => Ok(None),
        // Of the series itself nothing is known either.
        (Some(_), None) => Ok(None),
        _ => {
            let before = find(variant, change.series)?.layout().source.kernels;
            let after = row_of(variant, Level::Pte, change.series, change.bits)?.layout().source.kernels;
            Err(LookupError::Uncertain { kernel: change.series, before, after })
        }
    }
}

/// The range of a vendor's builds that a release lies in. Without a build it is taken to be of the latest.
fn range_of(variant: &str, vendor: Vendor, release: &Release, assumed: &mut Assumed) -> Option<&'static VendorRange> {
    let mut ranges =
        VENDORS.iter().filter(|one| one.vendor == vendor && one.series == release.series() && one.covers(variant));
    let Some(build) = release.build() else {
        let latest = ranges.next_back()?;
        if ranges.next().is_some() {
            assumed.add(Assumption::Build { vendor, first: latest.first });
        }
        return Some(latest);
    };
    ranges.find(|one| one.contains(build))
}

fn of_vendor(
    variant: &str,
    level: Level,
    range: &'static VendorRange,
    release: &Release,
    mut assumed: Assumed,
) -> Result<Found, LookupError> {
    let VendorRange { vendor, series, .. } = *range;
    let row = row_of(variant, level, series, range.bits)?;
    let own = Numbering::of(series);
    let types = match range.types {
        [] => own.into(),
        [first, others @ ..] => Numberings { first: *first, others },
    };
    let upstream = Evidence::new(row.grade(), row.layout().source.since);
    match (range.bits_from, range.types_from) {
        (None, _) => assumed.add(Assumption::Vendor { vendor, series }),
        (Some(_), None) => assumed.add(Assumption::Types { vendor, series }),
        (Some(_), Some(_)) => {}
    }
    if let Some(first) = range.known_from.filter(|first| release.build().is_some_and(|build| build < *first)) {
        assumed.add(Assumption::Earlier { vendor, first });
    }
    if let Some(last) = range.known_to.filter(|last| release.build().is_none_or(|build| build > *last)) {
        assumed.add(Assumption::Later { vendor, last });
    }
    Ok(Found {
        row,
        bits: range.bits_from.unwrap_or(upstream),
        types,
        types_from: range.types_from.unwrap_or(upstream),
        options_of: range.options_of,
        entries_of: range.entries_of,
        stock: range.stock,
        assumed,
    })
}

#[cfg(test)]
mod tests;
