//! A path through the model, told: each step with the words in hex, decoded and drawn, the flags of the pages, and what
//! the processes and the reference see.

use core::fmt::{Display, Formatter, Result, Write};

use swp_pte::{Claim, Flag, Layout, PteKind};

use crate::state::letter;
use crate::why::why;
use crate::{Action, Broken, Event, Model, Page, Promise, Pte, Reference, State};

/// The way to a broken promise. Prints at most 100 columns wide.
#[derive(Debug)]
pub struct Story<'a> {
    model: &'a Model,
    first: State,
    steps: Vec<(Action, Event, State)>,
    promise: Option<Promise>,
}

impl<'a> Story<'a> {
    /// Takes the steps again, this time with names that stay: page A is the same page from its first step to its last.
    #[must_use]
    pub fn of(model: &'a Model, broken: &Broken) -> Self {
        Self { promise: Some(broken.promise), ..Self::along(model, &broken.first, &broken.actions) }
    }

    /// The story of steps from a state, as far as they can be taken.
    #[must_use]
    pub fn along(model: &'a Model, first: &State, actions: &[Action]) -> Self {
        let mut state = first.clone();
        let mut steps = Vec::new();
        for action in actions {
            let Some((event, next)) = model.step(&state, *action) else { break };
            state = next.clone();
            steps.push((*action, event, next));
        }
        Self { model, first: first.clone(), steps, promise: None }
    }

    /// What happened, step by step.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        self.steps.iter().map(|(_, event, _)| *event)
    }

    /// The state after the last step.
    #[must_use]
    pub fn last(&self) -> &State {
        self.steps.last().map_or(&self.first, |(_, _, state)| state)
    }

    fn state(&self, f: &mut Formatter<'_>, state: &State, before: Option<&State>) -> Result {
        for (p, process) in state.living() {
            let sees =
                self.model.sees(state, p).map_or_else(|| "nothing".into(), |content| format!("content {content}"));
            let entry = match process.pte {
                Pte::Present { page, writable, soft_dirty, uffd_wp } => {
                    let mut text = format!("present, page {}", letter(page));
                    text.push_str(if writable { ", writable" } else { ", read-only" });
                    text.push_str(if soft_dirty { ", soft-dirty" } else { "" });
                    text.push_str(if uffd_wp { ", uffd-wp" } else { "" });
                    text
                }
                Pte::Swap(word) => self.word(word),
            };
            writeln!(f, "    process {p} {entry}; sees {sees}")?;
            let known =
                before.is_some_and(|before| before.living().any(|(_, process)| process.pte == state_pte(state, p)));
            if let Pte::Swap(word) = process.pte
                && !known
            {
                draw(f, self.model.words.row().layout(), word)?;
            }
        }
        for (index, page) in state.pages.iter().enumerate() {
            if let (Some(page), Ok(number)) = (page, u8::try_from(index)) {
                writeln!(f, "    page {}    {}", letter(number), flags(state, number, page))?;
            }
        }
        for (index, slot) in state.slots.iter().enumerate().filter(|(_, slot)| slot.count > 0) {
            let content = slot.content.map_or_else(|| "nothing of use".into(), |content| format!("content {content}"));
            writeln!(f, "    slot {index}    named by {}, holds {content}", entries(slot.count))?;
        }
        if let Some(reference) = state.reference {
            writeln!(f, "    reference {}", held(state, reference))?;
        }
        Ok(())
    }

    /// A swap PTE in hex and decoded.
    fn word(&self, bits: u64) -> String {
        let words = self.model.words;
        let digits = usize::try_from(words.row().layout().width / 4).unwrap_or_default();
        let mut text = format!("{bits:#0width$x}", width = digits + 2);
        match words.word(bits).map(swp_pte_atlas::Word::decode) {
            Some(Ok(entry)) => {
                let _ = write!(text, ", type {} offset {:#x}", entry.swp_type().get(), entry.offset().get());
            }
            Some(Err(_)) => {
                let kind = words.word(bits).map(swp_pte_atlas::Word::kind);
                let _ =
                    write!(text, ", {}", if kind == Some(PteKind::Present) { "reads as present" } else { "no entry" });
            }
            None => {}
        }
        for flag in Flag::ALL.into_iter().filter(|flag| words.is_set(*flag, bits)) {
            let _ = write!(text, ", {}", flag.name());
        }
        text
    }
}

fn state_pte(state: &State, p: usize) -> Pte {
    state.processes[p].map_or(Pte::Swap(0), |process| process.pte)
}

fn entries(count: u8) -> String {
    if count == 1 { "one entry".into() } else { format!("{count} entries") }
}

fn flags(state: &State, number: u8, page: &Page) -> String {
    let mut text = format!("content {}", page.content);
    for (set, name) in [
        (page.exclusive, "exclusive"),
        (page.ksm, "KSM"),
        (page.dirty, "dirty"),
        (page.writeback, "writeback"),
        (page.slot.is_some(), "swap cache"),
    ] {
        if set {
            let _ = write!(text, ", {name}");
        }
    }
    let _ = write!(text, "; references {}, mapped {}", state.ref_count(number), state.map_count(number));
    text
}

fn held(state: &State, reference: Reference) -> String {
    let kind = if reference.pin { "FOLL_PIN" } else { "FOLL_GET" };
    let write = if reference.write { " | FOLL_WRITE" } else { "" };
    let content = state.page(reference.page).map_or(0, |page| page.content);
    format!("{kind}{write} on page {}; sees content {content}", letter(reference.page))
}

/// Who takes a step, and in which function of the kernel.
fn who(action: Action, event: Event) -> String {
    let function = event.function();
    match action {
        Action::Write(p) => format!("process {p}"),
        Action::Fault { p, write, .. } => format!("process {p} {}, {function}", if write { "writes" } else { "reads" }),
        Action::KsmFault { p, .. }
        | Action::Unshare(p)
        | Action::Fork(p)
        | Action::Gup { p, .. }
        | Action::AddToSwap(p)
        | Action::Unmap(p)
        | Action::Unuse { p, .. }
        | Action::KsmShare(p)
        | Action::ClearSoftDirty(p)
        | Action::Uffd { p, .. }
        | Action::Exit(p) => format!("process {p}, {function}"),
        _ => function.into(),
    }
}

/// The word as cells: bits, names, values. Neighbours of one claim share a cell.
fn draw(f: &mut Formatter<'_>, layout: &Layout<'_>, word: u64) -> Result {
    let mut cells: Vec<[String; 3]> = Vec::new();
    let mut high = layout.width;
    while let Some(top) = high.checked_sub(1) {
        let claim = layout.claim(top);
        let low = (0..=top).rev().take_while(|bit| layout.claim(*bit) == claim).last().unwrap_or(top);
        let value = (word >> low) & (u64::MAX >> (63 - (top - low)));
        let bits = if top == low { format!("{top}") } else { format!("{top}-{low}") };
        let tilde = |inverted: bool| if inverted { "~" } else { "" };
        let name = match claim {
            Claim::Type => format!("{}type", tilde(layout.swp_type.is_inverted())),
            Claim::Offset => format!("{}offset", tilde(layout.swp_offset.is_inverted())),
            Claim::Flag(Flag::Exclusive) => "E".into(),
            Claim::Flag(Flag::SoftDirty) => "SD".into(),
            Claim::Flag(Flag::UffdWp) => "WP".into(),
            Claim::Reserved(_) => "r".into(),
            Claim::Unused => "-".into(),
        };
        let value = if value < 10 { format!("{value}") } else { format!("{value:#x}") };
        cells.push([bits, name, value]);
        high = low;
    }
    let widths: Vec<usize> = cells.iter().map(|cell| cell.iter().map(String::len).max().unwrap_or(0)).collect();
    let rule = |left: &str, middle: &str, right: &str| {
        let bars: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        format!("{left}{}{right}", bars.join(middle))
    };
    let row = |index: usize, bar: &str| {
        let texts: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{:^width$}", cell[index])).collect();
        format!("{bar}{}{bar}", texts.join(bar))
    };
    for line in [row(0, " "), rule("┌", "┬", "┐"), row(1, "│"), row(2, "│"), rule("└", "┴", "┘")] {
        writeln!(f, "              {}", line.trim_end())?;
    }
    Ok(())
}

impl Display for Story<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let device = self.first.device;
        let stable = if device.stable_writes { "needs stable pages" } else { "takes pages that change" };
        let cache = if device.synchronous { "reads past the swap cache" } else { "reads through the swap cache" };
        writeln!(f, " 0  a fresh page; the swap device {stable} and {cache}")?;
        self.state(f, &self.first, None)?;
        let mut before = &self.first;
        for (number, (action, event, state)) in self.steps.iter().enumerate() {
            writeln!(f, "{:2}  {}: {}", number + 1, who(*action, *event), event.text())?;
            self.state(f, state, Some(before))?;
            before = state;
        }
        let Some(promise) = self.promise else { return Ok(()) };
        writeln!(f, "    ✗ {}", promise.name())?;
        for line in why(promise, self.model, self.last()) {
            writeln!(f, "      {line}")?;
        }
        Ok(())
    }
}
