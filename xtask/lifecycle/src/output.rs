//! What a run of the life cycle prints: tables and stories for people, an object for programs.

use std::io::IsTerminal;

use anyhow::Result;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, presets};
use serde_json::json;
use swp_pte::Flag;
use swp_pte_atlas::Row;
use swp_pte_lifecycle::{Broken, Rule, Story, markers};

use super::{Expected, Run};

fn new_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.iter().copied());
    table
}

fn right(text: impl ToString) -> Cell {
    Cell::new(text.to_string()).set_alignment(CellAlignment::Right)
}

fn verdict(run: &Run) -> Cell {
    match run.complaint() {
        Some(complaint) => Cell::new(format!("WRONG: {complaint}")).fg(Color::Red),
        None => match run.expected {
            Expected::Nothing => Cell::new("keeps all promises").fg(Color::Green),
            _ => Cell::new("as expected").fg(Color::Green),
        },
    }
}

/// The broken promises, each with the length of the shortest way to it.
fn broken(run: &Run) -> String {
    let texts: Vec<String> = run.findings.broken.iter().map(text).collect();
    if texts.is_empty() { "-".into() } else { texts.join("\n") }
}

fn text(broken: &Broken) -> String {
    let steps = broken.actions.len();
    format!("{} ({steps} step{})", broken.promise.name(), if steps == 1 { "" } else { "s" })
}

fn steps(count: usize) -> String {
    if count == 1 { "1 step".into() } else { format!("{count} steps") }
}

pub(super) fn tables(runs: &[Run], trace: bool) {
    let (whole, without): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| run.without.is_empty());
    if !whole.is_empty() {
        let mut table = new_table(&["layouts", "markers", "states", "steps", "depth", "broken", "verdict"]);
        for run in &whole {
            table.add_row([
                Cell::new(layouts(run)),
                Cell::new(marker_names(run.row)),
                right(run.findings.size.states),
                right(run.findings.size.steps),
                right(run.findings.depth),
                Cell::new(broken(run)),
                verdict(run),
            ]);
        }
        println!("{table}");
    }
    if !without.is_empty() {
        safeguards(&without);
    }
    if trace {
        for run in runs.iter().filter(|run| !run.findings.broken.is_empty()) {
            tell(run);
        }
        whole.iter().for_each(|run| tell_limits(run));
    }
    let wrong = runs.iter().filter(|run| run.complaint().is_some()).count();
    let states: usize = whole.iter().map(|run| run.findings.size.states).sum();
    let layouts: usize = whole.iter().map(|run| run.stands_for.len()).sum();
    println!(
        "lifecycle: {layouts} layouts in {} spaces, {states} states; {} runs without a safeguard; {wrong} wrong",
        whole.len(),
        without.len()
    );
}

/// The layouts that a run is of, each variant once with the kernels of its layouts.
fn layouts(run: &Run) -> String {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for row in &run.stands_for {
        let kernels = format!("{:#}", row.layout().source.kernels);
        match lines.last_mut().filter(|(variant, _)| *variant == row.variant()) {
            Some((_, of_variant)) => of_variant.push(kernels),
            None => lines.push((row.variant(), vec![kernels])),
        }
    }
    lines.iter().map(|(variant, kernels)| format!("{variant} {}", kernels.join(", "))).collect::<Vec<_>>().join("\n")
}

/// The markers that a layout has.
fn marker_names(row: &Row) -> String {
    let names = Flag::ALL.into_iter().zip(markers(row)).filter(|(_, has)| *has).map(|(flag, _)| flag.name());
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".into() } else { names.join("\n") }
}

/// A line for each safeguard, over all layouts.
fn safeguards(runs: &[&Run]) {
    let mut table = new_table(&["without", "kernel function", "breaks", "steps", "layouts", "verdict"]);
    let mut sets: Vec<&[Rule]> = Vec::new();
    for run in runs.iter().filter(|run| !sets.contains(&&run.without[..])).copied().collect::<Vec<_>>() {
        if !sets.contains(&&run.without[..]) {
            sets.push(&run.without);
        }
    }
    for set in sets {
        let same: Vec<&&Run> = runs.iter().filter(|run| run.without == set).collect();
        let Some(shown) = same.iter().copied().find(|run| run.complaint().is_some()).or(same.first().copied()) else {
            continue;
        };
        let names: Vec<&str> = set.iter().map(|rule| rule.name()).collect();
        let functions: Vec<&str> = set.iter().map(|rule| rule.function()).collect();
        let promise = match shown.expected {
            Expected::Broken(promise) => promise.name().to_owned(),
            _ => broken(shown),
        };
        let lengths = same.iter().filter_map(|run| match run.expected {
            Expected::Broken(promise) => run.findings.broken(promise).map(|broken| broken.actions.len()),
            _ => run.findings.broken.iter().map(|broken| broken.actions.len()).min(),
        });
        let lengths: std::collections::BTreeSet<usize> = lengths.collect();
        let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
        table.add_row([
            Cell::new(names.join("\n")),
            Cell::new(functions.join("\n")),
            Cell::new(promise),
            right(lengths.join(", ")),
            right(same.iter().map(|run| run.stands_for.len()).sum::<usize>()),
            verdict(shown),
        ]);
    }
    println!("{table}");
}

/// The story of the promise that the run is about, or of the first that broke.
fn tell(run: &Run) {
    let wanted = match run.expected {
        Expected::Broken(promise) => run.findings.broken(promise),
        _ => None,
    };
    let Some(broken) = wanted.or(run.findings.broken.first()) else { return };
    let source = &run.row.layout().source;
    let names: Vec<&str> = run.without.iter().map(|rule| rule.name()).collect();
    let without = if names.is_empty() { String::new() } else { format!(", without {}", names.join(", ")) };
    println!("\n{} {}{without}: {}", source.variant, source.kernels, text(broken));
    let model = run.model();
    print_story(&Story::of(&model, broken));
}

/// The ways to what the kernel does not promise.
fn tell_limits(run: &Run) {
    let source = &run.row.layout().source;
    let model = run.model();
    for shown in &run.findings.limits {
        println!("\n{} {}, {} ({})", source.variant, source.kernels, shown.limit.name(), steps(shown.actions.len()));
        print_story(&Story::along(&model, &shown.first, &shown.actions));
    }
}

fn print_story(story: &Story<'_>) {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for line in story.to_string().lines() {
        // Steps begin near the margin, what they lead to is further in.
        let bold = colour && !line.starts_with("    ");
        let red = colour && line.starts_with("    ✗");
        match (bold, red) {
            (true, _) => println!("\x1b[1m{line}\x1b[0m"),
            (_, true) => println!("\x1b[31m{line}\x1b[0m"),
            _ => println!("{line}"),
        }
    }
}

pub(super) fn json(runs: &[Run], seconds: f64) -> Result<()> {
    let rows: Vec<_> = runs
        .iter()
        .map(|run| {
            let layout = run.row.layout();
            let model = run.model();
            let broken: Vec<_> = run
                .findings
                .broken
                .iter()
                .map(|broken| {
                    let events: Vec<&str> = Story::of(&model, broken).events().map(|event| event.name()).collect();
                    json!({ "promise": broken.promise.name(), "steps": events })
                })
                .collect();
            json!({
                "variant": layout.source.variant,
                "kernels": layout.source.kernels.to_string(),
                "exclusive": layout.exclusive.map(|marker| marker.bit),
                "layouts": run.stands_for.iter().map(|row| json!({
                    "variant": row.variant(),
                    "kernels": row.layout().source.kernels.to_string(),
                })).collect::<Vec<_>>(),
                "without": run.without.iter().map(|rule| rule.name()).collect::<Vec<_>>(),
                "processes": run.bounds.processes,
                "slots": run.bounds.slots,
                "within": run.bounds.steps,
                "complete": run.without.is_empty() && run.bounds.steps.is_none(),
                "states": run.findings.size.states,
                "steps": run.findings.size.steps,
                "depth": run.findings.depth,
                "broken": broken,
                "unreached": run.findings.unreached.iter().map(|event| event.name()).collect::<Vec<_>>(),
                "limits": run.findings.limits.iter().map(|shown| shown.limit.name()).collect::<Vec<_>>(),
                "wrong": run.complaint(),
            })
        })
        .collect();
    let wrong = runs.iter().filter(|run| run.complaint().is_some()).count();
    println!("{}", serde_json::to_string(&json!({ "runs": rows, "wrong": wrong, "seconds": seconds }))?);
    Ok(())
}
