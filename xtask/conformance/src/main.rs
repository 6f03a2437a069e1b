//! `cargo xtask conformance`: the main job. A program of its own, so that what else the tasks need is not compiled for it.

mod output;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use swp_pte::Level;
use swp_pte_conformance::{Backend, Coverage, Options, Report, VectorFile, history, subjects};
use xtask_shared::{files, vectors};

/// Hold every backend against itself, its data, and what the kernel's compiled headers answered
#[derive(Parser)]
#[command(name = "conformance", bin_name = "cargo xtask conformance")]
struct Args {
    /// Only this architecture (may be given several times)
    #[arg(long, value_name = "A")]
    arch: Vec<String>,
    /// Only this variant (may be given several times)
    #[arg(long, value_name = "V")]
    variant: Vec<String>,
    /// Also the vector files of this folder (may be given several times)
    #[arg(long, value_name = "DIR")]
    vectors: Vec<PathBuf>,
    /// Encode and decode every entry of the layouts of at most 2^32 encodings; takes minutes
    #[arg(long)]
    full: bool,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Seed of the random inputs; a failing run prints its own
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// What was found about one layout.
struct Row {
    report: Report,
    coverage: Coverage,
}

impl Row {
    /// Whether the kernel's headers were ever asked about this layout.
    const fn measured(&self) -> bool {
        !self.report.layout.source.measured.is_empty()
    }
}

/// The whole run.
struct Run {
    rows: Vec<Row>,
    seed: u64,
    seconds: f64,
    /// Vector files that were read but belong to layouts that were not selected.
    passed_over: usize,
}

impl Run {
    fn sum(&self, count: impl Fn(&Report) -> u64) -> u64 {
        self.rows.iter().map(|row| count(&row.report)).sum()
    }

    /// How many layouts of PTEs; the others are of a higher level.
    fn layouts(&self) -> usize {
        self.rows.iter().filter(|row| row.report.layout.source.level == Level::Pte).count()
    }

    fn failed(&self) -> u64 {
        self.sum(|report| report.failed)
    }
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
    let backends = select(args)?;
    let own = vectors::load(&files::vectors())?;
    vectors::check_manifest(&own)?;
    let mut all = own;
    for dir in &args.vectors {
        all.extend(vectors::load(dir)?);
    }

    let seed = args.seed.unwrap_or_else(clock);
    let size = if args.full { Options::full(seed) } else { Options::quick(seed) };
    let bar = progress(&backends, &size);
    let advance = |count| bar.inc(count);
    let options = Options { progress: &advance, ..size };
    let rows: Vec<_> = backends.par_iter().map(|backend| examine(backend, &options, &all)).collect();
    bar.finish_and_clear();

    let selected = |file: &&VectorFile| backends.iter().any(|backend| speaks_of(file, backend));
    let passed_over = all.len() - all.iter().filter(selected).count();
    let run = Run { rows, seed, seconds: started.elapsed().as_secs_f64(), passed_over };
    if args.json {
        output::json(&run)?;
    } else {
        output::table(&run);
    }
    match run.failed() {
        0 => Ok(()),
        failed => bail!("{failed} checks failed"),
    }
}

/// Suite, history and vectors of one layout.
fn examine(backend: &Backend, options: &Options<'_>, files: &[VectorFile]) -> Row {
    let (mut report, coverage) = backend.run(options);
    report.merge(history(backend.layout));
    for file in files.iter().filter(|file| speaks_of(file, backend)) {
        report.merge(file.run());
    }
    report.check_vectors_present();
    Row { report, coverage }
}

fn speaks_of(file: &VectorFile, backend: &Backend) -> bool {
    file.row().layout().source == backend.layout.source
}

/// The backends that were asked for; all, if none was named.
fn select(args: &Args) -> Result<Vec<Backend>> {
    let all = subjects();
    known("architecture", &args.arch, all.iter().map(|backend| backend.layout.source.arch))?;
    known("variant", &args.variant, all.iter().map(|backend| backend.layout.source.variant))?;
    let among = |names: &[String], name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let selected: Vec<_> = all
        .into_iter()
        .filter(|backend| {
            let source = &backend.layout.source;
            among(&args.arch, source.arch) && among(&args.variant, source.variant)
        })
        .collect();
    if selected.is_empty() {
        bail!("no layout is of that architecture and that variant: nothing to check");
    }
    Ok(selected)
}

/// Every name is one of those known, or the error lists them.
fn known<'a>(what: &str, names: &[String], known: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut known: Vec<_> = known.collect();
    known.dedup();
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => bail!("unknown {what} {unknown:?}; known are: {}", known.join(", ")),
        None => Ok(()),
    }
}

/// A seed that differs from run to run.
fn clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| u64::from(now.subsec_nanos()) ^ now.as_secs())
}

/// A bar over the encodings to enumerate; a line where stderr is no terminal.
fn progress(backends: &[Backend], options: &Options<'_>) -> ProgressBar {
    let encodings = backends.iter().map(|backend| backend.will_enumerate(options)).sum();
    if encodings == 0 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(encodings);
    if bar.is_hidden() {
        eprintln!("enumerating {encodings} encodings");
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent}% of {len} encodings, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
