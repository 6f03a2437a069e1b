//! Visiting every state, and what comes of it.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use stateright::{Checker, HasDiscoveries, Model as _};

use crate::{Action, Event, Limit, Model, Promise, Size, State};

/// A promise that does not hold.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// Where the shortest way to break it begins.
    pub first: State,
    /// The steps of that way.
    pub actions: Vec<Action>,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// How much was visited.
    pub size: Size,
    /// Steps from the beginning to the state that is farthest from it.
    pub depth: usize,
    /// The promises that do not hold, in their order. What comes after a broken promise is not followed.
    pub broken: Vec<Broken>,
    /// Events that should be reachable and were not reached.
    pub unreached: Vec<Event>,
    /// What the kernel does not promise and was seen.
    pub limits: Vec<Limit>,
}

impl Findings {
    /// How a promise was broken.
    #[must_use]
    pub fn broken(&self, promise: Promise) -> Option<&Broken> {
        self.broken.iter().find(|broken| broken.promise == promise)
    }
}

impl Model {
    /// Visits every state that can be reached, nearest first. `progress` is told now and then how many states are known.
    #[must_use]
    pub fn explore(self, progress: impl FnMut(usize)) -> Findings {
        self.run(HasDiscoveries::All, progress)
    }

    /// Stops soon after the first promise is broken.
    #[must_use]
    pub fn find_broken(self) -> Findings {
        self.run(HasDiscoveries::AnyFailures, |_| {})
    }

    fn run(self, until: HasDiscoveries, mut progress: impl FnMut(usize)) -> Findings {
        // One thread: the states come in the order of their distance, and counts are the same in every run.
        let checker = self.finding_first().checker().threads(1).finish_when(until).spawn_bfs();
        let checker = {
            let mut checker = checker;
            let handles = checker.handles();
            while !handles.iter().all(std::thread::JoinHandle::is_finished) {
                std::thread::sleep(std::time::Duration::from_millis(2));
                progress(checker.unique_state_count());
            }
            checker
        };
        let discoveries = checker.discoveries();
        let found: BTreeSet<&str> = discoveries.keys().copied().collect();
        let broken = Promise::ALL.into_iter().filter_map(|promise| {
            let mut path = discoveries.get(promise.name())?.clone().into_vec().into_iter();
            let (first, action) = path.next()?;
            let actions = action.into_iter().chain(path.filter_map(|(_, action)| action)).collect();
            Some(Broken { promise, first, actions })
        });
        let model = checker.model();
        let unreached =
            Event::ALL.iter().copied().filter(|event| model.expects(*event) && !found.contains(event.name()));
        Findings {
            size: Size { states: checker.unique_state_count(), steps: checker.state_count() },
            depth: checker.max_depth().saturating_sub(1),
            broken: broken.collect(),
            unreached: unreached.collect(),
            limits: Limit::ALL.into_iter().filter(|limit| found.contains(limit.name())).collect(),
        }
    }
}

/// Serves stateright's explorer until the program is ended.
pub fn serve(model: Model, address: SocketAddr) {
    model.checker().serve(address);
}
