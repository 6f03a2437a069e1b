//! Visiting every state, and what comes of it.

use std::net::SocketAddr;

use rayon::prelude::*;
use stateright::{Checker, HasDiscoveries, Model as _, Path};

use crate::{Action, Device, Event, Limit, Model, Promise, Size, State};

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

/// What the kernel does not promise, seen.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What.
    pub limit: Limit,
    /// Where the shortest way there begins.
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
    pub limits: Vec<Shown>,
}

impl Findings {
    /// How a promise was broken.
    #[must_use]
    pub fn broken(&self, promise: Promise) -> Option<&Broken> {
        self.broken.iter().find(|broken| broken.promise == promise)
    }
}

impl Model {
    /// Visits every state that can be reached, nearest first. `progress` is told now and then how many more are known.
    ///
    /// A device never changes, so that each is a world of its own, and they are visited side by side.
    #[must_use]
    pub fn explore(&self, progress: impl Fn(usize) + Sync) -> Findings {
        let world = |device: &Device| self.finding_first(Some(*device)).run(HasDiscoveries::All, &progress);
        Findings::all(&Device::ALL.par_iter().map(world).collect::<Vec<_>>())
    }

    /// Stops soon after the first promise is broken, with whatever device.
    #[must_use]
    pub fn find_broken(&self) -> Findings {
        self.finding_first(None).run(HasDiscoveries::AnyFailures, |_| {})
    }

    /// Stops soon after everything was seen that the kernel does not promise.
    #[must_use]
    pub fn find_limits(&self) -> Findings {
        self.finding_first(None).run(HasDiscoveries::AllOf(Limit::ALL.map(Limit::name).into()), |_| {})
    }

    fn run(self, until: HasDiscoveries, progress: impl Fn(usize)) -> Findings {
        // One thread: the states come in the order of their distance, and counts are the same in every run.
        let steps = self.bounds.steps;
        let builder = self.checker().threads(1).finish_when(until);
        // stateright counts the states on the way, the first included.
        let builder = if let Some(steps) = steps { builder.target_max_depth(steps + 1) } else { builder };
        let mut checker = builder.spawn_bfs();
        let handles = checker.handles();
        let mut known = 0;
        while !handles.iter().all(std::thread::JoinHandle::is_finished) {
            std::thread::sleep(std::time::Duration::from_millis(2));
            let states = checker.unique_state_count();
            progress(states - known);
            known = states;
        }
        let mut discoveries = checker.discoveries();
        let model = checker.model();
        let unreached = Event::ALL.iter().copied();
        let unreached = unreached.filter(|event| model.expects(*event) && !discoveries.contains_key(event.name()));
        let unreached = unreached.collect();
        let mut way = |name| discoveries.remove(name).and_then(|path| model.way(path));
        let broken = Promise::ALL
            .into_iter()
            .filter_map(|promise| way(promise.name()).map(|(first, actions)| Broken { promise, first, actions }));
        let broken = broken.collect();
        let limits = Limit::ALL
            .into_iter()
            .filter_map(|limit| way(limit.name()).map(|(first, actions)| Shown { limit, first, actions }));
        Findings {
            size: Size { states: checker.unique_state_count(), steps: checker.state_count() },
            depth: checker.max_depth().saturating_sub(1),
            broken,
            unreached,
            limits: limits.collect(),
        }
    }

    /// The steps of a path, with names that stay: in the path, process 0 may be another one after each step.
    fn way(&self, path: Path<State, Action>) -> Option<(State, Vec<Action>)> {
        let mut path = path.into_vec().into_iter().map(|(state, _)| state);
        let first = path.next()?;
        let (mut state, mut way) = (first.clone(), Vec::new());
        for next in path {
            let mut actions = Vec::new();
            self.actions(&state, &mut actions);
            let step = |action| self.step(&state, action).map(|(_, state)| (action, state));
            let (action, reached) = actions.into_iter().filter_map(step).find(|(_, reached)| reached.is_like(&next))?;
            way.push(action);
            state = reached;
        }
        Some((first, way))
    }
}

impl Findings {
    /// What was found in several worlds: of ways to the same the shortest, and in the plainest world.
    fn all(worlds: &[Self]) -> Self {
        let size = |size: fn(&Size) -> usize| worlds.iter().map(|world| size(&world.size)).sum();
        let nowhere = |event: &Event| worlds.iter().all(|world| world.unreached.contains(event));
        let broken = |promise| {
            let ways = worlds.iter().filter_map(|world| world.broken(promise));
            ways.min_by_key(|broken| broken.actions.len()).cloned()
        };
        let shown = |limit| {
            let ways = worlds.iter().flat_map(|world| &world.limits).filter(|shown| shown.limit == limit);
            ways.min_by_key(|shown| shown.actions.len()).cloned()
        };
        Self {
            size: Size { states: size(|size| size.states), steps: size(|size| size.steps) },
            depth: worlds.iter().map(|world| world.depth).max().unwrap_or(0),
            broken: Promise::ALL.into_iter().filter_map(broken).collect(),
            unreached: Event::ALL.iter().copied().filter(nowhere).collect(),
            limits: Limit::ALL.into_iter().filter_map(shown).collect(),
        }
    }
}

/// Serves stateright's explorer until the program is ended.
pub fn serve(model: Model, address: SocketAddr) {
    model.checker().serve(address);
}
