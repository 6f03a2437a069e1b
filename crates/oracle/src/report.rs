//! What a run prints: a table for people, with every difference below it; an object for programs.

use std::time::Duration;

use anyhow::Result;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, presets};
use serde_json::{Map, Value, json};
use swp_pte_draw::Drawing;

use super::compare::Comparison;
use super::layout::{self, Change};
use super::literal::literal;
use super::outcome::{Outcome, Verdict};
use super::tree::Tree;

/// The verdict in a word or two.
pub(super) const fn verdict(outcome: &Outcome) -> &'static str {
    match &outcome.verdict {
        Verdict::Compared(comparison) if comparison.change.is_some() => "NOT IN THE ATLAS",
        Verdict::Compared(comparison)
            if comparison.failed > 0 || !comparison.others.is_empty() || comparison.refuted() =>
        {
            "MISMATCH"
        }
        Verdict::Compared(_) => "agrees",
        Verdict::Skipped(_) => "skipped",
        Verdict::Failed(_) => "FAILED",
    }
}

/// The compiler that answered, and its release; a stand-in is marked.
fn answered(outcome: &Outcome) -> String {
    let Verdict::Compared(comparison) = &outcome.verdict else {
        return "-".into();
    };
    let machine = outcome.variant.machine;
    let number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    let release = comparison.compiler.split(' ').rfind(number).unwrap_or_default();
    let mark = if machine.stands_in() { " †" } else { "" };
    format!("{} {release}{mark}", machine.program())
}

pub(super) fn table(tree: &Tree, outcomes: &[Outcome], elapsed: Duration, layouts: bool) {
    println!("Linux {}, {}", tree.release, tree.path.display());
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "configuration",
        "variant",
        "compiler",
        "entries",
        "words",
        "PMDs",
        "checks",
        "mismatches",
        "s",
        "verdict",
    ]);
    for outcome in outcomes {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let counts = match &outcome.verdict {
            Verdict::Compared(it) => [
                it.entries.to_string(),
                it.words.to_string(),
                it.pmds.to_string(),
                it.checks.to_string(),
                it.mismatches().to_string(),
            ],
            _ => std::array::from_fn(|_| "-".into()),
        };
        let color = match verdict(outcome) {
            "agrees" => Color::Green,
            "skipped" => Color::Yellow,
            _ => Color::Red,
        };
        let mut row =
            vec![Cell::new(outcome.variant.config), Cell::new(outcome.variant.variant), Cell::new(answered(outcome))];
        row.extend(counts.map(right));
        row.push(right(format!("{:.0}", outcome.seconds)));
        row.push(Cell::new(verdict(outcome)).fg(color));
        table.add_row(row);
    }
    println!("{table}");
    if outcomes.iter().any(|outcome| outcome.variant.machine.stands_in()) {
        println!("†: the host's compiler stands in: its answers say nothing of how words lie in memory");
    }
    for outcome in outcomes {
        details(outcome);
        if let (true, Verdict::Compared(comparison)) = (layouts, &outcome.verdict)
            && let Some(probed) = &comparison.probed
        {
            println!("\n{}: the layout that was probed", outcome.variant.config);
            layout::describe(probed).iter().for_each(|(what, is)| println!("  {what}: {is}"));
        }
    }
    let count = |wanted: &str| outcomes.iter().filter(|outcome| verdict(outcome) == wanted).count();
    println!(
        "oracle: Linux {}: {} agree, {} with mismatches, {} not in the atlas, {} skipped, {} failed, {:.0} s",
        tree.release,
        count("agrees"),
        count("MISMATCH"),
        count("NOT IN THE ATLAS"),
        count("skipped"),
        count("FAILED"),
        elapsed.as_secs_f64()
    );
}

/// Everything about a variant that is not just agreement.
fn details(outcome: &Outcome) {
    let config = outcome.variant.config;
    match &outcome.verdict {
        Verdict::Skipped(reason) => println!("{config}: skipped: {reason}"),
        Verdict::Failed(error) => println!("\n{config}: FAILED: {error}"),
        Verdict::Compared(comparison) => {
            for note in &comparison.notes {
                println!("{config}: note: {note}");
            }
            for failure in &comparison.failures {
                println!("\n{config}: {failure}");
            }
            for other in &comparison.others {
                println!("{config}: {other}");
            }
            if let Some(proof) = &comparison.proof {
                for line in proof.lines() {
                    println!("{config}: {line}");
                }
            }
            if let Some(change) = &comparison.change {
                println!("\n{}", changed(config, change));
            }
        }
    }
}

/// The tool's best hour: somebody has changed a layout.
pub(super) fn changed(config: &str, change: &Change) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    match &change.declared {
        Ok(row) => {
            let source = &row.layout().source;
            line(&format!("{config}: the layout is not that of {} {}:", source.variant, source.kernels));
            change.differences.iter().for_each(|difference| line(&format!("  {difference}")));
        }
        Err(reason) => line(&format!("{config}: the atlas has no layout to expect: {reason}")),
    }
    let source = &change.nearest.layout().source;
    let name = format!("{} {} ({})", source.variant, source.kernels, source.header);
    if change.moved.is_empty() {
        line(&format!("It is exactly the layout of {name}."));
    } else if change.declared.as_ref().is_ok_and(|row| row.layout().source == *source) {
        line(&format!("No known layout is nearer than {name}."));
    } else {
        line(&format!("The nearest known layout is {name}; against it:"));
        change.moved.iter().for_each(|moved| line(&format!("  {moved}")));
    }
    let layout = change.layout.layout();
    line(&format!("The kernel's layout:\n\n{:#}", Drawing::new(&layout)));
    match layout.check() {
        Ok(()) => line("As data, free of contradictions (check names, reasons, commit and placement):\n"),
        Err(error) => line(&format!("As data; it contradicts itself: {error:?}:\n")),
    }
    line(&literal(&layout, change.memory));
    text
}

pub(super) fn json(tree: &Tree, outcomes: &[Outcome], elapsed: Duration) -> Result<()> {
    let object = json!({
        "kernel": tree.release,
        "tree": tree.path,
        "seconds": elapsed.as_secs_f64(),
        "variants": outcomes.iter().map(one).collect::<Vec<_>>(),
    });
    println!("{}", serde_json::to_string(&object)?);
    Ok(())
}

fn one(outcome: &Outcome) -> Value {
    let mut object = json!({
        "config": outcome.variant.config,
        "variant": outcome.variant.variant,
        "arch": outcome.variant.machine.arch,
        "verdict": verdict(outcome).to_lowercase(),
        "seconds": outcome.seconds,
        "log": outcome.log,
    });
    let more = match &outcome.verdict {
        Verdict::Skipped(reason) | Verdict::Failed(reason) => json!({ "reason": reason }),
        Verdict::Compared(comparison) => compared(comparison),
    };
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

fn compared(it: &Comparison) -> Value {
    json!({
        "compiler": it.compiler,
        "entries": it.entries,
        "words": it.words,
        "pmds": it.pmds,
        "checks": it.checks,
        "mismatches": it.mismatches(),
        "failures": it.failures,
        "others": it.others,
        "notes": it.notes,
        "proof": it.proof.as_ref().map(|proof| json!({
            "helpers": proof.helpers,
            "proved": proof.helpers - proof.refuted.len(),
            "failed": proof.refuted.len(),
            "unread": proof.unread,
            "assumed": proof.assumed,
            "failures": proof.refuted,
        })),
        "layout": it.probed.as_ref().map(|probed| {
            layout::describe(probed).into_iter().map(|(what, is)| (what.into(), is.into())).collect::<Map<_, _>>()
        }),
        "change": it.change.as_ref().map(|change| json!({
            "differences": change.differences,
            "nearest": {
                "variant": change.nearest.variant(),
                "kernels": change.nearest.layout().source.kernels.to_string(),
                "differences": change.moved,
            },
            "picture": Drawing::new(&change.layout.layout()).to_string(),
            "literal": literal(&change.layout.layout(), change.memory),
        })),
    })
}
