//! What a conformance run prints: a table for people, an object for programs.

use anyhow::Result;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use console::Term;
use serde_json::json;
use swp_pte::Level;
use swp_pte_conformance::Argument;

use super::{Row, Run};

pub(super) fn table(run: &Run) {
    let mut table = Table::new();
    if let Some((_, width)) = Term::stdout().size_checked() {
        table.set_width(width);
    }
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "variant",
        "kernels",
        "word",
        "marker",
        "cost",
        "encodings, and how covered",
        "checks",
        "vectors",
        "verdict",
    ]);
    for row in &run.rows {
        let layout = row.report.layout;
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(match layout.source.level {
                Level::Pte => layout.source.variant.to_owned(),
                level => format!("{} {level}", layout.source.variant),
            }),
            Cell::new(format!("{:#}", layout.source.kernels)),
            right(layout.width.to_string()),
            Cell::new(layout.exclusive.map_or_else(|| "-".into(), |e| format!("bit {}, {}", e.bit, e.placement))),
            Cell::new(layout.marker_cost().map_or_else(|| "-".into(), |cost| cost.to_string())),
            Cell::new(format!("2^{}, {}", row.coverage.encodings.ilog2(), row.coverage.argument)),
            right(row.report.checks.to_string()),
            right(row.report.vectors.to_string()),
            Cell::new(verdict(row)),
        ]);
    }
    println!("{table}");
    if run.rows.iter().any(|row| row.coverage.argument == Argument::Affine) {
        println!(
            "affine: tested on pairs; then zero and the single bits, all checked, fix every other encoding.\n\
             --full enumerates up to 2^32; on x86_64, cargo xtask prove proves all of it for every word."
        );
    }
    for row in &run.rows {
        for failure in &row.report.failures {
            println!("\n{failure}");
        }
        let kept = row.report.failures.len();
        if row.report.failed > u64::try_from(kept).unwrap_or(u64::MAX) {
            println!(
                "\n{}: {} failures, of which {kept} are shown",
                row.report.layout.source.variant, row.report.failed
            );
        }
    }
    for row in run.rows.iter().filter(|row| !row.measured()) {
        let source = &row.report.layout.source;
        println!("{} {}: read in the source, no compiled header was asked", source.variant, source.kernels);
    }
    if run.passed_over > 0 {
        println!("{} vector files of layouts that were not selected were passed over", run.passed_over);
    }
    if run.failed() > 0 {
        println!("the random inputs of this run come back with --seed {}", run.seed);
    }
    println!(
        "conformance: {} layouts{}, {} checks, {} vectors, {} failed",
        run.layouts(),
        match run.rows.len() - run.layouts() {
            0 => String::new(),
            forms => format!(" and {forms} of a higher level"),
        },
        run.sum(|report| report.checks),
        run.sum(|report| report.vectors),
        run.failed()
    );
}

const fn verdict(row: &Row) -> &'static str {
    match (row.report.failed, row.measured()) {
        (0, true) => "ok",
        (0, false) => "ok, unmeasured",
        _ => "FAILED",
    }
}

pub(super) fn json(run: &Run) -> Result<()> {
    let rows: Vec<_> = run
        .rows
        .iter()
        .map(|row| {
            let layout = row.report.layout;
            json!({
                "arch": layout.source.arch,
                "variant": layout.source.variant,
                "level": layout.source.level.name(),
                "kernels": layout.source.kernels.to_string(),
                "first": layout.source.kernels.first.to_string(),
                "last": layout.source.kernels.last.map(|last| last.to_string()),
                "measured": row.measured(),
                "width": layout.width,
                "exclusive": layout.exclusive.map(|exclusive| exclusive.bit),
                "placement": layout.exclusive.map(|exclusive| exclusive.placement.name()),
                "cost": layout.marker_cost().map(|cost| cost.to_string()),
                "encodings": row.coverage.encodings.to_string(),
                "argument": row.coverage.argument,
                "checks": row.report.checks,
                "vectors": row.report.vectors,
                "failed": row.report.failed,
            })
        })
        .collect();
    let failures: Vec<_> = run.rows.iter().flat_map(|row| &row.report.failures).collect();
    let object = json!({
        "layouts": run.layouts(),
        "second_forms": run.rows.len() - run.layouts(),
        "checks": run.sum(|report| report.checks),
        "vectors": run.sum(|report| report.vectors),
        "failed": run.failed(),
        "seconds": run.seconds,
        "seed": run.seed,
        "rows": rows,
        "failures": failures,
    });
    println!("{}", serde_json::to_string(&object)?);
    Ok(())
}
