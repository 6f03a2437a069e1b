//! Builds the swap helpers of a kernel source tree with each architecture's real compiler, asks them, and compares.
//!
//! A program first, which `cargo xtask oracle` starts: [`Args`] is its command line, [`run`] all that it does. What it
//! trusts and how it works is told in `docs/oracle.md`.

mod ask;
mod build;
mod c_files;
mod compare;
mod headers;
mod layout;
mod lines;
mod literal;
mod memory;
mod names;
mod outcome;
mod pmd;
mod present;
mod probe;
mod prove;
mod questions;
mod report;
mod sources;
mod stand_in;
mod toml;
mod tools;
mod tree;
mod variants;
mod write;

#[cfg(test)]
mod tests;

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{MultiProgress, ProgressBar};
use rayon::prelude::*;
use swp_pte::KernelVersion;

use ask::{Answers, Program};
use build::{Build, Built};
use lines::Provenance;
use outcome::{Outcome, Verdict};
use tree::Tree;
use variants::{Compiler, Machine, VARIANTS, Variant};
use write::{Kind, Output};

/// The command line.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// A Linux source tree from 5.10 on, or debian:X.Y for an installed linux-source-X.Y
    #[arg(long, value_name = "TREE", required_unless_present_any = ["check_tools", "headers"])]
    kernel: Option<String>,
    /// Instead of a source tree, the headers of an installed kernel, whatever it is: /lib/modules/$(uname -r)/build
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kernel", "arch", "variant", "check_tools"])]
    headers: Option<PathBuf>,
    /// Only this architecture (may be given several times)
    #[arg(long, value_name = "A")]
    arch: Vec<String>,
    /// Only this variant or configuration (may be given several times)
    #[arg(long, value_name = "V")]
    variant: Vec<String>,
    /// Write the answers as vector files into this folder; a file that is there keeps its questions
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
    /// Ask the programs that an earlier run built for this tree, whatever has changed in it since; build what is missing
    #[arg(long)]
    reuse: bool,
    /// How many variants are built side by side; as many as there are processors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Also prove each helper, on the machine code of this tree, to be for every word what the layout says
    #[arg(long)]
    prove: bool,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Print the layout that was probed for each variant, agreeing or not
    #[arg(long)]
    layout: bool,
    /// Write each layout that was probed into this folder, as TOML: `swp-pte decode --layout FILE` and its like read it
    #[arg(long, value_name = "DIR")]
    toml: Option<PathBuf>,
    /// List the programs that are needed, and whether they are here
    #[arg(long)]
    check_tools: bool,
    /// Where trees are unpacked and built; `target/oracle` of this workspace if not given
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

impl Args {
    /// The folder that the oracle works in, absolute: kbuild and its log are started from elsewhere.
    fn work(&self) -> Result<PathBuf> {
        let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/oracle");
        let folder = self.work.clone().unwrap_or_else(own);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        fs::canonicalize(&folder).with_context(|| format!("cannot work in {}", folder.display()))
    }
}

/// How a run ends, as the process's exit code. 1 is every other error, 2 a wrong command line.
mod exit {
    /// The layout is known, and yet an answer differs from ours.
    pub(super) const MISMATCH: u8 = 3;
    /// A layout that the atlas does not have for this kernel.
    pub(super) const UNKNOWN_LAYOUT: u8 = 4;
}

/// Builds, asks, compares, and says what came of it.
///
/// # Errors
/// No kernel tree, a missing program, a failed build, nothing compared. Differences are no errors but exit codes of their
/// own: 3 for an answer, 4 for a layout.
pub fn run(args: &Args) -> Result<ExitCode> {
    let headers = args.headers.as_deref().map(Tree::headers).transpose()?;
    let variants = match headers.as_ref().and_then(|tree| Some((tree, tree.configured.as_ref()?))) {
        Some((tree, configured)) => configured.variants(tree)?,
        None => select(args)?,
    };
    let tools = tools::needed(&variants);
    if args.check_tools {
        return tools::list(&tools).map(|()| ExitCode::SUCCESS);
    }
    let home = args.work()?;
    let tree = match headers {
        Some(tree) => tree,
        None => Tree::open(args.kernel.as_deref().unwrap_or_default(), &home)?,
    };
    tools::require(&tools)?;
    for (option, folder) in [("write", &args.write), ("toml", &args.toml)] {
        if let Some(folder) = folder.as_deref().filter(|folder| folder.exists() && !folder.is_dir()) {
            bail!("--{option} {}: not a folder", folder.display());
        }
    }

    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build()?;
    let progress = MultiProgress::new();
    let outcomes: Vec<_> =
        pool.install(|| variants.par_iter().map(|variant| examine(&tree, variant, args, &home, &progress)).collect());
    if args.json {
        report::json(&tree, &outcomes, started.elapsed())?;
    } else {
        report::table(&tree, &outcomes, started.elapsed(), args.layout);
    }
    let outputs: Vec<_> = outcomes.iter().flat_map(|outcome| &outcome.outputs).collect();
    for (folder, kind) in [(&args.write, Kind::Vectors), (&args.toml, Kind::Layout)] {
        if let Some(folder) = folder {
            let outputs: Vec<_> = outputs.iter().copied().filter(|output| output.kind == kind).collect();
            write::write(folder, &outputs)?;
            eprintln!("{} files written to {}", outputs.len(), folder.display());
        }
    }
    end(&outcomes)
}

/// The exit code that the outcomes add up to.
fn end(outcomes: &[Outcome]) -> Result<ExitCode> {
    let compared = || {
        outcomes.iter().filter_map(|outcome| match &outcome.verdict {
            Verdict::Compared(comparison) => Some(comparison),
            _ => None,
        })
    };
    if compared().any(|comparison| comparison.change.is_some()) {
        return Ok(ExitCode::from(exit::UNKNOWN_LAYOUT));
    }
    if compared().any(|comparison| comparison.mismatches() > 0) {
        return Ok(ExitCode::from(exit::MISMATCH));
    }
    let failed = outcomes.iter().filter(|outcome| matches!(outcome.verdict, Verdict::Failed(_))).count();
    if failed > 0 {
        bail!("{failed} variants could not be built or asked");
    }
    if compared().next().is_none() {
        bail!("every variant was skipped: nothing was compared");
    }
    Ok(ExitCode::SUCCESS)
}

/// The variants that were asked for.
fn select(args: &Args) -> Result<Vec<&'static Variant>> {
    let known = |names: &[String], known: &[&'static str], what: &str| match names
        .iter()
        .find(|name| !known.contains(&name.as_str()))
    {
        Some(unknown) => bail!("unknown {what} {unknown:?}; known are: {}", known.join(", ")),
        None => Ok(()),
    };
    let mut arches: Vec<_> = VARIANTS.iter().map(|variant| variant.machine.arch).collect();
    arches.dedup();
    known(&args.arch, &arches, "architecture")?;
    let mut names: Vec<_> = VARIANTS.iter().flat_map(|variant| [variant.config, variant.variant]).collect();
    names.sort_unstable();
    names.dedup();
    known(&args.variant, &names, "variant")?;
    let among =
        |names: &[String], own: &[&str]| names.is_empty() || names.iter().any(|name| own.contains(&name.as_str()));
    let selected: Vec<_> = VARIANTS
        .iter()
        .filter(|it| among(&args.arch, &[it.machine.arch]) && among(&args.variant, &[it.config, it.variant]))
        .collect();
    if selected.is_empty() {
        bail!("no variant is of that architecture and that name: nothing to ask");
    }
    Ok(selected)
}

/// One variant from the tree to the verdict.
fn examine(tree: &Tree, variant: &'static Variant, args: &Args, home: &Path, progress: &MultiProgress) -> Outcome {
    let started = Instant::now();
    let bar = progress.add(ProgressBar::new_spinner());
    bar.enable_steady_tick(Duration::from_millis(200));
    let step = |what: &'static str| bar.set_message(format!("{}: {what}", variant.config));
    let mut log = None;
    let result = (|| -> Result<(Verdict, Vec<Output>)> {
        let build = Build::new(tree, variant, home, args.reuse)?;
        log = Some(build.log.clone());
        let program = match build.run(&step)? {
            Built::Program(program) => program,
            Built::Skipped(reason) => return Ok((Verdict::Skipped(reason), Vec::new())),
        };
        step("ask");
        let mut program = Program { path: &program, emulator: variant.machine.emulator };
        let (mut verdict, outputs) = ask(tree, variant, args, &mut program)?;
        if let (true, Verdict::Compared(comparison)) = (args.prove, &mut verdict)
            && let Some(row) = comparison.known
        {
            step("prove");
            let release = tree.release.parse().with_context(|| format!("{:?} is no release", tree.release))?;
            comparison.proof = Some(prove::prove(&build, variant, row, &release, &program.constants()?)?);
        }
        Ok((verdict, outputs))
    })();
    let (verdict, outputs) = result.unwrap_or_else(|error| (Verdict::Failed(format!("{error:#}")), Vec::new()));
    bar.finish_and_clear();
    let outcome = Outcome { variant, verdict, outputs, log, seconds: started.elapsed().as_secs_f64() };
    // What the bars do for people, for whoever reads a log.
    if !std::io::stderr().is_terminal() {
        eprintln!("{}: {}", variant.config, report::verdict(&outcome));
    }
    outcome
}

/// The conversation with one variant's program.
fn ask(
    tree: &Tree,
    variant: &'static Variant,
    args: &Args,
    kernel: &mut dyn Answers,
) -> Result<(Verdict, Vec<Output>)> {
    let constants = kernel.constants()?;
    let compiler = compiler(variant.machine)?;
    let provenance = Provenance::new(tree, variant, &compiler, &constants);
    let mut comparison = compare::compare(kernel, &provenance, tree.version)?;
    comparison.add(0, names::missing(&constants, tree.version));
    // The record's names of bits were read in trees from 5.10 on.
    if let Some(row) = comparison.known
        && tree.version >= KernelVersion::new(5, 10)
    {
        let sources = sources::check(&tree.path, variant, row.layout(), &constants)?;
        comparison.add(sources.checks, sources.mismatches);
    }
    let mut outputs = Vec::new();
    if let (Some(folder), Some(probed)) = (&args.write, &comparison.probed) {
        outputs.extend(write::files(kernel, &provenance, &tree.label(), probed, folder)?);
    }
    if let (Some(_), Some(probed)) = (&args.toml, &comparison.probed) {
        let known = match (comparison.known, &comparison.change) {
            (Some(row), _) => Ok(row),
            (None, Some(change)) => Err(&**change),
            (None, None) => bail!("nothing was probed"),
        };
        outputs.push(toml::file(probed, &provenance, &tree.label(), known)?);
    }
    Ok((Verdict::Compared(Box::new(comparison)), outputs))
}

/// What the compiler calls itself, and for whom it stands in.
fn compiler(machine: &Machine) -> Result<String> {
    let name = machine.program();
    let output = Command::new(&name).arg("--version").env("LC_ALL", "C").output();
    let output = output.with_context(|| format!("cannot run {name}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.lines().next().with_context(|| format!("{name} --version says nothing"))?;
    Ok(match machine.compiler {
        Compiler::Gcc(_) => version.to_owned(),
        Compiler::Clang(target) => format!("{version} --target={target}"),
        Compiler::StandIn { bits, .. } => format!("{version} -m{bits}, standing in for {}", machine.arch),
    })
}
