//! The promises over the whole space, for one layout of each kind: `cargo xtask lifecycle` visits all layouts.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use swp_pte_atlas::{ROWS, Row, find};
use swp_pte_lifecycle::{Bounds, Event, Findings, Limit, Model, Promise, Story, pinned_size};

fn row(variant: &str, kernel: &str) -> &'static Row {
    find(variant, kernel.parse().unwrap()).unwrap()
}

/// Visits everything.
fn explore<const N: usize>(layouts: [(&str, &str); N]) -> [(&'static Row, Findings); N] {
    layouts.map(|(variant, kernel)| row(variant, kernel)).map(|row| (row, Model::new(row).explore(|_| ())))
}

fn complete(row: &Row, findings: &Findings) {
    assert_eq!(Some(findings.size), pinned_size(row, Bounds::DEFAULT), "{}", row.variant());
    assert_eq!(findings.unreached, [], "{}", row.variant());
    let limits: Vec<Limit> = findings.limits.iter().map(|shown| shown.limit).collect();
    assert_eq!(limits, Limit::ALL, "{}", row.variant());
}

#[test]
fn the_explorer_opens_on_the_promises_and_nothing_else() {
    use stateright::Model as _;

    let shown: Vec<_> = Model::new(row("x86_64", "6.12")).promises_only().properties();
    let names: Vec<_> = shown.iter().map(|property| property.name).collect();
    assert_eq!(names, Promise::ALL.map(Promise::name));
}

#[test]
fn with_the_marker_every_promise_is_kept() {
    for (row, findings) in explore([("x86_64", "6.12"), ("arm64", "6.1"), ("arm64", "6.12"), ("s390", "6.12")]) {
        complete(row, &findings);
        assert!(findings.broken.is_empty(), "{}: {:?}", row.variant(), findings.broken);
    }
}

#[test]
fn before_the_marker_one_promise_is_broken() {
    for (row, findings) in explore([("x86_64", "5.18"), ("arm64", "5.18"), ("s390", "5.18")]) {
        complete(row, &findings);
        let broken: Vec<Promise> = findings.broken.iter().map(|broken| broken.promise).collect();
        assert_eq!(broken, [Promise::NoLostWrite], "{}", row.variant());
    }
}

#[test]
fn the_lost_write_of_2022_has_five_steps_and_no_fork() {
    let before = Model::new(row("x86_64", "5.18"));
    let findings = Model::new(row("x86_64", "5.18")).find_broken();
    let broken = findings.broken(Promise::NoLostWrite).unwrap();
    let story = Story::of(&before, broken);
    let told: Vec<Event> = story.events().collect();
    assert_eq!(told, [Event::GetWrite, Event::AddToSwap, Event::Unmap, Event::SwapInCopied, Event::WriteThrough]);
    assert!(!Promise::NoLostWrite.holds(&before, story.last()));

    // The same steps with the marker: the page comes back as it was.
    let after = Model::new(row("x86_64", "5.19"));
    let story = Story::along(&after, &broken.first, &broken.actions);
    let told: Vec<Event> = story.events().collect();
    assert_eq!(
        told,
        [Event::GetWrite, Event::AddToSwap, Event::UnmapMarked, Event::SwapInByMarker, Event::WriteThrough]
    );
    assert!(!after.is_broken(story.last()));
}

#[test]
fn every_layout_from_before_the_marker_loses_the_write_in_five_steps() {
    for row in ROWS.iter().filter(|row| row.layout().exclusive.is_none()) {
        let findings = Model::new(row).find_broken();
        let broken: Vec<_> = findings.broken.iter().map(|broken| (broken.promise, broken.actions.len())).collect();
        assert_eq!(broken, [(Promise::NoLostWrite, 5)], "{}", row.variant());
    }
}

#[test]
fn every_layout_of_the_atlas_has_its_number_of_states() {
    for row in ROWS {
        assert!(pinned_size(row, Bounds::DEFAULT).is_some_and(|size| size.states > 0), "{}", row.variant());
    }
}

#[test]
fn the_limits_are_reached_by_a_fork() {
    let model = Model::new(row("x86_64", "6.12"));
    let findings = model.find_limits();
    let told: Vec<(Limit, Vec<Event>)> = findings
        .limits
        .iter()
        .map(|shown| (shown.limit, Story::along(&model, &shown.first, &shown.actions).events().collect()))
        .collect();
    assert_eq!(
        told,
        [
            (Limit::ReadGoesStale, vec![Event::ForkShared, Event::GetRead, Event::Copy, Event::Write]),
            (Limit::ForkLosesWrite, vec![Event::GetWrite, Event::ForkShared, Event::Copy]),
        ]
    );
}
