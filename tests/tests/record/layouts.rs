//! The boundaries of the layouts: every variant in every release, the commits behind them, and what an era is known by.

use std::collections::BTreeSet;

use swp_pte::{Flag, KernelRange, KernelVersion, Layout};
use swp_pte_atlas::{LookupError, ROWS, Row, find, rows_of, variants};

use crate::files::{BEGIN, Era, Grade, Present, Release, Variant, record};

/// The bits of these numbers.
fn mask(bits: &[u32]) -> u64 {
    bits.iter().fold(0, |mask, bit| mask | 1 << bit)
}

/// Whether no layout can be told of a release.
fn is_uncertain(variant: &Variant, release: KernelVersion) -> bool {
    variant.uncertain.iter().any(|one| one.release.0 == release)
}

/// The era of the record that a release lies in.
fn era_in(variant: &Variant, release: KernelVersion) -> Option<&Era> {
    if variant.gone.is_some_and(|gone| release >= gone.0) || is_uncertain(variant, release) {
        return None;
    }
    variant.era.iter().rev().find(|era| era.first.0 <= release)
}

/// What tells a layout from its neighbours is what the record says.
pub(crate) fn same(era: &Era, layout: &Layout<'_>, what: &str) {
    assert_eq!(layout.swp_type.mask(), era.swp_type.mask(), "{what}: type");
    assert_eq!(layout.swp_offset.written_mask(), era.swp_offset.mask(), "{what}: offset");
    let losses = (mask(&era.lost_type), mask(&era.present_offset));
    assert_eq!((layout.lost_type, layout.present_offset), losses, "{what}: what the encoder loses");
    let flags = [era.exclusive, era.soft_dirty, era.uffd_wp];
    assert_eq!(Flag::ALL.map(|flag| layout.flag(flag)), flags, "{what}: markers");
    let present: Vec<_> = era.present.iter().map(Present::pattern).collect();
    assert_eq!(layout.present.to_vec(), present, "{what}: present");
    let placement = layout.exclusive.map(|exclusive| exclusive.placement.name());
    assert_eq!(placement, era.placement.as_deref(), "{what}: placement");
    assert_eq!(era.how.is_some(), era.placement.is_some(), "{what}: a placement and how it came to be");
}

#[test]
fn the_record_and_the_atlas_have_the_same_variants() {
    let record: BTreeSet<_> = record().variants.into_keys().collect();
    let atlas: BTreeSet<_> = variants().map(str::to_owned).collect();
    assert_eq!(record, atlas);
}

/// A release follows another by its minor number, or begins the next major number; those that ended one are named.
#[test]
fn the_releases_are_all_there() {
    let releases = record().releases;
    assert_eq!(releases.first().unwrap().0, BEGIN);
    for two in releases.windows(2) {
        let (before, after) = (two[0].0, two[1].0);
        let next_minor = (before.major, before.minor + 1) == (after.major, after.minor);
        let ended = [
            KernelVersion::new(3, 19),
            KernelVersion::new(4, 20),
            KernelVersion::new(5, 19),
            KernelVersion::new(6, 19),
        ];
        let next_major = ended.contains(&before) && (before.major + 1, 0) == (after.major, after.minor);
        assert!(next_minor || next_major, "{before}, {after}");
    }
    let measured = ROWS.iter().flat_map(|row| row.layout().source.measured).max();
    assert_eq!(measured, releases.last().map(|release| &release.0), "the newest release is the newest measured one");
}

#[test]
fn every_variant_has_its_layout_in_every_release() {
    let record = record();
    for (name, variant) in &record.variants {
        for release in record.releases.iter().map(|release| release.0) {
            let what = format!("{name} {release}");
            match (era_in(variant, release), find(name, release)) {
                (Some(era), Ok(row)) => same(era, row.layout(), &what),
                (None, Err(LookupError::TooOld { first, .. })) => {
                    assert_eq!(first, variant.era[0].first.0, "{what}");
                    assert!(release < first, "{what}");
                }
                (None, Err(LookupError::Removed { last, .. })) => {
                    let before = record.releases.iter().rev().find(|other| Some(**other) < variant.gone);
                    assert_eq!(Some(last), before.map(|before| before.0), "{what}");
                    assert!(release > last, "{what}");
                }
                (None, Err(LookupError::Uncertain { .. })) => assert!(is_uncertain(variant, release), "{what}"),
                (era, found) => {
                    panic!("{what}: the record begins it in {:?}, the atlas {found:?}", era.map(|era| era.first))
                }
            }
        }
        let first = variant.era[0].first.0;
        let before_all = match first.minor {
            0 => KernelVersion::new(first.major - 1, u16::MAX),
            minor => KernelVersion::new(first.major, minor - 1),
        };
        assert!(matches!(find(name, before_all), Err(LookupError::TooOld { .. })), "{name} {before_all}");
        let after_all = KernelVersion::new(u16::MAX, 0);
        assert_eq!(find(name, after_all).is_ok(), variant.gone.is_none(), "{name} {after_all}");
    }
}

/// The boundaries are the same set on both sides, written down in `Source` with the same commits.
#[test]
fn the_boundaries_are_those_of_the_record() {
    let record = record();
    for (name, variant) in &record.variants {
        let rows: Vec<&Row> = rows_of(name).collect();
        assert_eq!(rows.len(), variant.era.len(), "{name}: eras");
        for (i, (row, era)) in rows.iter().zip(&variant.era).enumerate() {
            let (source, what) = (row.layout().source, format!("{name} {}", era.first.0));
            assert_eq!(source.kernels.first, era.first.0, "{what}: first release");
            let next = variant.era.get(i + 1).map(|next| next.first).or(variant.gone);
            let before = |next| {
                let told = |release: &&Release| **release < next && !is_uncertain(variant, release.0);
                record.releases.iter().rev().find(told)
            };
            let last = next.and_then(before);
            assert_eq!(source.kernels.last, last.map(|last| last.0), "{what}: last release");
            assert_eq!(source.header, *era.header.as_ref().unwrap_or(&variant.header), "{what}: header");

            let ended = variant.gone_by.iter().filter(|_| i + 1 == rows.len() && variant.gone.is_some());
            for (hashes, release) in [
                (era.commits.iter().collect::<Vec<_>>(), era.first),
                (ended.collect(), variant.gone.unwrap_or(era.first)),
            ] {
                for hash in hashes {
                    record.begin_in(std::slice::from_ref(hash), Some(release), &what);
                    let commit = &record.commits[hash];
                    let cited = format!("{} ({hash}, {})", commit.subject, commit.release.0);
                    assert!(source.since.contains(&cited), "{what}: {:?} does not say {cited:?}", source.since);
                }
            }
            let unseen = era.unseen_exclusive.as_ref().map(|unseen| {
                record.begin_in(&unseen.mended_by, Some(unseen.mended_in), &format!("{what}: unseen"));
                KernelRange::between(era.first.0, unseen.until.0)
            });
            assert_eq!(row.layout().unseen_exclusive, unseen, "{what}: kernels that do not see the marker");
            // Whatever looks like a hash is one of the record's.
            for word in source.since.split(|c: char| !c.is_ascii_alphanumeric()) {
                let is_hash = word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
                let of_uncertain = variant.uncertain.iter().flat_map(|one| &one.commits);
                let known = era.commits.iter().chain(&variant.gone_by).chain(of_uncertain).any(|hash| hash == word);
                assert!(!is_hash || known, "{what}: cites {word}, which the record does not");
            }
            let older = source.since.contains(&format!("older than the record, which begins at {}", era.first.0));
            let unknown = source.since.contains("where it began is not known");
            assert_eq!(older || unknown, era.commits.is_empty(), "{what}: {:?}", source.since);
            assert!(!older || i == 0, "{what}: no commit for a boundary");
            let before = record.releases.iter().rev().find(|release| release.0 < era.first.0);
            let after_a_gap = before.is_some_and(|release| is_uncertain(variant, release.0));
            assert_eq!(unknown, i > 0 && after_a_gap && era.commits.is_empty(), "{what}: a gap before it");
        }
        for one in variant.uncertain.iter().filter(|one| !one.commits.is_empty()) {
            record.begin_in(
                &one.commits,
                Some(one.release),
                &format!("{name} {}, of which nothing is told", one.release.0),
            );
        }
        assert!(variant.uncertain.iter().all(|one| !one.why.is_empty()), "{name}: a gap without a reason");
    }
}

/// What is of the variant, not of an era.
#[test]
fn the_eras_of_a_variant_share_width_memory_and_page_size() {
    for name in variants() {
        let rows: Vec<&Row> = rows_of(name).collect();
        let of_variant = |row: &Row| {
            let layout = row.layout();
            (layout.source.arch, layout.width, layout.memory, layout.page_shift)
        };
        for row in &rows {
            assert_eq!(of_variant(row), of_variant(rows[0]), "{name} {}", row.layout().source.kernels);
        }
    }
}

/// Every commit is cited by somebody, and says how it is known.
#[test]
fn no_commit_stands_for_nothing() {
    let record = record();
    let of_layouts = record.variants.values().flat_map(|variant| {
        let uncertain = variant.uncertain.iter().flat_map(|one| &one.commits);
        let unseen = variant.era.iter().filter_map(|era| era.unseen_exclusive.as_ref()).flat_map(|one| &one.mended_by);
        variant.era.iter().flat_map(|era| &era.commits).chain(&variant.gone_by).chain(uncertain).chain(unseen)
    });
    let of_types = record.swap_types.iter().flat_map(|period| period.commits.iter().chain(&period.gone_by));
    let of_builds = record.builds.iter().flat_map(|build| build.commits.iter().chain(&build.gone_by));
    let of_markers = record.marker_flags.iter().flat_map(|flag| &flag.commits).chain(&record.swp_pfn_bits.commits);
    let cited: BTreeSet<_> = of_layouts.chain(of_types).chain(of_builds).chain(of_markers).collect();
    for (hash, commit) in &record.commits {
        assert!(cited.contains(hash), "{hash} {}", commit.subject);
        assert!(hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
        // A pull request is what the grade `changelog` is about.
        let by_pull = commit.seen.starts_with("pull request");
        assert_eq!(matches!(commit.grade, Grade::Changelog), by_pull, "{hash}: {}", commit.seen);
    }
}
