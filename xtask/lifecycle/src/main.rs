//! `cargo xtask lifecycle`: the model of the exclusive marker's life, explored for every choice of markers that a layout has,
//! and the words of every layout held against it.

mod output;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use swp_pte_atlas::{ROWS, Row, variants};
use swp_pte_lifecycle::{Bounds, Findings, Model, Promise, Rule, Rules, Size, Words, markers, pinned_size, serve};

/// Explore the life of a page through swap, with the words of every layout, and every safeguard switched off
///
/// The states depend on the markers that a layout has, not on where its bits are: layouts that have the same are explored
/// once, after the words of each were found to answer what they were made of. Layouts that are named are each explored.
#[derive(Parser)]
#[command(name = "lifecycle", bin_name = "cargo xtask lifecycle")]
struct Args {
    /// Only this variant (may be given several times); with an era, as `x86_64:5.18`, only the layout of that kernel
    #[arg(long, value_name = "V")]
    backend: Vec<String>,
    /// Explore every layout, not one for each choice of markers
    #[arg(long)]
    each: bool,
    /// Only with this safeguard switched off (may be given several times: all at once)
    #[arg(long, value_name = "RULE")]
    without: Vec<String>,
    /// Tell the shortest way to each broken promise, step by step
    #[arg(long)]
    trace: bool,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
    /// Three processes and two slots, within some steps, for one layout with the marker and one without
    #[arg(long)]
    deep: bool,
    /// Visit no state that is farther than this from the beginning (with --deep 12 unless given)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    steps: Option<u8>,
    /// Serve stateright's explorer for one layout, on loopback, until interrupted
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "3000")]
    explore: Option<u16>,
}

/// What one run must find.
#[derive(Clone, Copy)]
enum Expected {
    /// No promise is broken.
    Nothing,
    /// These are, and no other in fewer steps.
    Broken(Promise),
    /// At least one, whichever: several safeguards are off.
    Something,
}

/// One run.
struct Run {
    row: &'static Row,
    /// The layouts that it is the run of: itself, and those that are alike to the model.
    stands_for: Vec<&'static Row>,
    without: Vec<Rule>,
    bounds: Bounds,
    expected: Expected,
    findings: Findings,
    /// The pinned size, where the whole space was visited.
    pinned: Option<Size>,
}

impl Run {
    fn rules(&self) -> Rules {
        rules(&self.without)
    }

    fn model(&self) -> Model {
        Model::with(self.row, self.rules(), self.bounds)
    }

    /// What is wrong, in words; `None` if everything is as it should be.
    fn complaint(&self) -> Option<String> {
        let findings = &self.findings;
        let complete = self.without.is_empty();
        if let (true, [event, ..]) = (complete, &findings.unreached[..]) {
            let within = self.bounds.steps.map_or_else(String::new, |steps| format!(" within {steps} steps"));
            return Some(format!("never reached{within}: {}", event.name()));
        }
        if let Some(pinned) = self.pinned.filter(|pinned| *pinned != findings.size) {
            let Size { states, steps } = findings.size;
            return Some(format!("{states} states, {steps} steps; pinned: {}, {}", pinned.states, pinned.steps));
        }
        let nearest = findings.broken.iter().map(|broken| broken.actions.len()).min();
        match self.expected {
            Expected::Nothing => findings.broken.first().map(|broken| format!("breaks: {}", broken.promise.name())),
            Expected::Something => findings.broken.is_empty().then(|| "breaks nothing".into()),
            Expected::Broken(promise) => match findings.broken(promise) {
                None => Some(format!("does not break: {}", promise.name())),
                Some(broken) if nearest < Some(broken.actions.len()) => {
                    Some(format!("another promise breaks before: {}", promise.name()))
                }
                Some(_) if complete && findings.broken.len() > 1 => Some("breaks more than one promise".into()),
                Some(_) => None,
            },
        }
    }
}

fn rules(without: &[Rule]) -> Rules {
    without.iter().fold(Rules::ALL, |rules, rule| rules.without(*rule))
}

/// A run to be done.
struct Job {
    row: &'static Row,
    stands_for: Vec<&'static Row>,
    without: Vec<Rule>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let started = Instant::now();
    let rows = select(&args.backend)?;
    let without: Vec<Rule> = args.without.iter().map(|name| rule(name)).collect::<Result<_>>()?;
    if let Some(port) = args.explore {
        return explore(&rows, &without, port);
    }
    let mut bounds = if args.deep { Bounds::DEEP } else { Bounds::DEFAULT };
    bounds.steps = args.steps.map(usize::from).or(bounds.steps);
    for row in &rows {
        let words = Words::new(row, Rules::ALL).check();
        words.with_context(|| format!("{} {}", row.variant(), row.layout().source.kernels))?;
    }
    let jobs = jobs(&rows, &without, args.each || !args.backend.is_empty(), args.deep)?;
    let progress = Progress::new(jobs.len());
    let run_one = |job: Job| {
        let run = examine(job, bounds, &progress);
        progress.bar.inc(1);
        run
    };
    // One model with three processes fills the memory that two would share.
    let runs: Vec<Run> =
        if args.deep { jobs.into_iter().map(run_one).collect() } else { jobs.into_par_iter().map(run_one).collect() };
    progress.bar.finish_and_clear();
    if args.json {
        output::json(&runs, started.elapsed().as_secs_f64())?;
    } else {
        output::tables(&runs, args.trace);
    }
    match runs.iter().filter(|run| run.complaint().is_some()).count() {
        0 => Ok(()),
        wrong => bail!("{wrong} of {} runs found something else than they should", runs.len()),
    }
}

/// The layouts in groups that are alike to the model, or each in a group of its own.
fn groups(rows: &[&'static Row], each: bool) -> Vec<Vec<&'static Row>> {
    let mut groups: Vec<Vec<&'static Row>> = Vec::new();
    for row in rows {
        let alike = |group: &&mut Vec<&'static Row>| group.first().is_some_and(|first| markers(first) == markers(row));
        match groups.iter_mut().find(alike) {
            Some(group) if !each => group.push(row),
            _ => groups.push(vec![row]),
        }
    }
    groups
}

/// The whole space for every group of layouts, then each safeguard switched off; or only what was asked for.
fn jobs(rows: &[&'static Row], without: &[Rule], each: bool, deep: bool) -> Result<Vec<Job>> {
    let jobs_without = |rules: &[Rule]| {
        let applies = |row: &&Row| rules.iter().all(|rule| rule.applies_to(row));
        let rows: Vec<_> = rows.iter().copied().filter(applies).collect();
        let groups = groups(&rows, each || rules.iter().any(|rule| rule.is_about_bits()));
        let job =
            |stands_for: Vec<&'static Row>| Some(Job { row: stands_for.first()?, stands_for, without: rules.to_vec() });
        groups.into_iter().filter_map(job).collect::<Vec<_>>()
    };
    if !without.is_empty() {
        let jobs = jobs_without(without);
        if jobs.is_empty() {
            bail!("no layout that was asked for has what this rule is about: choose another --backend");
        }
        return Ok(jobs);
    }
    let mut jobs = jobs_without(&[]);
    if deep {
        // Nobody is tracked, so that only the exclusive marker makes a difference to the states: one layout of each kind.
        let with = jobs.iter().position(|job| job.row.layout().exclusive.is_some());
        let without = jobs.iter().position(|job| job.row.layout().exclusive.is_none());
        let mut number = 0..;
        jobs.retain(|_| {
            let number = number.next();
            number == with || number == without
        });
        return Ok(jobs);
    }
    jobs.extend(Rule::ALL.iter().flat_map(|rule| jobs_without(&[*rule])));
    Ok(jobs)
}

fn examine(job: Job, bounds: Bounds, progress: &Progress) -> Run {
    let Job { row, stands_for, without } = job;
    let marker = row.layout().exclusive.is_some();
    let model = Model::with(row, rules(&without), bounds);
    let findings = match &without[..] {
        [] => model.explore(|states| progress.add(states)),
        _ => model.find_broken(),
    };
    let expected = match &without[..] {
        [] if marker => Expected::Nothing,
        [] => Expected::Broken(Promise::NoLostWrite),
        [rule] => Expected::Broken(rule.protects()),
        _ => Expected::Something,
    };
    let pinned = if without.is_empty() { pinned_size(row, bounds) } else { None };
    Run { row, stands_for, without, bounds, expected, findings, pinned }
}

/// A line that says how far the runs are; hidden where stderr is no terminal.
struct Progress {
    bar: ProgressBar,
    states: AtomicUsize,
}

impl Progress {
    fn new(runs: usize) -> Self {
        let bar = ProgressBar::new(u64::try_from(runs).unwrap_or(u64::MAX));
        let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} runs, {msg} states, {elapsed}");
        Self {
            bar: bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())),
            states: AtomicUsize::new(0),
        }
    }

    fn add(&self, states: usize) {
        let all = self.states.fetch_add(states, Ordering::Relaxed) + states;
        self.bar.set_message(all.to_string());
    }
}

fn explore(rows: &[&'static Row], without: &[Rule], port: u16) -> Result<()> {
    let [row] = rows else {
        bail!("the explorer shows one layout: choose it with --backend, as --backend x86_64:6.12");
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // stateright panics where it cannot listen.
    std::net::TcpListener::bind(address).with_context(|| format!("cannot listen on {address}; try another port"))?;
    println!("{} {}: http://{address}, until interrupted", row.variant(), row.layout().source.kernels);
    serve(Model::with(row, rules(without), Bounds::DEFAULT).promises_only(), address);
    Ok(())
}

fn rule(name: &str) -> Result<Rule> {
    let found = Rule::ALL.iter().copied().find(|rule| rule.name() == name);
    found.with_context(|| {
        let names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        format!("no rule {name:?}; there are {}", names.join(", "))
    })
}

/// The layouts that were asked for; all, if none was named.
fn select(names: &[String]) -> Result<Vec<&'static Row>> {
    if names.is_empty() {
        return Ok(ROWS.iter().collect());
    }
    let mut rows: Vec<&'static Row> = Vec::new();
    for name in names {
        let (variant, kernel) = name.split_once(':').map_or((name.as_str(), None), |(v, kernel)| (v, Some(kernel)));
        if !variants().any(|known| known == variant) {
            let known: Vec<&str> = variants().collect();
            bail!("no variant {variant:?}; there are {}", known.join(", "));
        }
        match kernel {
            None => rows.extend(ROWS.iter().filter(|row| row.variant() == variant)),
            Some(kernel) => {
                let kernel = kernel.parse().with_context(|| format!("{name}: no kernel version"))?;
                rows.push(swp_pte_atlas::find(variant, kernel).with_context(|| name.clone())?);
            }
        }
    }
    Ok(rows)
}
