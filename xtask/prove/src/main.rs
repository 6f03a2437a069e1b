//! `cargo xtask prove`: compiles every function of every layout (package `probe`) and proves, on the machine code, that it
//! does for every input what the layout's data say. A program of its own, as its libraries are needed for nothing else.

mod build;
mod output;
mod planted;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use swp_pte_prove::{Facts, Failure, Function, Image, Prover, X86, functions, strangers};

use build::{BUILDS, Build};

/// Prove every compiled function of every layout, for every input, to do what the layout's data say
#[derive(Parser)]
#[command(name = "prove", bin_name = "cargo xtask prove")]
struct Args {
    /// Only this variant (may be given several times)
    #[arg(long, value_name = "V")]
    variant: Vec<String>,
    /// Not only as users compile it: also with the other levels of optimization, and for newer processors
    #[arg(long)]
    builds: bool,
    /// Instead: plant mistakes in a copy of the sources, each of which must be refuted
    #[arg(long, conflicts_with_all = ["variant", "builds", "json"])]
    planted: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What came out for one build.
struct Run {
    build: &'static Build,
    functions: usize,
    failures: Vec<Failure>,
    /// Without the build.
    seconds: f64,
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
    if args.planted {
        return planted::run();
    }
    let functions = select(&args.variant)?;
    let builds = if args.builds { &BUILDS[..] } else { BUILDS.get(..1).unwrap_or_default() };
    let mut runs = Vec::new();
    for build in builds {
        let objects = build.compile()?;
        let started = Instant::now();
        let image = Image::link(&objects).context("cannot link what was compiled")?;
        if let Some(stranger) = strangers(&image).first() {
            bail!("{stranger} is compiled, and nothing here proves it");
        }
        let failures = prove(&image, &functions);
        let run = Run { build, functions: functions.len(), failures, seconds: started.elapsed().as_secs_f64() };
        if !args.json {
            output::text(&run);
        }
        runs.push(run);
    }
    if args.json {
        output::json(&runs)?;
    }
    match runs.iter().map(|run| run.failures.len()).sum() {
        0 => Ok(()),
        failed => bail!("{failed} functions are not proved"),
    }
}

fn prove(image: &Image, functions: &[Function]) -> Vec<Failure> {
    let bar = progress(functions.len());
    let failures = functions.par_iter().map_init(
        || Prover::new(image, &X86),
        |prover, function| {
            let proof = prover.prove(function, &Facts::new(function.row.layout()));
            bar.inc(1);
            proof.err().map(|failure| *failure)
        },
    );
    let failures = failures.flatten().collect();
    bar.finish_and_clear();
    failures
}

/// The functions of the variants that were asked for; all, if none was named.
fn select(variants: &[String]) -> Result<Vec<Function>> {
    let all = functions();
    // A list from which something is gone is no proof of all.
    if all.len() != swp_pte_prove::FUNCTIONS {
        bail!(
            "the layouts have {} functions, and {} are pinned: whoever adds or drops one changes FUNCTIONS in \
             crates/prove/src/function.rs",
            all.len(),
            swp_pte_prove::FUNCTIONS
        );
    }
    let known = |variant: &String| all.iter().any(|function| function.row.variant() == variant);
    if let Some(unknown) = variants.iter().find(|variant| !known(variant)) {
        let mut names: Vec<_> = all.iter().map(|function| function.row.variant()).collect();
        names.dedup();
        bail!("unknown variant {unknown:?}; known are: {}", names.join(", "));
    }
    let wanted =
        |function: &Function| variants.is_empty() || variants.iter().any(|name| name == function.row.variant());
    Ok(all.into_iter().filter(wanted).collect())
}

/// A bar over the functions; a line where stderr is no terminal.
fn progress(functions: usize) -> ProgressBar {
    let bar = ProgressBar::new(functions as u64);
    if bar.is_hidden() {
        eprintln!("proving {functions} functions");
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} functions");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
