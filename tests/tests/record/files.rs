//! The files of `tests/record/`, read; a key that nobody knows is an error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use swp_pte::{KernelRange, KernelVersion, Pattern};
use toml::{Table, Value};

/// Where the record begins.
pub(crate) const BEGIN: KernelVersion = KernelVersion::new(3, 10);

/// A release, written as `"6.10"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Release(pub(crate) KernelVersion);

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A commit, as the other files cite it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commit {
    pub(crate) subject: String,
    pub(crate) release: Release,
    pub(crate) grade: Grade,
    pub(crate) seen: String,
}

/// How a commit's hash, subject and release are known.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    Changelog,
    Read,
}

/// The files together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// Every release from the begin of the record to the newest one that was measured.
    pub(crate) releases: Vec<Release>,
    #[serde(rename = "commit")]
    pub(crate) commits: BTreeMap<String, Commit>,
    #[serde(rename = "variant")]
    pub(crate) variants: BTreeMap<String, Variant>,
    #[serde(rename = "bits")]
    pub(crate) reserved: Vec<ReservedBits>,
    /// The swap types above the swap files, in the order in which they are numbered.
    pub(crate) order: Vec<String>,
    #[serde(rename = "swap_type")]
    pub(crate) swap_types: Vec<TypePeriod>,
    #[serde(rename = "marker")]
    pub(crate) marker_flags: Vec<MarkerFlag>,
    pub(crate) swp_pfn_bits: Since,
    #[serde(rename = "build")]
    pub(crate) builds: Vec<Build>,
    #[serde(rename = "vendor_range")]
    pub(crate) vendor_ranges: Vec<VendorRange>,
    #[serde(rename = "stable_update")]
    pub(crate) stable_updates: Vec<StableUpdate>,
}

/// A layout that arrived in a stable update.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StableUpdate {
    pub(crate) variant: String,
    pub(crate) series: Release,
    /// The first that is known to have it.
    pub(crate) first: u16,
    /// The last that is known not to, if any is.
    pub(crate) after: Option<u16>,
    /// The upstream release with the same layout.
    pub(crate) bits: Release,
    pub(crate) grade: String,
    pub(crate) seen: String,
}

/// Builds of a vendor between which nothing changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VendorRange {
    pub(crate) vendor: String,
    pub(crate) series: Release,
    pub(crate) first: Option<String>,
    /// The first build that is no longer of the range.
    pub(crate) end: Option<String>,
    /// Nothing is said of the builds before the first.
    #[serde(default)]
    pub(crate) after_a_gap: bool,
    /// The first build that was looked at, where earlier ones were not.
    pub(crate) known_from: Option<String>,
    /// The upstream release with the same `SWP_TYPE_SHIFT`, where that is not the series.
    pub(crate) entries: Option<Release>,
    /// The last build that was looked at, of a range that goes on.
    pub(crate) known_to: Option<String>,
    pub(crate) variants: Vec<String>,
    /// Releases of the range, the first and last build among them where they are whole numbers.
    pub(crate) inside: Vec<String>,
    /// The upstream release that has the same bits, or none, and they are its own.
    pub(crate) bits: Option<Release>,
    pub(crate) own: Option<Era>,
    pub(crate) bits_grade: String,
    pub(crate) bits_source: String,
    /// The swap types above the swap files, upwards, of a kernel that was built with everything but `USERSWAP`.
    #[serde(default)]
    pub(crate) types: Vec<String>,
    #[serde(default)]
    pub(crate) marker_is_an_option: bool,
    #[serde(default)]
    pub(crate) marker_mask: u64,
    #[serde(default)]
    pub(crate) divides_offset: bool,
    /// Missing, with all that is said of types: nobody looked.
    pub(crate) types_grade: Option<String>,
    pub(crate) types_source: Option<String>,
    #[serde(default)]
    pub(crate) stock: Vec<Stock>,
}

/// How a vendor's stock kernels have an option; without `on` it is not known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stock {
    pub(crate) option: String,
    pub(crate) on: Option<bool>,
    #[serde(default)]
    pub(crate) variants: Vec<String>,
    pub(crate) read_in: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variant {
    pub(crate) header: String,
    pub(crate) era: Vec<Era>,
    /// The first release without the variant.
    pub(crate) gone: Option<Release>,
    pub(crate) gone_by: Option<String>,
    /// Releases that have no layout, or two.
    #[serde(default)]
    pub(crate) uncertain: Vec<Uncertain>,
}

/// A release of which no layout can be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uncertain {
    pub(crate) release: Release,
    /// None where nobody looked.
    #[serde(default)]
    pub(crate) commits: Vec<String>,
    pub(crate) why: String,
}

/// Bits of the word: lowest and highest, or several such runs where a field is split.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Span {
    Whole([u32; 2]),
    Split(Vec<[u32; 2]>),
}

impl Span {
    /// The bits as a mask.
    pub(crate) fn mask(&self) -> u64 {
        let runs = match self {
            Self::Whole(run) => std::slice::from_ref(run),
            Self::Split(runs) => runs,
        };
        runs.iter().fold(0, |mask, [low, high]| mask | u64::MAX >> (63 - high) & u64::MAX << low)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Era {
    pub(crate) first: Release,
    /// Where it is not the variant's.
    pub(crate) header: Option<String>,
    #[serde(default)]
    pub(crate) commits: Vec<String>,
    /// The bits that the decoder reads.
    #[serde(rename = "type")]
    pub(crate) swp_type: Span,
    /// The bits that the encoder writes.
    #[serde(rename = "offset")]
    pub(crate) swp_offset: Span,
    /// The bits of a type that the encoder drops.
    #[serde(default)]
    pub(crate) lost_type: Vec<u32>,
    /// The bits of an offset, above the largest, that make the word present.
    #[serde(default)]
    pub(crate) present_offset: Vec<u32>,
    pub(crate) exclusive: Option<u32>,
    pub(crate) unseen_exclusive: Option<Unseen>,
    pub(crate) placement: Option<String>,
    pub(crate) how: Option<String>,
    pub(crate) soft_dirty: Option<u32>,
    pub(crate) uffd_wp: Option<u32>,
    /// The bits of each way to be present.
    pub(crate) present: Vec<Present>,
}

/// The kernels whose predicate cannot see the marker: from the era's first on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unseen {
    pub(crate) until: Release,
    pub(crate) mended_in: Release,
    pub(crate) mended_by: Vec<String>,
}

/// A way to be present.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Present {
    /// All of these bits are 1.
    Ones(Vec<u32>),
    /// Some are 1, others 0.
    Both(OnesAndZeros),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnesAndZeros {
    #[serde(default)]
    ones: Vec<u32>,
    zeros: Vec<u32>,
}

impl Present {
    /// As the layouts have it.
    pub(crate) fn pattern(&self) -> Pattern {
        let mask = |bits: &[u32]| bits.iter().fold(0, |mask, bit| mask | 1 << bit);
        match self {
            Self::Ones(ones) => Pattern::all_ones(mask(ones)),
            Self::Both(OnesAndZeros { ones, zeros }) => Pattern { mask: mask(ones) | mask(zeros), value: mask(ones) },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypePeriod {
    pub(crate) name: String,
    pub(crate) option: Option<String>,
    pub(crate) first: Option<Release>,
    #[serde(default)]
    pub(crate) commits: Vec<String>,
    pub(crate) last: Option<Release>,
    #[serde(default)]
    pub(crate) gone_by: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkerFlag {
    pub(crate) name: String,
    pub(crate) bit: u32,
    pub(crate) first: Release,
    pub(crate) commits: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    pub(crate) first: Release,
    pub(crate) commits: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Build {
    pub(crate) option: String,
    pub(crate) variants: Vec<String>,
    pub(crate) first: Option<Release>,
    #[serde(default)]
    pub(crate) commits: Vec<String>,
    pub(crate) last: Option<Release>,
    #[serde(default)]
    pub(crate) gone_by: Vec<String>,
    pub(crate) how: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReservedBits {
    pub(crate) variants: Vec<String>,
    /// First releases of the eras; all of them if missing.
    pub(crate) eras: Option<Vec<Release>>,
    pub(crate) bits: Vec<u32>,
    pub(crate) name: String,
    pub(crate) read_in: String,
    pub(crate) says: String,
}

/// From the begin of the record where no first release is given.
pub(crate) fn range(first: Option<Release>, last: Option<Release>) -> KernelRange {
    KernelRange { first: first.map_or(BEGIN, |first| first.0), last: last.map(|last| last.0) }
}

/// All files of `tests/record/`: what one says is added to what the others say.
pub(crate) fn record() -> Record {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("record");
    let entries = fs::read_dir(&folder).expect("tests/record is part of the repository");
    let mut all = Table::new();
    for path in entries.map(|entry| entry.expect("a directory entry").path()) {
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).expect("a file of the record");
            let file = text.parse::<Table>().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            add(&mut all, file, &path);
        }
    }
    all.try_into().unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

/// Tables and lists grow; what is neither stands in one file only.
fn add(all: &mut Table, file: Table, path: &Path) {
    for (key, value) in file {
        match (all.get_mut(&key), value) {
            (None, value) => drop(all.insert(key, value)),
            (Some(Value::Table(table)), Value::Table(more)) => add(table, more, path),
            (Some(Value::Array(list)), Value::Array(more)) => list.extend(more),
            (Some(_), _) => panic!("{}: {key} stands in another file too", path.display()),
        }
    }
}

impl Record {
    /// The commits are all known, and each is first in this release.
    pub(crate) fn begin_in(&self, cited: &[String], release: Option<Release>, what: &str) {
        assert_eq!(cited.is_empty(), release.is_none(), "{what}: a boundary and its commits stand together");
        for hash in cited {
            let commit = self.commits.get(hash).unwrap_or_else(|| panic!("{what}: {hash} is not among the commits"));
            assert_eq!(Some(commit.release), release, "{what}: {hash}");
        }
    }
}
