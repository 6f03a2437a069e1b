//! What a run prints.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, Table, presets};

use crate::Outcome;
use crate::truth::Truth;

/// Of how many wrong addresses of a dump one reads.
const SHOWN: usize = 5;

/// The cases that the guest made, and what it could not.
pub(crate) fn truth(truth: &Truth) {
    let mut cases: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for region in &truth.regions {
        let [present, swapped, none] = cases.entry(&region.case).or_default();
        for word in region.words.values() {
            *match word >> 62 {
                0 => &mut *none,
                1 => &mut *swapped,
                _ => &mut *present,
            } += 1;
        }
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([&truth.release, "in memory", "not present", "nothing"]);
    for (case, counts) in cases {
        table.add_row([case.to_owned()].into_iter().chain(counts.map(|count| count.to_string())));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
    for note in &truth.notes {
        println!("not in this guest: {note}");
    }
    println!();
}

/// All dumps.
pub(crate) fn table(outcomes: &[Outcome]) {
    if outcomes.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "machine",
        "kernel",
        "dump",
        "addresses",
        "right",
        "migrating",
        "seconds",
    ]);
    for outcome in outcomes {
        let mut row = vec![outcome.machine.to_owned(), outcome.release.clone(), outcome.format.clone()];
        match &outcome.score {
            Ok(score) => row.extend([
                score.checked.to_string(),
                (score.checked - score.wrong.len()).to_string(),
                score.migrating.to_string(),
                format!("{:.2}", score.seconds),
            ]),
            Err(_) => row.extend(["-"; 4].map(str::to_owned)),
        }
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
}

/// What is wrong with a dump.
pub(crate) fn fault(outcome: &Outcome) -> Option<String> {
    let place = format!("{}, {}", outcome.machine, outcome.format);
    match &outcome.score {
        Err(error) => Some(format!("{place}: {error:#}")),
        Ok(score) if score.checked == 0 => Some(format!("{place}: no address was checked")),
        Ok(score) if score.wrong.is_empty() => None,
        Ok(score) => {
            let shown: Vec<_> = score.wrong.iter().take(SHOWN).map(String::as_str).collect();
            Some(format!("{place}: {} addresses are wrong:\n  {}", score.wrong.len(), shown.join("\n  ")))
        }
    }
}
