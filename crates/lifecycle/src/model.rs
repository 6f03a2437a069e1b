//! The model for `stateright`: where it begins, what may be tried, what comes of it, what must hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stateright::Property;
use swp_pte::Flag;
use swp_pte_atlas::Row;

use crate::kernel::Step;
use crate::words::present_by_ones;
use crate::{Action, Content, Device, Event, Limit, Promise, Pte, Rule, Rules, State, Words};

/// How large a world is explored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Processes that live at the same time, at most [`MAX_PROCESSES`](crate::MAX_PROCESSES).
    pub processes: usize,
    /// Slots of the swap device, at most [`MAX_SLOTS`](crate::MAX_SLOTS).
    pub slots: usize,
    /// Processes, from the first, whose soft-dirty and uffd-wp user space changes; the others inherit what they inherit.
    pub tracked: usize,
    /// States that are farther than this from the beginning are not visited.
    pub steps: Option<usize>,
}

impl Bounds {
    /// Two processes and one slot: every promise can be broken here.
    pub const DEFAULT: Self = Self { processes: 2, slots: 1, tracked: 1, steps: None };
    /// Three processes and two slots, as far as memory goes. Nobody is tracked, which would multiply the states by what
    /// has nothing to do with their number.
    pub const DEEP: Self = Self { processes: 3, slots: 2, tracked: 0, steps: Some(12) };
}

/// A model that is wrong on purpose, to see that this is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutant {
    /// This never happens.
    Without(Event),
    /// This is never found broken.
    Blind(Promise),
}

/// The life of a page with the words of one layout.
#[derive(Clone, Debug)]
pub struct Model {
    /// The words.
    pub words: Words,
    /// The safeguards in force.
    pub rules: Rules,
    /// The size of the world.
    pub bounds: Bounds,
    /// What is wrong with the model, for its own tests.
    pub mutant: Option<Mutant>,
    /// Whether only the promises are properties, not that each event happens.
    promises_only: bool,
    /// The only device there is, or all.
    device: Option<Device>,
    /// What was found in this run.
    first: Option<Arc<First>>,
}

/// A checker keeps the last state that it finds for a property, and what is wanted is the first, which is the nearest.
/// So a property that was found says nothing more.
#[derive(Debug, Default)]
struct First {
    broken: AtomicU64,
    happened: AtomicU64,
    reached: AtomicU64,
    shown: AtomicU64,
}

const fn bit(number: usize) -> u64 {
    1 << number
}

impl Model {
    /// The model of a layout with all safeguards.
    #[must_use]
    pub fn new(row: &'static Row) -> Self {
        Self::with(row, Rules::ALL, Bounds::DEFAULT)
    }

    /// The model of a layout with some safeguards only, in a world of some size.
    #[must_use]
    pub fn with(row: &'static Row, rules: Rules, bounds: Bounds) -> Self {
        Self {
            words: Words::new(row, rules),
            rules,
            bounds,
            mutant: None,
            promises_only: false,
            device: None,
            first: None,
        }
    }

    /// The same for somebody who looks at it: a property for each promise and none for each event, which would be forty lines
    /// above the first state.
    #[must_use]
    pub fn promises_only(self) -> Self {
        Self { promises_only: true, ..self }
    }

    /// The same with one device or all, for one run of a checker that visits the states in the order of their distance.
    pub(crate) fn finding_first(&self, device: Option<Device>) -> Self {
        Self { device, first: Some(Arc::default()), ..self.clone() }
    }

    /// How many processes, from the first, are not like the others.
    const fn named(&self) -> usize {
        let tracks = self.words.has(Flag::SoftDirty) || self.words.has(Flag::UffdWp);
        if tracks { self.bounds.tracked } else { 0 }
    }

    /// What a process finds at the address: its mapped page, or the one in the swap cache of the slot that it names.
    #[must_use]
    pub fn found(&self, state: &State, p: usize) -> Option<u8> {
        match state.processes.get(p).copied().flatten()?.pte {
            Pte::Present { page, .. } => Some(page),
            Pte::Swap(word) => state.swap_cache(self.words.slot(word)?),
        }
    }

    /// What a process would read; `None` where there is nothing to read.
    #[must_use]
    pub fn sees(&self, state: &State, p: usize) -> Option<Content> {
        if let Some(page) = self.found(state, p) {
            return state.page(page).map(|page| page.content);
        }
        match state.processes.get(p).copied().flatten()?.pte {
            Pte::Present { .. } => None,
            Pte::Swap(word) => state.slots.get(usize::from(self.words.slot(word)?))?.content,
        }
    }

    /// What is in an entry beside the page: soft-dirty and uffd-wp of a mapping or of a swap PTE.
    pub(crate) fn bits(&self, pte: Pte) -> (bool, bool) {
        match pte {
            Pte::Present { soft_dirty, uffd_wp, .. } => (soft_dirty, uffd_wp),
            Pte::Swap(word) => (self.words.is_set(Flag::SoftDirty, word), self.words.is_set(Flag::UffdWp, word)),
        }
    }

    /// Takes a step, with the names of pages and contents as they are.
    #[must_use]
    pub fn step(&self, state: &State, action: Action) -> Option<(Event, State)> {
        let mut step = Step { model: self, state: state.clone() };
        let event = step.take(action).filter(|event| self.mutant != Some(Mutant::Without(*event)))?;
        step.state.settle();
        Some((event, step.state))
    }

    /// Whether a promise is kept.
    #[must_use]
    pub fn keeps(&self, promise: Promise, state: &State) -> bool {
        self.mutant == Some(Mutant::Blind(promise)) || promise.holds(self, state)
    }

    /// Whether the kernel would be at its end here: what comes after a broken promise is not followed.
    #[must_use]
    pub fn is_broken(&self, state: &State) -> bool {
        Promise::ALL.into_iter().any(|promise| !self.keeps(promise, state))
    }

    /// Whether an event must be reachable: it needs no marker that the layout does not have, and nobody to be tracked
    /// where nobody is.
    #[must_use]
    pub fn expects(&self, event: Event) -> bool {
        event.needs().is_none_or(|flag| self.words.has(flag) && (flag == Flag::Exclusive || self.bounds.tracked > 0))
    }

    /// Whether an event can come next.
    #[must_use]
    pub fn can_happen(&self, state: &State, event: Event) -> bool {
        let found = |state| self.events(state) & bit(event as usize) != 0;
        let Some(first) = &self.first else { return found(state) };
        // To try every action for every event in every state would take forty times as long; so nobody looks before it
        // has happened once, nor after it was found.
        let worth = first.happened.load(Ordering::Relaxed) & !first.reached.load(Ordering::Relaxed);
        if worth & bit(event as usize) == 0 || !found(state) {
            return false;
        }
        first.reached.fetch_or(bit(event as usize), Ordering::Relaxed);
        true
    }

    fn events(&self, state: &State) -> u64 {
        let mut actions = Vec::new();
        stateright::Model::actions(self, state, &mut actions);
        actions
            .into_iter()
            .filter_map(|action| self.step(state, action))
            .fold(0, |all, (event, _)| all | bit(event as usize))
    }

    fn first_to_show(&self, state: &State, limit: Limit) -> bool {
        let known = |first: &Arc<First>| first.shown.fetch_or(bit(limit as usize), Ordering::Relaxed);
        self.shows(limit, state) && self.first.as_ref().is_none_or(|first| known(first) & bit(limit as usize) == 0)
    }

    fn never_broken(&self, state: &State, promise: Promise) -> bool {
        if self.keeps(promise, state) {
            return true;
        }
        self.first.as_ref().is_some_and(|first| {
            first.broken.fetch_or(bit(promise as usize), Ordering::Relaxed) & bit(promise as usize) != 0
        })
    }

    /// Whether a state shows what the kernel does not promise.
    #[must_use]
    pub fn shows(&self, limit: Limit, state: &State) -> bool {
        state.reference.is_some_and(|reference| {
            let Some(owner) = reference.owner.map(usize::from) else { return false };
            let content = state.page(reference.page).map(|page| page.content);
            match limit {
                Limit::ReadGoesStale => !reference.pin && !reference.write && self.sees(state, owner) != content,
                Limit::ForkLosesWrite => {
                    let apart = self.found(state, owner) != Some(reference.page);
                    !reference.pin && reference.write && !reference.promised && apart
                }
            }
        })
    }
}

/// `always(NAME, PROMISE)` for each promise: a property is a plain function, so that each needs one of its own.
macro_rules! always {
    ($($promise:ident)*) => {
        vec![$(Property::always(Promise::$promise.name(), |model: &Model, state: &State| {
            model.never_broken(state, Promise::$promise)
        })),*]
    };
}

impl stateright::Model for Model {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        // A checker begins with the last one: the plainest.
        let devices = Device::ALL.into_iter().rev().filter(|device| self.device.is_none_or(|only| only == *device));
        devices.map(|device| State::first(device, self.words.has(Flag::SoftDirty))).collect()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if !self.is_broken(state) {
            Action::possible(state, self.bounds, actions);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let (event, next) = self.step(state, action)?;
        if let Some(first) = &self.first {
            first.happened.fetch_or(bit(event as usize), Ordering::Relaxed);
        }
        Some(next.canonical(self.named()))
    }

    fn format_action(&self, action: &Action) -> String {
        format!("{action:?}")
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = always!(
            NoLostWrite Isolation ExclusiveMeansOne StableWrites PinnedStays WritableMeansExclusive BitsSurvive
        );
        if self.promises_only {
            return properties;
        }
        properties.extend(Event::properties(self));
        properties.push(Property::sometimes(Limit::ReadGoesStale.name(), |model: &Self, state| {
            model.first_to_show(state, Limit::ReadGoesStale)
        }));
        properties.push(Property::sometimes(Limit::ForkLosesWrite.name(), |model: &Self, state| {
            model.first_to_show(state, Limit::ForkLosesWrite)
        }));
        properties
    }
}

impl Rule {
    /// Whether the rule is about where the bits of a layout are, and not about what the kernel does: switched off, it makes
    /// words that are each layout's own.
    #[must_use]
    pub const fn is_about_bits(self) -> bool {
        matches!(self, Self::MarkerOutsideOffset | Self::MarkerOutsidePresent)
    }

    /// Whether the rule means something for a layout: one without the marker cannot lose it.
    #[must_use]
    pub fn applies_to(self, row: &Row) -> bool {
        let has = |flag| row.layout().flag(flag).is_some();
        match self {
            Self::UnmapRemembers
            | Self::UnuseReadsMarker
            | Self::SwapInReuses
            | Self::WritebackLooksForReferences
            | Self::MarkerOutsideOffset
            | Self::ForkClearsParentMarker
            | Self::ForkClearsChildMarker
            | Self::StableWritesDropMarker => has(Flag::Exclusive),
            Self::MarkerOutsidePresent => has(Flag::Exclusive) && present_by_ones(row).is_some(),
            Self::SoftDirtyCarried => has(Flag::SoftDirty),
            Self::UffdWpCarried => has(Flag::UffdWp),
            _ => true,
        }
    }
}
