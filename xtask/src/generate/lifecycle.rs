//! The generated parts of `docs/life-cycle.md`: stories and tables as the model finds them.

use std::fmt::Write;

use anyhow::{Context, Result};
use swp_pte_atlas::{ROWS, Row, find};
use swp_pte_lifecycle::{Action, Bounds, Event, Findings, Limit, Model, Promise, Rule, Rules, Story, pinned_size};

use super::replace;

/// The page with everything between its marks as the model has it.
pub(super) fn page(text: &str) -> Result<String> {
    let (before, after) = (row("5.18")?, row("6.12")?);
    let lost = Model::new(before).find_broken();
    let lost = lost.broken(Promise::NoLostWrite).context("a layout without the marker loses no write")?;
    let (without, with) = (Model::new(before), Model::new(after));
    let states = pinned_size(before, Bounds::DEFAULT).context("no pinned size")?.states;
    let mut text = replace(text, "before-states", &thousands(states))?;
    for (name, part) in [
        ("lost-write", story(&Story::of(&without, lost))),
        ("cure", story(&Story::along(&with, &lost.first, &lost.actions))),
        ("read-goes-stale", limit(after, Limit::ReadGoesStale, &[])?),
        // The way ends where the reference and its process are apart; what the driver writes then is the point.
        ("fork-loses-write", limit(after, Limit::ForkLosesWrite, &[Action::WriteThrough])?),
        ("promises", promises()),
        ("rules", rules(before, after)),
        ("events", events()),
        ("sizes", sizes()),
    ] {
        text = replace(&text, name, &part)?;
    }
    Ok(text)
}

fn row(kernel: &str) -> Result<&'static Row> {
    Ok(find("x86_64", kernel.parse()?)?)
}

fn story(story: &Story<'_>) -> String {
    format!("```text\n{story}```\n")
}

/// The shortest way to what the kernel does not promise, and steps after it.
fn limit(row: &'static Row, limit: Limit, then: &[Action]) -> Result<String> {
    let model = Model::new(row);
    let findings = model.find_limits();
    let shown = findings.limits.iter().find(|shown| shown.limit == limit).context("a limit that is not reached")?;
    let actions = [&shown.actions[..], then].concat();
    Ok(story(&Story::along(&model, &shown.first, &actions)))
}

fn promises() -> String {
    let mut table = String::from("| promise | what it says | kept by |\n|---|---|---|\n");
    for promise in Promise::ALL {
        let _ = writeln!(
            table,
            "| {} | {} | {} |",
            promise.name(),
            promise.text().replace('|', "\\|"),
            code(promise.functions())
        );
    }
    table
}

/// Names of functions, each as code.
fn code(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn rules(before: &'static Row, after: &'static Row) -> String {
    let mut table = String::from(
        "| rule | kernel function | what it says | promise | steps before | steps after |\n|---|---|---|---|---|---|\n",
    );
    for rule in Rule::ALL {
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} | {} | {} |",
            rule.name(),
            if rule.function() == "the layout" { rule.function().into() } else { code(&[rule.function()]) },
            rule.text(),
            rule.protects().name(),
            steps(before, *rule),
            steps(after, *rule),
        );
    }
    table
}

/// The shortest way to the promise that a rule protects, without the rule.
fn steps(row: &'static Row, rule: Rule) -> String {
    if !rule.applies_to(row) {
        return "-".into();
    }
    let findings: Findings = Model::with(row, Rules::ALL.without(rule), Bounds::DEFAULT).find_broken();
    findings.broken(rule.protects()).map_or_else(|| "none".into(), |broken| broken.actions.len().to_string())
}

fn events() -> String {
    let mut table = String::from("| who | what happens | needs |\n|---|---|---|\n");
    for event in Event::ALL {
        let needs = event.needs().map_or("", |flag| flag.name());
        let _ = writeln!(table, "| `{}` | {} | {needs} |", event.function(), event.text().replace('|', "\\|"));
    }
    table
}

/// One line for each kind of layout.
fn sizes() -> String {
    let mut table = String::from("| markers | layouts | states | steps |\n|---|---|---|---|\n");
    let mut kinds: Vec<(String, usize, &Row)> = Vec::new();
    for row in ROWS {
        let layout = row.layout();
        let names: Vec<&str> =
            swp_pte_atlas::Flag::ALL.into_iter().filter_map(|flag| layout.flag(flag).map(|_| flag.name())).collect();
        let kind = if names.is_empty() { "none".into() } else { names.join(", ") };
        match kinds.iter_mut().find(|(known, _, _)| *known == kind) {
            Some((_, count, _)) => *count += 1,
            None => kinds.push((kind, 1, row)),
        }
    }
    for (kind, count, row) in kinds {
        if let Some(size) = pinned_size(row, Bounds::DEFAULT) {
            let _ = writeln!(table, "| {kind} | {count} | {} | {} |", thousands(size.states), thousands(size.steps));
        }
    }
    table
}

/// A number with commas.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
