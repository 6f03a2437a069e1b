//! A model that is wrong is noticed: by an event that is not reached any more, by the number of steps, or by a safeguard
//! that seems to be needed no longer.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::sync::Mutex;
use std::thread;

use swp_pte_atlas::find;
use swp_pte_lifecycle::{Bounds, Event, Model, Mutant, Promise, Rule, Rules, pinned_size};

/// The smallest space in which the event must happen.
fn model(event: Event) -> Model {
    let layouts = [("arm64", "6.1"), ("arm64", "6.12"), ("s390", "6.1")];
    let models = layouts.map(|(variant, kernel)| Model::new(find(variant, kernel.parse().unwrap()).unwrap()));
    models.into_iter().find(|model| model.expects(event)).unwrap()
}

#[test]
fn an_event_that_never_happens_is_missed_by_its_name_and_by_the_count() {
    let left = Mutex::new(Event::ALL.iter());
    let work = || {
        loop {
            let Some(event) = left.lock().unwrap().next() else { return };
            let mut model = model(*event);
            model.mutant = Some(Mutant::Without(*event));
            let pinned = pinned_size(model.words.row(), Bounds::DEFAULT).unwrap();
            let findings = model.explore(|_| ());
            assert!(findings.unreached.contains(event), "{}", event.name());
            assert_ne!(findings.size, pinned, "{}", event.name());
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}

#[test]
fn a_promise_that_is_never_found_broken_leaves_a_safeguard_without_its_use() {
    let row = find("x86_64", "6.12".parse().unwrap()).unwrap();
    for promise in Promise::ALL {
        let rules = Rule::ALL.iter().filter(|rule| rule.protects() == promise);
        for rule in rules {
            let mut model = Model::with(row, Rules::ALL.without(*rule), Bounds::DEFAULT);
            model.mutant = Some(Mutant::Blind(promise));
            assert!(model.find_broken().broken(promise).is_none(), "{}", rule.name());
        }
    }
}
