//! A model that is wrong is noticed: by an event that is not reached any more, by the number of steps, or by a safeguard
//! that seems to be needed no longer.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use swp_pte_atlas::{Row, find};
use swp_pte_lifecycle::{Bounds, Event, Model, Mutant, Promise, Rule, Rules, pinned_size};

/// The first layout that will do, the smallest spaces first.
fn smallest(will_do: impl Fn(&'static Row) -> bool) -> &'static Row {
    let layouts = [("arm64", "6.1"), ("arm64", "6.12"), ("s390", "6.1")];
    let mut rows = layouts.into_iter().map(|(variant, kernel)| find(variant, kernel.parse().unwrap()).unwrap());
    rows.find(|row| will_do(row)).unwrap()
}

#[test]
fn an_event_that_never_happens_is_missed_by_its_name_and_by_the_count() {
    for event in Event::ALL {
        let mut model = Model::new(smallest(|row| Model::new(row).expects(*event)));
        model.mutant = Some(Mutant::Without(*event));
        let findings = model.explore(|_| ());
        assert!(findings.unreached.contains(event), "{}", event.name());
        assert_ne!(Some(findings.size), pinned_size(model.words.row(), Bounds::DEFAULT), "{}", event.name());
    }
}

#[test]
fn a_promise_that_is_never_found_broken_leaves_a_safeguard_without_its_use() {
    for rule in Rule::ALL {
        let row = smallest(|row| rule.applies_to(row));
        let mut model = Model::with(row, Rules::ALL.without(*rule), Bounds::DEFAULT);
        assert!(model.find_broken().broken(rule.protects()).is_some(), "{}", rule.name());
        model.mutant = Some(Mutant::Blind(rule.protects()));
        assert!(model.find_broken().broken(rule.protects()).is_none(), "{}", rule.name());
    }
    assert!(Promise::ALL.iter().all(|promise| Rule::ALL.iter().any(|rule| rule.protects() == *promise)));
}
