//! How far a walk has come, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use swp_pte_walk::Item;

use super::engine::{Engine, Tree};

/// How finely one of the tables is counted.
const STEPS: u64 = 512;

/// By the tables above those of PTEs, each of which is a piece of the address space that is in use: 1 GiB on x86_64.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// The tree and the table that it is in.
    place: Option<(usize, u64)>,
    /// Tables before it.
    before: u64,
    trees: usize,
    name: String,
}

impl Progress {
    /// Of a walk through these trees, which are looked through for their number of tables if somebody is there to see it.
    pub(crate) fn new(engine: &Engine<'_>, trees: &[Tree], name: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        let progress = Self { bar, place: None, before: 0, trees: trees.len(), name: name.to_owned() };
        if !progress.bar.is_hidden() {
            let style = ProgressStyle::with_template("{bar:36} {percent:>3} %, {eta} left{msg}");
            progress.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            progress.say(0);
            progress.bar.set_length(engine.tables_above(trees).max(1) * STEPS);
            progress.bar.tick();
        }
        progress
    }

    fn say(&self, tree: usize) {
        let process = if self.trees > 1 { format!(", process {} of {}", tree + 1, self.trees) } else { String::new() };
        let name = if self.name.is_empty() { String::new() } else { format!(", {}", self.name) };
        self.bar.set_message(process + &name);
    }

    /// The walk has come here.
    pub(crate) fn at<E>(&mut self, tree: usize, of: &Tree, item: &Item<E>) {
        if self.bar.is_hidden() {
            return;
        }
        let (Item::Table { entry, .. } | Item::Entry(entry)) = item else { return };
        if entry.level != 2 {
            return;
        }
        let place = Some((tree, entry.table));
        if place != self.place {
            if self.place.is_some_and(|(before, _)| before != tree) || self.place.is_none() {
                self.say(tree);
            }
            self.before += u64::from(self.place.is_some());
            self.place = place;
        }
        let bytes = of.geometry.table(2).map_or(1, |table| of.geometry.word_bytes << table.index_bits);
        self.bar.set_position(self.before * STEPS + entry.at.wrapping_sub(entry.table) * STEPS / bytes.max(1));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Something of which nobody knows how long it takes: seen until it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting(ProgressBar);

impl Waiting {
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner())).with_message(what);
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self(bar)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
