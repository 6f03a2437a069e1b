//! The bits that hardware or kernel look at in an entry that is not present: mask, name and reason of each, by layout.

use std::collections::BTreeMap;

use swp_pte_atlas::{OLDER, ROWS, rows_of};

use crate::files::{Release, record};

/// A bit that is missing in a layout would be offered to a marker.
#[test]
fn every_reserved_bit_has_its_name_and_reason() {
    let record = record();
    for row in ROWS.iter().chain(OLDER) {
        let (layout, era) = (row.layout(), Release(row.layout().source.kernels.first));
        let what = format!("{} {}", row.variant(), layout.source.kernels);
        let holds = record.reserved.iter().filter(|entry| {
            entry.variants.iter().any(|name| name == row.variant())
                && entry.eras.as_ref().is_none_or(|eras| eras.contains(&era))
        });
        let expected: BTreeMap<u64, _> =
            holds.map(|entry| (entry.bits.iter().fold(0, |mask, bit| mask | 1 << bit), entry)).collect();
        let got: BTreeMap<u64, _> = layout.reserved.iter().map(|reserved| (reserved.bits, reserved)).collect();
        assert_eq!(layout.reserved.len(), got.len(), "{what}: two entries for the same bits");
        assert_eq!(
            got.iter().map(|(bits, reserved)| (*bits, reserved.name)).collect::<Vec<_>>(),
            expected.iter().map(|(bits, entry)| (*bits, entry.name.as_str())).collect::<Vec<_>>(),
            "{what}"
        );
        for (bits, entry) in expected {
            let reason = got[&bits].reason;
            assert!(reason.contains(&entry.says), "{what}, {}: {reason:?} speaks not of {:?}", entry.name, entry.says);
        }
    }
}

#[test]
fn every_entry_of_the_record_is_of_a_layout_and_says_where_it_was_read() {
    for entry in record().reserved {
        assert!(entry.read_in.starts_with("arch/"), "{}: {:?} names no header", entry.name, entry.read_in);
        for variant in &entry.variants {
            let firsts: Vec<_> = rows_of(variant).map(|row| Release(row.layout().source.kernels.first)).collect();
            assert!(!firsts.is_empty(), "{}: no variant {variant}", entry.name);
            for era in entry.eras.iter().flatten() {
                assert!(firsts.contains(era), "{}: {variant} has no era that begins with {}", entry.name, era.0);
            }
        }
    }
}
