//! `cargo xtask ci`: everything that CI runs, up to the first failure.
//!
//! In two lanes, since most steps keep one processor busy: one shows its output as it comes; the other, with what builds
//! into folders of its own, writes to files that are shown when each step ends.
//!
//! Some steps need more than a Rust toolchain: foreign machines, and a kernel's source with its compilers. Where their
//! packages are missing, the run says that they were not run; with `--all`, which is what `.ci/run` says after it has
//! installed them, that is a failure.

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::cross::native;
use crate::files;

/// What is tested optimized beside what others link: what reads whole images, and what holds it all against the kernel's
/// answers.
const ALSO_OPTIMIZED: [&str; 2] = ["swp-pte-image", "swp-pte-conformance"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where a step cannot run for want of packages, instead of passing it over
    #[arg(long)]
    all: bool,
}

/// A command of CI.
struct Step {
    name: &'static str,
    command: Command,
}

impl Step {
    fn new(name: &'static str, program: impl AsRef<Path>, args: &[&str]) -> Self {
        let mut command = Command::new(program.as_ref());
        command.current_dir(files::root()).args(args);
        Self { name, command }
    }

    fn cargo(name: &'static str, args: &[&str]) -> Self {
        Self::new(name, "cargo", args)
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let (beside, mut skipped) = beside(args.all)?;
    let mut shown = main();
    match oracle() {
        Some(step) => shown.push(step),
        None => skipped.push("oracle"),
    }
    if args.all {
        ensure!(skipped.is_empty(), "{} cannot run; .ci/run has the list of packages", skipped.join(", "));
    }
    let failed = AtomicBool::new(false);
    let (shown, hidden) = thread::scope(|scope| {
        let hidden = scope.spawn(|| lane(beside, &failed, captured));
        (lane(shown, &failed, live), hidden.join())
    });
    let Ok(hidden) = hidden else { bail!("the second lane ended in a panic") };
    match (shown, hidden) {
        (Err(one), Err(other)) => bail!("{one:#}\nerror: {other:#}"),
        (shown, hidden) => shown.and(hidden)?,
    }
    if !skipped.is_empty() {
        println!("── NOT RUN for want of packages, which .ci/run lists: {}", skipped.join(", "));
    }
    Ok(())
}

/// What builds into the workspace's own folder.
fn main() -> Vec<Step> {
    let mut steps = vec![
        Step::cargo("fmt", &["fmt", "--all", "--check"]),
        Step::cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        // The README's test command.
        Step::cargo("test", &["test", "--workspace"]),
    ];
    // Optimized as users compile them: the crates that they link, and the consumers. The programs are the same lines of
    // Rust in both profiles, and take longest to compile.
    let mut optimized = Step::cargo("test, optimized", &["test", "--release"]);
    for package in native::linked().into_iter().chain(ALSO_OPTIMIZED.map(str::to_owned)) {
        optimized.command.args(["--package", &package]);
    }
    let mut doc = Step::cargo("doc", &["doc", "--workspace", "--no-deps"]);
    doc.command.env("RUSTDOCFLAGS", "-D warnings");
    steps.extend([optimized, doc]);
    steps.push(Step::cargo("tidy", &["xtask", "tidy"]));
    steps.push(Step::cargo("page", &["xtask", "page", "--check"]));
    // Only x86_64 is read.
    if cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        steps.push(Step::cargo("prove", &["xtask", "prove"]));
        steps.push(Step::cargo("proofs that must fail", &["xtask", "prove", "--planted"]));
        // Every changed fact, and 10^5 words for each function beside the processor; `cargo test` takes a part of them.
        let own = ["test", "-p", "swp-pte-prove", "--test", "own", "--", "--ignored"];
        steps.push(Step::cargo("proofs, held to account", &own));
    }
    steps.push(Step::cargo("Python package", &["xtask", "python", "--sanitize"]));
    steps.push(Step::cargo("package", &["xtask", "package"]));
    steps.push(Step::cargo("conformance", &["xtask", "conformance"]));
    steps.push(Step::cargo("lifecycle", &["xtask", "lifecycle"]));
    steps
}

/// What builds elsewhere, and what cannot run here.
fn beside(all: bool) -> Result<(Vec<Step>, Vec<&'static str>)> {
    // This very program: `cargo xtask` would wait for what the other lane builds.
    let own = env::current_exe().context("where this program lies is not known")?;
    let task = |name, args: &[&str]| Step::new(name, &own, args);
    let (mut steps, mut skipped) = (Vec::new(), Vec::new());
    if can(task("", &["cross", "--check-tools", "--ci"])) {
        steps.push(task("foreign machines", &["cross", "--ci", "--engine", "native"]));
        steps.push(task("planted mistakes", &["cross", "--planted", "--engine", "native"]));
    } else {
        skipped.extend(["foreign machines", "planted mistakes"]);
    }
    // These look at the machines whose compilers are here, and say which are not.
    let with = |args: &[&'static str]| [args, if all { &["--all"] } else { &[] }].concat();
    steps.push(task("asm", &with(&["asm"])));
    steps.push(task("C library", &with(&["c"])));
    Ok((steps, skipped))
}

/// The oracle on a kernel's source; `None` where that or its compilers are missing.
fn oracle() -> Option<Step> {
    let kernel = Path::new("/usr/src/linux-source-6.12.tar.xz").exists();
    let tools = ["xtask", "oracle", "--check-tools", "--variant", "x86_64", "--variant", "s390"];
    let oracle = ["test", "-p", "swp-pte-oracle", "--test", "oracle", "--", "--ignored"];
    (kernel && can(Step::cargo("", &tools))).then(|| Step::cargo("oracle", &oracle))
}

/// Whether a command succeeds. What is missing is said on stderr, and so is what cargo builds for the question.
fn can(mut step: Step) -> bool {
    step.command.stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs steps one after another, until one fails in this lane or the other.
fn lane(steps: Vec<Step>, failed: &AtomicBool, run: fn(&mut Step) -> Result<bool>) -> Result<()> {
    for mut step in steps {
        if failed.load(Ordering::Relaxed) {
            break;
        }
        println!("── {}", step.name);
        let started = Instant::now();
        let passed = run(&mut step).with_context(|| format!("{} did not run", step.name)).and_then(|passed| {
            ensure!(passed, "{} failed: {:?}", step.name, step.command);
            Ok(())
        });
        if passed.is_err() {
            failed.store(true, Ordering::Relaxed);
        }
        passed?;
        println!("── {}: {:.1} s", step.name, started.elapsed().as_secs_f64());
    }
    Ok(())
}

/// With its output in view.
fn live(step: &mut Step) -> Result<bool> {
    Ok(step.command.status()?.success())
}

/// With its output in a file, shown in one piece when it ends.
fn captured(step: &mut Step) -> Result<bool> {
    let path = log(step.name)?;
    println!(
        "   {}: beside the others; its output comes when it ends, until then in {}",
        step.name,
        files::relative(&path)
    );
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let passed = step.command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).status()?.success();
    let output = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut out = io::stdout().lock();
    writeln!(out, "── output of {}", step.name)?;
    out.write_all(&output)?;
    Ok(passed)
}

/// Where the output of a step goes.
fn log(name: &str) -> Result<PathBuf> {
    let folder = files::root().join("target").join("ci");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder.join(format!("{}.log", name.replace(' ', "-"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(name: &'static str, script: &str) -> Step {
        Step::new(name, "sh", &["-c", script])
    }

    #[test]
    fn a_failure_is_named_and_ends_both_lanes() {
        let failed = AtomicBool::new(false);
        let error =
            lane(vec![shell("first", "true"), shell("second", "exit 3")], &failed, live).unwrap_err().to_string();
        assert!(error.starts_with("second failed: "), "{error}");
        assert!(failed.load(Ordering::Relaxed));
        // What would fail is not begun.
        lane(vec![shell("third", "exit 4")], &failed, live).unwrap();
    }

    #[test]
    fn what_cannot_start_is_a_failure() {
        let failed = AtomicBool::new(false);
        let error = lane(vec![Step::new("absent", "/nonexistent", &[])], &failed, live).unwrap_err().to_string();
        assert!(error.contains("absent did not run"), "{error}");
        assert!(failed.load(Ordering::Relaxed));
    }

    #[test]
    fn output_of_the_second_lane_is_kept() {
        assert!(captured(&mut shell("a test of ci", "echo said; echo told >&2")).unwrap());
        assert_eq!(files::read(&log("a test of ci").unwrap()).unwrap(), "said\ntold\n");
    }
}
