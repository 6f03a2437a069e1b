//! Layouts that arrived in a stable update: the table, and the releases on both sides of each boundary.

use swp_pte::{KernelVersion, Release};
use swp_pte_atlas::{Bits, LookupError, STABLE, find, find_release};

use crate::files::record;

#[test]
fn the_updates_are_those_of_the_record() {
    let mut updates = record().stable_updates;
    updates.sort_by(|a, b| (&a.variant, a.series).cmp(&(&b.variant, b.series)));
    let mut rows: Vec<_> = STABLE.iter().collect();
    rows.sort_by_key(|row| (row.variant, row.series));
    assert_eq!(rows.len(), updates.len());
    for (row, update) in rows.iter().zip(&updates) {
        let what = format!("{} {}", update.variant, update.series.0);
        assert_eq!((row.variant, row.series), (update.variant.as_str(), update.series.0), "{what}");
        assert_eq!((row.first, row.after), (update.first, update.after), "{what}");
        assert!(matches!(row.bits, Bits::Of(kernel) if kernel == update.bits.0), "{what}: {:?}", row.bits);
        assert_eq!(row.evidence.grade.name(), update.grade, "{what}");
        assert!(row.evidence.source.len() > 10 && !update.seen.is_empty(), "{what}");
    }
}

#[test]
fn updates_on_both_sides_are_told_apart() {
    for update in record().stable_updates {
        let KernelVersion { major, minor, .. } = update.series.0;
        let source = |stable: u16| {
            let release: Release = format!("{major}.{minor}.{stable}").parse().expect("a release");
            find_release(&update.variant, &release).map(|found| found.row.layout().source)
        };
        let of = |kernel| find(&update.variant, kernel).map(|row| row.layout().source);
        let what = format!("{} {major}.{minor}", update.variant);
        assert_eq!(source(update.first), of(update.bits.0), "{what}.{}", update.first);
        assert_eq!(source(u16::MAX), of(update.bits.0), "{what}: a later one");
        let before = source(update.first - 1);
        match update.after {
            Some(after) => {
                assert_eq!(source(after), of(update.series.0), "{what}.{after}");
                let gap = after + 1 < update.first;
                assert_eq!(matches!(before, Err(LookupError::Uncertain { .. })), gap, "{what}: what lies between");
            }
            // Of the series itself it is not known either.
            None => assert!(matches!(before, Err(LookupError::Uncertain { .. })), "{what}: {before:?}"),
        }
    }
}
