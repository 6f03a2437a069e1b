//! `cargo xtask cross`: the crates on foreign machines. Tests run on other byte orders and word sizes; fault paths are
//! linked for machines without an operating system.

mod bare;
mod c;
mod container;
mod debian;
mod engine;
mod log;
pub(crate) mod native;
mod output;
mod planted;
mod setup;
pub(crate) mod targets;

use std::time::Instant;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::files;
use engine::Engine;
use targets::{CI, TARGETS, Target};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this target (may be given several times); all, if none is given
    #[arg(long, value_name = "T")]
    target: Vec<String>,
    /// Only the targets that CI runs: both byte orders, both word sizes, and all without an operating system
    #[arg(long, conflicts_with = "target")]
    ci: bool,
    /// Only compile; what has no operating system is linked all the same
    #[arg(long, conflicts_with = "test")]
    check: bool,
    /// Run the tests; the default
    #[arg(long)]
    test: bool,
    /// What compiles and runs
    #[arg(long, value_enum, default_value = "auto")]
    engine: engine::Choice,
    /// Install what the engine needs, instead of running
    #[arg(long)]
    setup: bool,
    /// Only say which Debian packages of the native engine are missing, if any
    #[arg(long, conflicts_with_all = ["check", "test", "setup"])]
    check_tools: bool,
    /// Plant mistakes in copies of a backend and demand that each is caught, instead of running the tests
    #[arg(long, conflicts_with_all = ["check", "test", "setup", "target", "ci"])]
    planted: bool,
}

/// What a target came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// How many tests passed, or fault paths were linked, and what ran.
    Passed { machine: String, count: u64, ran: Vec<String> },
    /// It did not run, and why.
    Skipped(String),
    /// What went wrong.
    Failed(String),
}

/// A line of the summary.
#[derive(Debug)]
pub(crate) struct Line {
    target: &'static Target,
    engine: &'static str,
    toolchain: String,
    outcome: Outcome,
    seconds: f64,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let targets = select(args)?;
    if args.setup {
        return setup::run(args.engine, &targets);
    }
    if args.check_tools {
        return setup::check(&targets);
    }
    let engine = engine::choose(args.engine, &targets)?;
    println!("{}", engine.why());
    if args.planted {
        return planted::run();
    }
    let bar = progress();
    let mut lines = Vec::new();
    for (i, target) in targets.iter().enumerate() {
        bar.set_prefix(format!("[{}/{}] {}", i + 1, targets.len(), target.triple));
        let line = examine(target, &engine, args.check, &bar);
        // One line as soon as it is known: a whole run takes minutes.
        bar.suspend(|| println!("{}", output::short(&line)));
        lines.push(line);
    }
    bar.finish_and_clear();
    output::table(&lines);
    verdict(&lines, args.ci || !args.target.is_empty())
}

/// The targets that were asked for; all, if none was named.
fn select(args: &Args) -> Result<Vec<&'static Target>> {
    let names = &args.target;
    if let Some(unknown) = names.iter().find(|name| !TARGETS.iter().any(|target| target.triple == name.as_str())) {
        let known: Vec<_> = TARGETS.iter().map(|target| target.triple).collect();
        bail!("unknown target {unknown:?}; known are: {}", known.join(", "));
    }
    if args.ci {
        return Ok(TARGETS.iter().filter(|target| target.is_bare() || CI.contains(&target.triple)).collect());
    }
    let wanted = |target: &&Target| names.is_empty() || names.iter().any(|name| name == target.triple);
    Ok(TARGETS.iter().filter(wanted).collect())
}

fn examine(target: &'static Target, engine: &Engine, check: bool, bar: &ProgressBar) -> Line {
    let started = Instant::now();
    let engine = engine.for_target(target);
    let outcome = match engine.missing(target) {
        Some(missing) => Outcome::Skipped(missing),
        None if target.is_bare() => bare(target, bar),
        None => hosted(target, engine, check, bar),
    };
    let toolchain = engine.toolchain();
    Line { target, engine: engine.name(), toolchain, outcome, seconds: started.elapsed().as_secs_f64() }
}

fn hosted(target: &Target, engine: &Engine, check: bool, bar: &ProgressBar) -> Outcome {
    let path = log::path(target.triple);
    let mut command = engine.tests(&files::root(), target, check);
    let run = log::run(&mut command, &path, bar);
    let read = run.and_then(|(text, succeeded)| match (succeeded, check) {
        (true, true) => Ok(None),
        (true, false) => engine.ran_there(&text).and_then(|()| log::tests(&text, target)).map(Some),
        (false, _) => bail!("{}\n  all of it: {}", log::tail(&text), path.display()),
    });
    match read {
        Ok(Some(tests)) => Outcome::Passed { machine: tests.machine, count: tests.passed, ran: tests.said },
        Ok(None) => Outcome::Passed { machine: String::new(), count: 0, ran: vec!["compiled only".into()] },
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

fn bare(target: &Target, bar: &ProgressBar) -> Outcome {
    let ran = bare::link(&files::root(), target, bar).and_then(|linked| {
        let mut ran = output::linked(&linked);
        ran.push(c::link(target, bar)?);
        Ok(ran)
    });
    match ran {
        Ok(ran) => Outcome::Passed {
            machine: format!("{}, {}-bit pointers, {}-endian", target.arch, target.pointer_width, target.byte_order),
            count: 0,
            ran,
        },
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

/// Skipped is not passed: where a target was named, or nothing ran at all, it is an error.
fn verdict(lines: &[Line], named: bool) -> Result<()> {
    let count = |what: fn(&Outcome) -> bool| lines.iter().filter(|line| what(&line.outcome)).count();
    let passed = count(|outcome| matches!(outcome, Outcome::Passed { .. }));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    println!("cross: {} targets, {passed} passed, {skipped} skipped, {failed} failed", lines.len());
    match (failed, skipped) {
        (1.., _) => bail!("{failed} targets failed"),
        (0, 1..) if named || passed == 0 => bail!("{skipped} targets did not run"),
        _ => Ok(()),
    }
}

/// A spinner with the newest line of what runs; hidden where stderr is no terminal.
fn progress() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}
