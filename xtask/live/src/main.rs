//! `cargo xtask live`: boots kernels of Debian's under qemu with a program of ours that makes pages of every kind, dumps
//! the guest's memory, and holds `swp-pte walk` against what the guest's own pagemap said.

mod compare;
mod debian;
mod initrd;
mod kcore;
mod machine;
mod moving;
mod output;
mod progress;
mod qemu;
mod rows;
mod truth;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use xtask_shared::files;

use compare::Score;
use debian::Kernel;
use machine::{MACHINES, MEMORY, Machine};
use moving::{Caught, Memory};
use progress::Progress;
use qemu::{Guest, Shape};
use rows::Rows;
use truth::Truth;

/// How often a guest is stopped until pages are on the way to another node.
const TRIES: u32 = 40;

/// Boot Debian kernels under qemu, dump their memory, and hold `swp-pte walk` against what they say of their pages
#[derive(Parser)]
#[command(name = "live", bin_name = "cargo xtask live", term_width = 80)]
struct Args {
    /// Only this machine (may be given several times)
    #[arg(long, value_name = "NAME", value_parser = MACHINES.map(|machine| machine.name))]
    arch: Vec<String>,
    /// The kernel: a version of Debian's, as 6.12.117-1; the .deb file of a linux-image package; or a folder that has
    /// what is in one (boot/vmlinuz-RELEASE and lib/modules/RELEASE) [default: the newest of the suites]
    #[arg(long, value_name = "VERSION|PATH")]
    kernel: Option<String>,
    /// A suite of Debian where kernels are looked for (may be given several
    /// times) [default: trixie; bookworm for i386]
    #[arg(long)]
    suite: Vec<String>,
    /// A format of the dump (may be given several times) [default: all]
    #[arg(long, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Where dumps and truth are kept [default: live/ in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Instead of pages of every kind, a process with so many of 4 KiB on swap,
    /// which is kept to measure with
    #[arg(long, value_name = "COUNT")]
    pages: Option<u64>,
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

/// Everything that one machine is run with.
struct Run<'a> {
    args: &'a Args,
    machine: &'static Machine,
    program: &'a Path,
    work: PathBuf,
}

impl Run<'_> {
    fn start(&self, kernel: &Kernel, progress: &mut Progress) -> Result<Guest> {
        progress.step(&format!("putting {} and the guest's program together", kernel.release));
        // Only a program for the machine that this one is runs in the guest.
        let walks = (self.machine.runs_here() && self.args.pages.is_none()).then_some(self.program);
        let initrd = initrd::make(self.machine, kernel, walks, &self.work)?;
        let shape = match self.args.pages {
            // Swap counts its pages in memory: some 20 bytes each, page tables among them.
            Some(pages) => Shape {
                memory: (MEMORY + ((pages * 48) >> 20)).next_multiple_of(256),
                disk: pages * 4096 / 16 * 17 + (64 << 20),
                told: format!("live.pages={pages}"),
            },
            None => Shape { memory: MEMORY, disk: 64 << 20, told: String::new() },
        };
        progress.step("booting");
        Guest::start(self.machine, kernel, &initrd, &shape, &self.work)
    }

    /// Stops the guest while pages are on the way from one node to another, if any are moved: again and again, until each
    /// kind of migration entry was seen once. All that is seen on the way is checked.
    fn stop(
        &self,
        guest: &mut Guest,
        kernel: &Kernel,
        truth: &Truth,
        memory: &Memory,
        progress: &mut Progress,
    ) -> Result<()> {
        guest.stop()?;
        let Some(pid) = truth.moving.first().map(|moving| moving.pid) else { return Ok(()) };
        let dump = self.work.join("tried.elf");
        let mut seen = BTreeMap::new();
        for tried in 1..=TRIES {
            guest.dump("elf", &dump)?;
            let rows = Rows::of_dump(self.program, &dump, &self.machine.told(kernel), pid, truth)?;
            let mut now = 0;
            for moving in &truth.moving {
                let caught = Caught::judge(&rows, moving, memory, truth);
                if let Some(wrong) = caught.wrong.first() {
                    bail!("stopped while pages move, {} of {} are wrong: {wrong}", caught.wrong.len(), caught.checked);
                }
                now += caught.migrating;
                *seen.entry(moving.entry.as_str()).or_insert(0) += caught.migrating;
            }
            let all: Vec<_> = seen.iter().map(|(entry, count)| format!("{count} {entry}")).collect();
            let found = all.join(", ");
            progress.step(&format!("stopped {tried} times while pages move: {found}"));
            if now > 0 && seen.values().all(|&count| count > 0) {
                break;
            }
            if tried == TRIES {
                bail!("no page of some kind was caught while it moved, in {TRIES} tries: {found}");
            }
            guest.go_on()?;
            // Steps that have no common measure with what the guest does.
            thread::sleep(Duration::from_millis(20 + u64::from(tried) * 37 % 101));
            guest.stop()?;
        }
        let _ = fs::remove_file(&dump);
        Ok(())
    }
}

fn live(
    args: &Args,
    machine: &'static Machine,
    target: &Path,
    program: &Path,
    progress: &mut Progress,
) -> Result<(Truth, Vec<Outcome>)> {
    // Both may run at once.
    let work = target.join("live").join(format!("{}{}", machine.name, args.pages.map_or("", |_| "-pages")));
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let stable = [machine.suite.to_owned()];
    let suites = if args.suite.is_empty() { stable.as_slice() } else { &args.suite };
    let kernel = debian::kernel(machine, args.kernel.as_deref(), suites, &work, progress)?;
    let run = Run { args, machine, program, work };
    let mut guest = run.start(&kernel, progress)?;
    let mut truth = guest.truth(Duration::from_secs(args.patience * 60), progress)?;
    if !machine.has_exclusive(&truth.release) {
        truth.regions.iter_mut().for_each(|region| region.exclusive = None);
    }
    if truth.release != kernel.release {
        bail!("the guest says that it is {}, and {} was started", truth.release, kernel.release);
    }
    let memory = Memory::open(&guest.memory, machine.base)?;
    run.stop(&mut guest, &kernel, &truth, &memory, progress)?;
    let kept = args.keep.as_deref().unwrap_or(&run.work).join(format!("{}-{}", machine.name, kernel.release));
    fs::create_dir_all(&kept).with_context(|| format!("cannot make {}", kept.display()))?;
    // qemu and walk are started elsewhere.
    let kept = kept.canonicalize().with_context(|| format!("cannot find {}", kept.display()))?;
    let path = kept.join("truth.json");
    fs::write(&path, serde_json::to_string_pretty(&truth)?)
        .with_context(|| format!("cannot write {}", path.display()))?;

    let outcome =
        |format: String, score| Outcome { machine: machine.name, release: kernel.release.clone(), format, score };
    let mut outcomes = Vec::new();
    if let Some(score) = kcore::compare(&truth, &guest.answers) {
        outcomes.push(outcome("/proc/kcore".to_owned(), score));
    }
    let built = guest.formats()?;
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
        let mut options = machine.told(&kernel);
        let written = if *format == Format::Raw {
            if machine.base != 0 {
                options.extend(["--base".to_owned(), format!("{:#x}", machine.base)]);
            }
            options.extend(machine.unsaid.into_iter().flat_map(|name| ["--arch", name].map(str::to_owned)));
            joined(&guest.memory, &dump)
        } else {
            guest.dump(&name, &dump)
        };
        let score = written.and_then(|()| {
            progress.step(&format!("walking {}", files::relative(&dump)));
            Score::of_dump(program, &dump, &options, &truth, &memory)
        });
        outcomes.push(outcome(name, score));
    }
    Ok((truth, outcomes))
}

/// The memory of all nodes in one file.
fn joined(memory: &[PathBuf], dump: &Path) -> Result<()> {
    let mut file = File::create(dump).with_context(|| format!("cannot write {}", dump.display()))?;
    for path in memory {
        let copied = File::open(path).and_then(|mut part| io::copy(&mut part, &mut file));
        copied.with_context(|| format!("cannot copy {} to {}", path.display(), dump.display()))?;
    }
    Ok(())
}
