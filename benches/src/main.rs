//! `cargo bench -p swp-pte-bench`: what an operation costs in Rust and in C, measured in turns in one run.
//!
//! Absolute numbers belong to the machine; the ratio is what counts. `--json` prints one object for programs.

mod c;
mod case;
mod slices;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::json;

use case::{Case, WORDS};

/// How often each side has its turn.
const ROUNDS: usize = 1001;
/// How many passes over the data make a turn, long enough for the clock: some 20 µs.
const PASSES: u32 = 32;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut as_json = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => as_json = true,
            // From cargo.
            "--bench" => {}
            other => bail!("unknown argument {other}: there is only --json"),
        }
    }
    let mut cases = case::cases::<swp_pte_x86_64::Pte>(&c::X86_64)?;
    cases.extend(case::cases::<swp_pte_s390::Pte>(&c::S390)?);
    cases.extend(case::cases::<swp_pte_arm64::Pte>(&c::ARM64)?);
    let results: Vec<_> = measure(&mut cases).into_iter().map(Summary::of).collect();
    if as_json {
        print_json(&cases, &results);
    } else {
        print_table(&cases, &results);
    }
    Ok(())
}

/// Up to here a ratio is noise: the same instructions at two places in memory differ by some hundredths.
const NOISE: f64 = 1.05;

/// Nanoseconds per operation of one round: Rust, C.
type Round = (f64, f64);

/// All cases in turn, round after round, so that a slow moment of the machine falls on all of them.
fn measure(cases: &mut [Case]) -> Vec<Vec<Round>> {
    let mut rounds = vec![Vec::with_capacity(ROUNDS); cases.len()];
    for number in 0..ROUNDS {
        for (case, rounds) in cases.iter_mut().zip(&mut rounds) {
            // Who goes first changes.
            let round = if number % 2 == 0 {
                let rust = time(&mut case.rust);
                (rust, time(&mut case.c))
            } else {
                let c = time(&mut case.c);
                (time(&mut case.rust), c)
            };
            rounds.push(round);
        }
    }
    rounds
}

fn time(pass: &mut dyn FnMut() -> bool) -> f64 {
    // Fills the cache.
    black_box(pass());
    let started = Instant::now();
    for _ in 0..PASSES {
        black_box(pass());
    }
    started.elapsed().as_secs_f64() * 1e9 / (f64::from(PASSES) * WORDS as f64)
}

/// What the rounds of a case come to.
struct Summary {
    /// Nanoseconds per operation, the median round.
    rust: f64,
    c: f64,
    /// Rust over C in the same round: the median, and where the middle eight tenths of the rounds lie.
    ratio: f64,
    low: f64,
    high: f64,
}

impl Summary {
    fn of(rounds: Vec<Round>) -> Self {
        let sorted = |value: fn(&Round) -> f64| {
            let mut values: Vec<f64> = rounds.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            move |tenths: usize| values.get(values.len() * tenths / 10).copied().unwrap_or(f64::NAN)
        };
        let ratio = sorted(|(rust, c)| rust / c);
        Self {
            rust: sorted(|(rust, _)| *rust)(5),
            c: sorted(|(_, c)| *c)(5),
            ratio: ratio(5),
            low: ratio(1),
            high: ratio(9),
        }
    }

    /// Whether Rust needs more than C, and more than noise explains, in nine rounds of ten.
    fn is_slower(&self) -> bool {
        self.low > NOISE
    }
}

/// What was compared on what, in one line.
fn machine() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cpu = model.map_or("unknown CPU", |(_, name)| name);
    format!("{cpu}; {}; {} -O2, and -O3 where it says so", env!("BENCH_RUSTC"), env!("BENCH_CC"))
}

fn print_table(cases: &[Case], results: &[Summary]) {
    println!("{}", machine());
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["layout", "operation", "Rust, ns", "C, ns", "Rust / C", "8 of 10 rounds"]);
    for (case, result) in cases.iter().zip(results) {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(case.layout),
            Cell::new(case.operation),
            right(format!("{:.3}", result.rust)),
            right(format!("{:.3}", result.c)),
            right(format!("{:.2}", result.ratio)),
            right(format!("{:.2} to {:.2}", result.low, result.high)),
        ]);
    }
    println!("{table}");
    println!("{WORDS} words in cache, one at a time but for slices, {ROUNDS} rounds in turns; medians");
    println!("C masks: the kernel's arithmetic alone, which cuts off in silence what the Rust encoder refuses");
    let same = || cases.iter().zip(results).filter(|(case, _)| case.is_like_for_like());
    let slower: Vec<_> = same()
        .filter(|(_, result)| result.is_slower())
        .map(|(case, _)| format!("{} {}", case.layout, case.operation))
        .collect();
    let names = if slower.is_empty() { String::new() } else { format!(": {}", slower.join(", ")) };
    println!(
        "bench: {} operations that do the same on both sides, {} slower than C beyond noise ({NOISE}){names}",
        same().count(),
        slower.len()
    );
}

fn print_json(cases: &[Case], results: &[Summary]) {
    let rows: Vec<_> = cases
        .iter()
        .zip(results)
        .map(|(case, result)| {
            json!({
                "layout": case.layout,
                "operation": case.operation,
                "rust_ns": result.rust,
                "c_ns": result.c,
                "ratio": result.ratio,
                "ratio_low": result.low,
                "ratio_high": result.high,
                "slower": result.is_slower(),
                "like_for_like": case.is_like_for_like(),
            })
        })
        .collect();
    println!("{}", json!({ "machine": machine(), "words": WORDS, "rounds": ROUNDS, "rows": rows }));
}
