//! The life of one anonymous page through swap, as a model that a program explores to its end.
//!
//! The kernel keeps `PG_anon_exclusive` for a page that belongs to exactly one process, and a bit in the swap PTE, the
//! exclusive marker, remembers it while the page is swapped out. This crate holds what the kernel does with such a page,
//! each step as atomic as its locks make it, and every state that any order of steps can reach is held against what the
//! kernel promises. The swap PTEs are real: a backend of the atlas encodes, marks, clears and decodes them.
//!
//! - [`State`] is what there is; [`Action`] what can be done; [`Event`] what it turns out to be.
//! - [`Promise`] is what must hold in every state, [`Limit`] what the kernel does not promise.
//! - [`Rule`] is a safeguard of the kernel, which can be switched off.
//! - [`Model`] puts these together for a layout, and [`Model::explore`] visits every state.
//! - [`Story`] tells a path, word by word.
//!
//! What a step does is read from `mm/` of Linux 6.1, and each names its function. A lock is not modelled: a step that
//! the kernel takes under the folio lock or the page-table lock is one step here, and between two steps anything may
//! happen, which is more than the kernel allows.

mod action;
mod alike;
mod event;
mod explore;
mod kernel;
mod model;
mod names;
mod pinned;
mod promise;
mod rule;
mod state;
mod story;
mod why;
mod words;

pub use action::Action;
pub use alike::{Unfaithful, markers};
pub use event::{Event, Limit};
pub use explore::{Broken, Findings, Shown, serve};
pub use model::{Bounds, Model, Mutant};
pub use pinned::{Size, pinned_size};
pub use promise::Promise;
pub use rule::{Rule, Rules};
pub use state::{Content, Device, MAX_PAGES, MAX_PROCESSES, MAX_SLOTS, Page, Process, Pte, Reference, Slot, State};
pub use story::Story;
pub use words::Words;
