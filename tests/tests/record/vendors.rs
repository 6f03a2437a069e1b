//! Vendors' kernels: the ranges of builds, and what releases inside of them have.

use swp_pte::{KernelOption, Release, SwpType};
use swp_pte_atlas::{Assumption, Bits, Evidence, Found, SoftleafType, VENDORS, find, find_release};

use crate::files::{VendorRange, record};
use crate::layouts::same;
use crate::swap_types::meaning;

fn what(range: &VendorRange) -> String {
    format!("{} {} from {}", range.vendor, range.series.0, range.first.as_deref().unwrap_or("the first"))
}

/// The number without the zeros that end it, or nothing for the first build of all.
fn build(build: swp_pte::Build) -> Option<String> {
    (build != swp_pte::Build::default()).then(|| build.to_string())
}

#[test]
fn the_ranges_are_those_of_the_record() {
    let ranges = record().vendor_ranges;
    assert_eq!(VENDORS.len(), ranges.len());
    for (row, range) in VENDORS.iter().zip(&ranges) {
        let what = what(range);
        assert_eq!((row.vendor.name(), row.series), (range.vendor.as_str(), range.series.0), "{what}");
        let ends = [Some(row.first), row.end, row.known_from, row.known_to].map(|end| end.and_then(build));
        let said = [&range.first, &range.end, &range.known_from, &range.known_to].map(Clone::clone);
        assert_eq!(ends, said, "{what}");
        assert_eq!(row.entries_of, range.entries.unwrap_or(range.series).0, "{what}");
        assert_eq!(row.variants, range.variants, "{what}");
        match (row.bits, &range.own) {
            (Bits::Series, None) => assert_eq!(Some(row.series), range.bits.map(|bits| bits.0), "{what}"),
            (Bits::Of(kernel), None) => assert_eq!(Some(kernel), range.bits.map(|bits| bits.0), "{what}"),
            (Bits::Row(row), Some(own)) => {
                assert!(range.bits.is_none(), "{what}: bits of its own, and of a release");
                same(own, row.layout(), &what);
                assert_eq!(own.first, range.series, "{what}");
                assert_eq!(row.layout().swp_offset.is_inverted(), range.bits_source.contains('~'), "{what}");
            }
            (other, _) => panic!("{what}: {other:?}"),
        }
        let grade = |evidence: Option<Evidence>| evidence.map(|evidence| evidence.grade.name());
        assert_eq!(grade(row.bits_from), Some(range.bits_grade.as_str()), "{what}");
        assert_eq!(grade(row.types_from), range.types_grade.as_deref(), "{what}");
        assert_eq!(range.types_grade.is_some(), range.types_source.is_some(), "{what}");
        for evidence in [row.bits_from, row.types_from].into_iter().flatten() {
            assert!(evidence.source.len() > 10, "{what}: {evidence:?} names no place");
        }
        assert!(!range.bits_source.is_empty(), "{what}");
        let stock: Vec<_> =
            row.stock.iter().map(|one| (format!("CONFIG_{}", one.option), one.on, one.variants.to_vec())).collect();
        let said: Vec<_> = range
            .stock
            .iter()
            .map(|one| (one.option.clone(), one.on, one.variants.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(stock, said, "{what}");
        assert!(range.stock.iter().all(|one| !one.read_in.is_empty()), "{what}");
    }
}

/// The types with everything on that is not spoken of, but for some options.
fn types(found: &Found, off: &[KernelOption]) -> Vec<SoftleafType> {
    let said = |option| Some(option != KernelOption::Userswap && !off.contains(&option));
    let types = found.swap_types(said, None);
    let numbers = (0..=SwpType::MAX.get()).filter_map(|number| SwpType::new(number).ok());
    numbers.map(|number| types.meaning(number)).collect()
}

#[test]
fn releases_inside_have_the_bits_and_types_of_the_record() {
    let record = record();
    for range in &record.vendor_ranges {
        assert!(!range.inside.is_empty(), "{}", what(range));
        for (release, variant) in
            range.inside.iter().flat_map(|release| range.variants.iter().map(move |one| (release, one)))
        {
            let what = format!("{variant} {release}");
            let read: Release = release.parse().unwrap_or_else(|_| panic!("{release} is a release"));
            let found = find_release(variant, &read).unwrap_or_else(|error| panic!("{what}: {error}"));
            match &range.own {
                Some(own) => same(own, found.row.layout(), &what),
                None => {
                    let bits = range.bits.expect("a release with the same bits").0;
                    let like = find(variant, bits).expect("a release of the record");
                    assert_eq!(found.row.layout().source, like.layout().source, "{what}: bits");
                }
            }
            let Some(grade) = &range.types_grade else {
                let assumed = found.assumed.iter().next();
                assert!(matches!(assumed, Some(Assumption::Types { .. })), "{what}: {}", found.assumed);
                continue;
            };
            assert_eq!(found.types_from.grade.name(), grade, "{what}");
            assert!(found.assumed.is_empty(), "{what}: {}", found.assumed);
            let expected = |skip: &str| {
                let above: Vec<_> = range.types.iter().filter(|name| *name != skip).map(|name| meaning(name)).collect();
                std::iter::repeat_n(SoftleafType::Swap, 32 - above.len()).chain(above).collect::<Vec<_>>()
            };
            assert_eq!(types(&found, &[]), expected(""), "{what}: types");
            let without = if range.marker_is_an_option { "SWP_PTE_MARKER" } else { "" };
            assert_eq!(
                types(&found, &[KernelOption::PteMarker]),
                expected(without),
                "{what}: types without PTE_MARKER"
            );
            let all = found.swap_types(|_| Some(true), None);
            assert_eq!((all.marker_mask(), all.divides_offset()), (range.marker_mask, range.divides_offset), "{what}");
            let top = SwpType::new(31).map(|top| all.meaning(top));
            assert_eq!(top, Ok(SoftleafType::Userswap), "{what}: USERSWAP takes the topmost type");
        }
    }
}

/// The builds on both sides of a boundary are told apart.
#[test]
fn ranges_of_a_series_follow_each_other() {
    for two in record().vendor_ranges.windows(2) {
        let [before, after] = two else { continue };
        if (&before.vendor, before.series, &before.variants) == (&after.vendor, after.series, &after.variants) {
            if !after.after_a_gap {
                assert_eq!(before.end, after.first, "{}", what(after));
            }
        } else {
            let flavours = before.vendor == "Ubuntu";
            assert!(
                (flavours || before.end.is_none()) && (after.first.is_none() || after.after_a_gap),
                "{}",
                what(after)
            );
        }
    }
}
