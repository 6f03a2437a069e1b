//! The numbering of the swap types above the swap files, the flags of markers, and what kernels can be built with: every
//! release, every configuration.

use std::collections::BTreeSet;

use swp_pte::{KernelVersion, SwpEntry, SwpType};
use swp_pte_atlas::{Access, Config, Softleaf, SoftleafType, SwapTypes, find};

use crate::files::{BEGIN, Record, Release, range, record};

/// The atlas's word for a constant of the kernel.
pub(crate) fn meaning(name: &str) -> SoftleafType {
    use SoftleafType as T;
    match name {
        "SWP_HWPOISON" => T::Hwpoison,
        "SWP_MIGRATION_READ" => T::Migration(Access::Read),
        "SWP_MIGRATION_READ_EXCLUSIVE" => T::Migration(Access::ReadExclusive),
        "SWP_MIGRATION_WRITE" => T::Migration(Access::Write),
        "SWP_DEVICE_WRITE" => T::DevicePrivateWrite,
        "SWP_DEVICE_READ" => T::DevicePrivateRead,
        "SWP_DEVICE_EXCLUSIVE_WRITE" => T::DeviceExclusiveWrite,
        "SWP_DEVICE_EXCLUSIVE_READ" => T::DeviceExclusiveRead,
        "SWP_DEVICE_EXCLUSIVE" => T::DeviceExclusive,
        "SWP_PTE_MARKER" => T::Marker,
        "SWP_SWAPIN_ERROR" => T::SwapinError,
        other => panic!("no swap type {other:?}"),
    }
}

fn releases(record: &Record) -> Vec<KernelVersion> {
    record.releases.iter().map(|release| release.0).collect()
}

fn is_on(config: Config, option: &str) -> bool {
    match option {
        "CONFIG_MEMORY_FAILURE" => config.memory_failure,
        "CONFIG_MIGRATION" => config.migration,
        "CONFIG_DEVICE_PRIVATE" => config.device_private,
        "CONFIG_PTE_MARKER" => config.pte_marker,
        other => panic!("no option {other:?}"),
    }
}

fn configurations() -> impl Iterator<Item = Config> {
    (0..16).map(|on| {
        let mut config = Config::NONE;
        config.memory_failure = on & 1 != 0;
        config.migration = on & 2 != 0;
        config.device_private = on & 4 != 0;
        config.pte_marker = on & 8 != 0;
        config
    })
}

/// What each of the 32 types means, by the record alone.
fn expected(record: &Record, kernel: KernelVersion, config: Config) -> Vec<SoftleafType> {
    let there = |name: &String| {
        record.swap_types.iter().any(|period| {
            period.name == *name
                && range(period.first, period.last).contains(kernel)
                && period.option.as_ref().is_none_or(|option| is_on(config, option))
        })
    };
    let special: Vec<_> = record.order.iter().filter(|name| there(name)).map(|name| meaning(name)).collect();
    let files = std::iter::repeat_n(SoftleafType::Swap, 32 - special.len());
    files.chain(special).collect()
}

#[test]
fn the_numbering_is_that_of_the_record_in_every_release_and_configuration() {
    let record = record();
    for kernel in releases(&record) {
        for config in configurations() {
            let types = SwapTypes::new(kernel, config);
            let got: Vec<_> = (0..32).map(|number| types.meaning(SwpType::new(number).unwrap())).collect();
            let expected = expected(&record, kernel, config);
            assert_eq!(got, expected, "{kernel} {config:?}");
            let files = expected.iter().filter(|meaning| **meaning == SoftleafType::Swap).count();
            assert_eq!(types.max_swapfiles(), files, "{kernel} {config:?}");
        }
        let known = record.marker_flags.iter().filter(|flag| flag.first.0 <= kernel);
        let mask = known.fold(0, |mask, flag| mask | 1 << flag.bit);
        assert_eq!(
            SwapTypes::new(kernel, Config::of("x86_64", kernel)).marker_mask(),
            mask,
            "{kernel}: PTE_MARKER_MASK"
        );
    }
}

/// A migration entry whose page frame number would reach above `SWP_PFN_BITS`: the whole offset before, the low bits from
/// the boundary on.
#[test]
fn the_offset_is_divided_from_the_release_of_the_record_on() {
    let record = record();
    let since = record.swp_pfn_bits.first.0;
    let offset = 1 << 40 | 0x1234;
    for kernel in releases(&record) {
        // Of some nobody knows the layout.
        let Ok(row) = find("x86_64", kernel) else { continue };
        let types = SwapTypes::new(kernel, Config::of("x86_64", kernel));
        let number = types.number(SoftleafType::Migration(Access::Read)).unwrap();
        let entry = SwpEntry::from_parts(number, offset).unwrap();
        let Softleaf::Migration { pfn, .. } = Softleaf::of(entry, &types, row) else {
            panic!("{kernel}: no migration entry")
        };
        assert_eq!(pfn, if kernel >= since { 0x1234 } else { offset }, "{kernel}");
    }
}

#[test]
fn kernels_are_built_with_what_the_record_says() {
    let record = record();
    let releases = releases(&record);
    for build in &record.builds {
        for name in &build.variants {
            assert!(record.variants.contains_key(name), "{}: no variant {name}", build.option);
        }
        assert!(!build.how.is_empty());
    }
    let options = ["CONFIG_MEMORY_FAILURE", "CONFIG_MIGRATION", "CONFIG_DEVICE_PRIVATE", "CONFIG_PTE_MARKER"];
    for (name, kernel) in record.variants.keys().flat_map(|name| releases.iter().map(move |at| (name, *at))) {
        let Ok(row) = find(name, kernel) else { continue };
        let config = Config::of(row.variant(), kernel);
        for option in options {
            let can = record.builds.iter().any(|build| {
                build.option == option
                    && build.variants.contains(name)
                    && range(build.first, build.last).contains(kernel)
            });
            // Where a kernel has no such option, what the atlas says of it has no effect.
            let has_option = record
                .swap_types
                .iter()
                .any(|t| t.option.as_deref() == Some(option) && range(t.first, t.last).contains(kernel));
            assert!(!has_option || is_on(config, option) == can, "{name} {kernel}: {option}");
        }
    }
}

/// Every boundary has the commits that made it, and `CHANGES` is the set of them all.
#[test]
fn the_boundaries_are_those_of_the_record() {
    let record = record();
    let releases = releases(&record);
    let after = |last: Option<Release>| {
        last.and_then(|last| releases.iter().find(|kernel| **kernel > last.0).copied()).map(Release)
    };
    let mut boundaries = BTreeSet::new();
    for period in &record.swap_types {
        assert!(record.order.contains(&period.name), "{} has no place in the order", period.name);
        record.begin_in(&period.commits, period.first, &period.name);
        record.begin_in(&period.gone_by, after(period.last), &period.name);
        boundaries.extend([period.first, after(period.last)].into_iter().flatten());
    }
    for name in &record.order {
        assert!(record.swap_types.iter().any(|period| period.name == *name), "{name} has no period");
    }
    for flag in &record.marker_flags {
        record.begin_in(&flag.commits, Some(flag.first), &flag.name);
        boundaries.insert(flag.first);
    }
    record.begin_in(&record.swp_pfn_bits.commits, Some(record.swp_pfn_bits.first), "SWP_PFN_BITS");
    boundaries.insert(record.swp_pfn_bits.first);
    for build in &record.builds {
        // What two builds show has no commit.
        if !build.how.starts_with("measured: ") {
            record.begin_in(&build.commits, build.first, &build.option);
        }
        record.begin_in(&build.gone_by, after(build.last), &build.option);
        boundaries.extend([build.first, after(build.last)].into_iter().flatten());
    }
    let boundaries: Vec<_> = boundaries.into_iter().map(|release| release.0).collect();
    assert_eq!(SwapTypes::CHANGES.to_vec(), boundaries);
    assert!(boundaries.iter().all(|kernel| *kernel > BEGIN));
}
