//! The files of `tests/record/`, read; a key that nobody knows is an error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
use swp_pte::{KernelRange, KernelVersion};

/// Where the record begins.
pub(crate) const BEGIN: KernelVersion = KernelVersion::new(5, 10);

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

/// `layouts.toml`.
#[derive(Deserialize)]
pub(crate) struct Layouts {
    /// Every release from the begin of the record to the newest one that was measured.
    pub(crate) releases: Vec<Release>,
    #[serde(flatten)]
    pub(crate) variants: BTreeMap<String, Variant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variant {
    pub(crate) header: String,
    pub(crate) era: Vec<Era>,
    /// The first release without the variant.
    pub(crate) gone: Option<Release>,
    pub(crate) gone_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Era {
    pub(crate) first: Release,
    #[serde(default)]
    pub(crate) commits: Vec<String>,
    /// Lowest and highest bit that the decoder reads.
    #[serde(rename = "type")]
    pub(crate) swp_type: [u32; 2],
    /// Lowest and highest bit that the encoder writes.
    #[serde(rename = "offset")]
    pub(crate) swp_offset: [u32; 2],
    pub(crate) exclusive: Option<u32>,
    pub(crate) placement: Option<String>,
    pub(crate) how: Option<String>,
    pub(crate) soft_dirty: Option<u32>,
    pub(crate) uffd_wp: Option<u32>,
    /// A list of bits for each way to be present.
    pub(crate) present: Vec<Vec<u32>>,
}

/// `swap_types.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapTypesFile {
    pub(crate) order: Vec<String>,
    #[serde(rename = "type")]
    pub(crate) types: Vec<TypePeriod>,
    pub(crate) marker: Vec<MarkerFlag>,
    pub(crate) swp_pfn_bits: Since,
    pub(crate) build: Vec<Build>,
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

/// `reserved.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReservedFile {
    pub(crate) bits: Vec<ReservedBits>,
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

/// A file of `tests/record/`.
pub(crate) fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("record").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn commits() -> BTreeMap<String, Commit> {
    read("commits.toml")
}

pub(crate) fn layouts() -> Layouts {
    read("layouts.toml")
}

pub(crate) fn swap_types() -> SwapTypesFile {
    read("swap_types.toml")
}

pub(crate) fn reserved() -> ReservedFile {
    read("reserved.toml")
}

/// The commits are all known, and each is first in this release.
pub(crate) fn begin_in(cited: &[String], release: Option<Release>, what: &str) {
    let commits = commits();
    assert_eq!(cited.is_empty(), release.is_none(), "{what}: a boundary and its commits stand together");
    for hash in cited {
        let commit = commits.get(hash).unwrap_or_else(|| panic!("{what}: {hash} is not in commits.toml"));
        assert_eq!(Some(commit.release), release, "{what}: {hash}");
    }
}
