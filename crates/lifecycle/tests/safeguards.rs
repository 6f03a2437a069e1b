//! Every safeguard is needed: switched off, it breaks the promise that it protects, and no other in fewer steps.

use swp_pte_atlas::{ROWS, Row, newest};
use swp_pte_lifecycle::{Bounds, Findings, Model, Promise, Rule, Rules, Story, markers};

/// Name, promise, and for layouts without and with the marker the steps of the shortest way.
type Expected = (&'static str, &'static str, &'static [(bool, usize)]);

fn without(row: &'static Row, rule: Rule) -> Findings {
    Model::with(row, Rules::ALL.without(rule), Bounds::DEFAULT).find_broken()
}

/// The layouts that a rule is about: one for each choice of markers, which stands for the others, but every one where the
/// rule is about their bits.
fn rows(rule: Rule) -> Vec<&'static Row> {
    let mut rows: Vec<&'static Row> = Vec::new();
    for row in ROWS.iter().filter(|row| rule.applies_to(row)) {
        if rule.is_about_bits() || rows.iter().all(|known| markers(known) != markers(row)) {
            rows.push(row);
        }
    }
    rows
}

#[test]
fn each_breaks_its_promise_on_every_layout() {
    let mut lengths = Vec::new();
    for rule in Rule::ALL {
        let mut found = Vec::new();
        for row in rows(*rule) {
            let findings = without(row, *rule);
            let what = format!("{} without {}", row.variant(), rule.name());
            let steps = findings.broken(rule.protects()).unwrap_or_else(|| panic!("{what}: nothing")).actions.len();
            for other in &findings.broken {
                assert!(other.actions.len() >= steps, "{what}: {} breaks before", other.promise.name());
            }
            found.push((row.layout().exclusive.is_some(), steps));
        }
        found.sort_unstable();
        found.dedup();
        lengths.push((rule.name(), rule.protects().name(), found));
    }
    // Whether the layout has the marker, and the steps of the shortest way.
    let expected: [Expected; 19] = [
        ("unmap-remembers", "no lost write", &[(true, 5)]),
        ("swap-in-reuses", "no lost write", &[(true, 5)]),
        ("unuse-reads-marker", "no lost write", &[(true, 6)]),
        ("writeback-looks-for-references", "no lost write", &[(true, 6)]),
        ("reclaim-looks-for-dirty", "isolation", &[(false, 3), (true, 3)]),
        ("marker-outside-offset", "isolation", &[(true, 2)]),
        ("fork-clears-parent-marker", "exclusive means one", &[(true, 3)]),
        ("fork-clears-child-marker", "exclusive means one", &[(true, 3)]),
        ("fork-clears-exclusive", "exclusive means one", &[(false, 1), (true, 1)]),
        ("reuse-counts-references", "exclusive means one", &[(false, 4), (true, 4)]),
        ("stable-writes-drop-marker", "stable writes", &[(true, 4)]),
        // Without the marker swap-in itself finds the pin, and copies.
        ("unmap-looks-for-pins", "pinned stays", &[(false, 4), (true, 5)]),
        ("fork-looks-for-pins", "pinned stays", &[(false, 3), (true, 3)]),
        ("pin-unshares", "pinned stays", &[(false, 3), (true, 3)]),
        ("fork-write-protects", "writable means exclusive", &[(false, 1), (true, 1)]),
        ("ksm-write-protects", "writable means exclusive", &[(false, 1), (true, 1)]),
        ("marker-outside-present", "writable means exclusive", &[(true, 2)]),
        ("soft-dirty-carried", "bits survive", &[(false, 2), (true, 2)]),
        ("uffd-wp-carried", "bits survive", &[(false, 4), (true, 4)]),
    ];
    assert_eq!(lengths.len(), expected.len());
    for (found, expected) in lengths.iter().zip(expected) {
        assert_eq!((found.0, found.1, &found.2[..]), expected);
    }
}

#[test]
fn a_story_fits_in_a_hundred_columns_and_ends_where_the_promise_breaks() {
    for rule in Rule::ALL {
        for row in rows(*rule) {
            let findings = without(row, *rule);
            let model = Model::with(row, Rules::ALL.without(*rule), Bounds::DEFAULT);
            for broken in &findings.broken {
                let story = Story::of(&model, broken);
                assert_eq!(story.events().count(), broken.actions.len());
                assert!(!broken.promise.holds(&model, story.last()), "{}: {story}", rule.name());
                let text = story.to_string();
                let reasons = text.lines().rev().take_while(|line| !line.starts_with("    ✗")).count();
                assert!(reasons > 0, "{}: does not say why\n{text}", rule.name());
                for line in text.lines() {
                    assert!(line.chars().count() <= 100, "{} {}: {line}", row.variant(), rule.name());
                }
            }
        }
    }
}

#[test]
fn every_promise_has_a_safeguard_and_every_rule_a_name_of_its_own() {
    for promise in Promise::ALL {
        assert!(Rule::ALL.iter().any(|rule| rule.protects() == promise), "{}", promise.name());
    }
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
}

#[test]
fn a_misplaced_marker_is_found_in_the_newest_x86_64() {
    let row = newest("x86_64").unwrap();
    let findings = without(row, Rule::MarkerOutsideOffset);
    let model = Model::with(row, Rules::ALL.without(Rule::MarkerOutsideOffset), Bounds::DEFAULT);
    let broken = findings.broken(Promise::Isolation).unwrap();
    let story = Story::of(&model, broken);
    assert_eq!(model.sees(story.last(), 0), None, "{story}");
}
