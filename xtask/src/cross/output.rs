//! What a run on foreign machines prints.

use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use super::bare::Linked;
use super::{Line, Outcome};

/// A target in one line, as soon as it is known.
pub(super) fn short(line: &Line) -> String {
    let what = match &line.outcome {
        Outcome::Passed { count: 0, .. } => "ok".into(),
        Outcome::Passed { count, .. } => format!("ok, {count} tests"),
        Outcome::Skipped(why) => format!("skipped, {why}"),
        Outcome::Failed(why) => format!("FAILED\n  {why}"),
    };
    format!("{}: {what}, {:.0} s", line.target.triple, line.seconds)
}

pub(super) fn table(lines: &[Line]) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["target", "engine", "toolchain", "byte order", "width", "what ran", "passed", "time"]);
    // Piped, there is no width to keep to, and the sizes of fourteen fault paths are one long line.
    if table.width().is_none() {
        table.set_width(132);
    }
    for line in lines {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let (ran, passed, color) = match &line.outcome {
            Outcome::Passed { count, ran, .. } => {
                (ran.join("\n"), if *count == 0 { "ok".into() } else { count.to_string() }, Color::Green)
            }
            Outcome::Skipped(why) => (why.clone(), "skipped".into(), Color::Yellow),
            Outcome::Failed(_) => ("see above".into(), "FAILED".into(), Color::Red),
        };
        let (order, width) = machine(line);
        table.add_row([
            Cell::new(line.target.triple),
            Cell::new(line.engine),
            Cell::new(&line.toolchain),
            Cell::new(order),
            right(width),
            Cell::new(ran),
            right(passed).fg(color),
            right(format!("{:.0} s", line.seconds)),
        ]);
    }
    println!("{table}");
}

/// Byte order and width as the tests found them, or the linked program's header has them; nothing for what did not run.
fn machine(line: &Line) -> (String, String) {
    let Outcome::Passed { machine, .. } = &line.outcome else { return ("-".into(), "-".into()) };
    let mut parts = machine.split(", ").skip(1);
    let width = parts.next().and_then(|part| part.strip_suffix("-bit pointers")).unwrap_or("-");
    let order = parts.next().and_then(|part| part.strip_suffix("-endian")).unwrap_or("-");
    (order.into(), width.into())
}

/// The sizes of the fault paths, the smallest and the largest by name, and the rest of what was linked.
pub(super) fn linked(linked: &[Linked]) -> Vec<String> {
    let ends = [linked.iter().min_by_key(|one| one.bytes), linked.iter().max_by_key(|one| one.bytes)];
    let sizes = ends.into_iter().flatten().map(|one| format!("{} ({})", one.bytes, one.layout)).collect::<Vec<_>>();
    let mut runtime: Vec<_> = linked.iter().flat_map(|one| one.runtime.iter().map(String::as_str)).collect();
    runtime.sort_unstable();
    runtime.dedup();
    let runtime = if runtime.is_empty() { "nothing".into() } else { runtime.join(", ") };
    vec![
        format!("{} fault paths linked, 0 panic or allocation symbols", linked.len()),
        format!("bytes: {}", sizes.join(" to ")),
        format!("of the runtime library: {runtime}"),
    ]
}
