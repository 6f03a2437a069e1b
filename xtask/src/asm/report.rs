//! What was counted, for readers and for programs.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use swp_pte::{Flag, KernelRange};
use swp_pte_atlas::{ROWS, Row};

use super::functions::{Function, Operation};
use super::listing::Size;

/// One function on one machine.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) machine: &'static str,
    pub(super) function: Function,
    pub(super) size: Size,
    /// The instructions of gcc's function, in the shorter of its forms.
    pub(super) gcc: usize,
}

impl Line {
    /// By how many instructions ours is longer than gcc's.
    pub(super) const fn longer_by(&self) -> usize {
        self.size.instructions.saturating_sub(self.gcc)
    }

    /// What is to be said of the branches, if they are too many.
    pub(super) fn branches(&self) -> Option<String> {
        let (has, allowed) = (self.size.branches, self.function.branches);
        (has > allowed)
            .then(|| format!("{}: {} has {has} branches, {allowed} allowed", self.machine, self.function.symbol))
    }
}

/// What one machine came to.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) name: &'static str,
    pub(super) compilers: String,
    pub(super) lines: Vec<Line>,
}

/// A machine that was not looked at, and the Debian packages that it takes.
#[derive(Debug)]
pub(super) struct Skipped {
    pub(super) name: &'static str,
    pub(super) packages: Vec<String>,
}

/// The widest that a table may be.
const WIDTH: u16 = 100;

pub(super) fn print_table(machine: &Examined) {
    println!("{}: {} -O2", machine.name, machine.compilers);
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH);
    table.set_header(["ours/gcc's", "encode", "decode", "kind", "exclusive", "soft-dirty", "uffd-wp"]);
    for row in ROWS {
        let cell = |wanted: &dyn Fn(Operation) -> bool| {
            let of = machine.lines.iter().filter(|line| std::ptr::eq(line.function.row, row));
            let counts: Vec<_> = of.filter(|line| wanted(line.function.kind)).map(counts).collect();
            let text = if counts.is_empty() { "-".to_owned() } else { counts.join(" ") };
            Cell::new(text).set_alignment(CellAlignment::Right)
        };
        let marker = |flag| {
            cell(&move |kind| [Operation::Is(flag), Operation::Set(flag), Operation::Clear(flag)].contains(&kind))
        };
        table.add_row([
            Cell::new(layout(row)),
            cell(&|kind| kind == Operation::Encode),
            cell(&|kind| kind == Operation::Decode),
            cell(&|kind| kind == Operation::Kind),
            marker(Flag::Exclusive),
            marker(Flag::SoftDirty),
            marker(Flag::UffdWp),
        ]);
    }
    println!("{table}");
    let count = |wanted: fn(&&Line) -> bool| machine.lines.iter().filter(wanted).count();
    println!(
        "{}: {} functions, {} shorter than gcc's, {} as long, {} longer\n",
        machine.name,
        machine.lines.len(),
        count(|line| line.size.instructions < line.gcc),
        count(|line| line.size.instructions == line.gcc),
        count(|line| line.longer_by() > 0)
    );
}

/// Ours, gcc's where it is another number, and the branches, if there are any.
fn counts(line: &Line) -> String {
    let Size { instructions, branches } = line.size;
    let gcc = if instructions == line.gcc { String::new() } else { format!("/{}", line.gcc) };
    let branches = if branches == 0 { String::new() } else { format!(", {branches}") };
    format!("{instructions}{gcc}{branches}")
}

/// As short as it can be said: the table has a column for every function.
fn layout(row: &Row) -> String {
    let KernelRange { first, last, .. } = row.layout().source.kernels;
    last.map_or_else(|| format!("{} {first}+", row.variant()), |last| format!("{} {first}-{last}", row.variant()))
}

pub(super) fn print_end(functions: usize, machines: &[Examined], skipped: &[Skipped]) {
    println!("instructions, and the branches among them; a marker's functions are is, mk and clear");
    for Skipped { name, packages } in skipped {
        println!("{name}: NOT LOOKED AT; apt-get install --no-install-recommends {}", packages.join(" "));
    }
    let names: Vec<_> = machines.iter().map(|machine| machine.name).collect();
    // More than none would have been an error.
    println!("asm: {functions} functions in {} layouts, 0 calls, 0 panic paths, on {}", ROWS.len(), names.join(", "));
}

/// One object. `instructions` and `branches` of a row are those of the host, `targets` has them for each machine.
pub(super) fn print_json(functions: &[Function], machines: &[Examined], skipped: &[Skipped]) {
    let rows: Vec<_> = functions.iter().enumerate().map(|(i, function)| json_row(i, function, machines)).collect();
    let looked_at = machines.iter().map(|machine| {
        json!({
            "target": machine.name,
            "compilers": machine.compilers,
            "longer": machine.lines.iter().filter(|line| line.longer_by() > 0).count(),
        })
    });
    let not = skipped.iter().map(|skipped| json!({ "target": skipped.name, "packages": skipped.packages }));
    let object = json!({
        "layouts": ROWS.len(),
        "functions": functions.len(),
        "calls": 0,
        "panic_paths": 0,
        "targets": looked_at.collect::<Vec<_>>(),
        "not_looked_at": not.collect::<Vec<_>>(),
        "rows": rows,
    });
    println!("{object}");
}

fn json_row(i: usize, function: &Function, machines: &[Examined]) -> Value {
    // Every machine has the same functions in the same order.
    let lines = machines.iter().filter_map(|machine| machine.lines.get(i));
    let targets: serde_json::Map<_, _> = lines
        .map(|line| {
            let Size { instructions, branches } = line.size;
            (line.machine.to_owned(), json!({ "instructions": instructions, "branches": branches, "gcc": line.gcc }))
        })
        .collect();
    let host = machines.first().and_then(|host| targets.get(host.name)).cloned().unwrap_or_default();
    json!({
        "variant": function.row.variant(),
        "kernels": function.row.layout().source.kernels.to_string(),
        "function": function.name,
        "instructions": host["instructions"],
        "branches": host["branches"],
        "gcc": host["gcc"],
        "targets": targets,
    })
}
