//! `cargo xtask live`: boots kernels of Debian's under qemu with a program of ours that makes pages of every kind, dumps
//! the guest's memory, and holds `swp-pte walk` against what the guest's own pagemap said.

mod compare;
mod debian;
mod initrd;
mod machine;
mod output;
mod progress;
mod qemu;
mod truth;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use xtask_shared::files;

use compare::{Score, compare};
use machine::{MACHINES, Machine};
use progress::Progress;
use qemu::Guest;
use truth::Truth;

/// Boot Debian kernels under qemu, dump their memory, and hold `swp-pte walk` against what they say of their pages
#[derive(Parser)]
#[command(name = "live", bin_name = "cargo xtask live")]
struct Args {
    /// Only this machine (may be given several times): x86_64, s390x, arm64, riscv64, ppc64le
    #[arg(long, value_name = "NAME", value_parser = MACHINES.map(|machine| machine.name))]
    arch: Vec<String>,
    /// The kernel: a version of Debian's, as 6.12.117-1; the .deb file of a linux-image package; or a folder that has
    /// what is in one (boot/vmlinuz-RELEASE and lib/modules/RELEASE) [default: the newest of the suites]
    #[arg(long, value_name = "VERSION|PATH")]
    kernel: Option<String>,
    /// A suite of Debian where kernels are looked for (may be given several times)
    #[arg(long, default_values = ["trixie"])]
    suite: Vec<String>,
    /// A format of the dump (may be given several times) [default: all]
    #[arg(long, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Where dumps and truth are kept [default: live/ in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Walk with the program as it is released, not as it is developed
    #[arg(long)]
    release: bool,
    /// How long a guest may take, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 20)]
    patience: u64,
}

/// Formats of a dump: those of qemu, and memory as it is.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Elf,
    KdumpZlib,
    KdumpLzo,
    KdumpSnappy,
    Raw,
}

impl Format {
    /// As qemu's monitor has it.
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// What came out for one dump of one machine.
struct Outcome {
    machine: &'static str,
    release: String,
    format: String,
    score: Result<Score>,
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
    let wanted = |machine: &&Machine| args.arch.is_empty() || args.arch.iter().any(|name| name == machine.name);
    let machines: Vec<_> = MACHINES.iter().filter(wanted).collect();
    let mut missing: Vec<_> = machines.iter().flat_map(|machine| machine.missing()).collect();
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        bail!("Debian packages are missing; as root: apt-get install --no-install-recommends {}", missing.join(" "));
    }
    let target = target_folder()?;
    let program = build(&target, args.release)?;
    let mut outcomes = Vec::new();
    let mut failed = Vec::new();
    for machine in machines {
        let mut progress = Progress::new(machine.name);
        match live(args, machine, &target, &program, &mut progress) {
            Ok((truth, found)) => {
                output::truth(&truth);
                outcomes.extend(found);
            }
            // The others are worth having all the same.
            Err(error) => failed.push(format!("{}: {error:#}", machine.name)),
        }
    }
    output::table(&outcomes);
    failed.extend(outcomes.iter().filter_map(output::fault));
    if !failed.is_empty() {
        bail!("{}", failed.join("\nerror: "));
    }
    Ok(())
}

/// cargo's: this program lies in a folder of it.
fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe().context("where is this program?")?;
    let folder = program.ancestors().nth(2).context("this program is in no target folder")?;
    Ok(folder.to_path_buf())
}

fn build(target: &Path, release: bool) -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--package", "swp-pte-cli", "--bin", "swp-pte", "--target-dir"]).arg(target);
    cargo.args(release.then_some("--release")).current_dir(files::root());
    if !cargo.status().context("cannot run cargo")?.success() {
        bail!("swp-pte does not build");
    }
    Ok(target.join(if release { "release" } else { "debug" }).join("swp-pte"))
}

fn live(
    args: &Args,
    machine: &'static Machine,
    target: &Path,
    program: &Path,
    progress: &mut Progress,
) -> Result<(Truth, Vec<Outcome>)> {
    let work = target.join("live").join(machine.name);
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let kernel = debian::kernel(machine, args.kernel.as_deref(), &args.suite, &work, progress)?;
    progress.step(&format!("putting {} and the guest's program together", kernel.release));
    let initrd = initrd::make(machine, &kernel, &work)?;
    progress.step("booting");
    let mut guest = Guest::start(machine, &kernel, &initrd, &work)?;
    let truth = guest.truth(Duration::from_secs(args.patience * 60), progress)?;
    if truth.release != kernel.release {
        bail!("the guest says that it is {}, and {} was started", truth.release, kernel.release);
    }
    guest.stop()?;
    let kept = args.keep.as_deref().unwrap_or(&work).join(format!("{}-{}", machine.name, kernel.release));
    fs::create_dir_all(&kept).with_context(|| format!("cannot make {}", kept.display()))?;
    // qemu and walk are started elsewhere.
    let kept = kept.canonicalize().with_context(|| format!("cannot find {}", kept.display()))?;
    let path = kept.join("truth.json");
    fs::write(&path, serde_json::to_string_pretty(&truth)?)
        .with_context(|| format!("cannot write {}", path.display()))?;

    let built = guest.formats()?;
    let mut outcomes = Vec::new();
    for format in Format::value_variants() {
        let name = format.name();
        let asked = args.format.contains(format);
        if !asked && !args.format.is_empty() {
            continue;
        }
        if !asked && *format != Format::Raw && !built.contains(&name) {
            progress.step(&format!("this {} was built without {name}", machine.qemu));
            continue;
        }
        progress.step(&format!("dumping as {name}"));
        let dump = kept.join(format!("dump.{name}"));
        let mut options = machine.told(&kernel.release);
        let written = if *format == Format::Raw {
            if machine.base != 0 {
                options.extend(["--base".to_owned(), format!("{:#x}", machine.base)]);
            }
            fs::copy(&guest.memory, &dump).map(drop).with_context(|| format!("cannot write {}", dump.display()))
        } else {
            guest.dump(&name, &dump)
        };
        let score = written.and_then(|()| {
            progress.step(&format!("walking {}", files::relative(&dump)));
            compare(program, &dump, &options, &truth)
        });
        outcomes.push(Outcome { machine: machine.name, release: kernel.release.clone(), format: name, score });
    }
    Ok((truth, outcomes))
}
