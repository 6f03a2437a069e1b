//! `swp-pte walk`: every page on swap of the processes in a dump.

mod check;
mod engine;
pub mod fuzzing;
mod place;
pub(crate) mod progress;
mod rows;
mod summary;

use std::io::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use swp_pte_vmcore::Kernel;

use crate::rows::can_be_parquet;
#[cfg(feature = "parquet")]
use crate::rows::parquet::Parquet;
use crate::scan::target_file::TargetFile;
use crate::vmcore::{DumpArgs, address, kernel_in, lacks};
use crate::{Error, output};

use engine::{Engine, Tree};
use place::Places;
use progress::Waiting;
use rows::{Csv, Jsonl, Nothing};
use summary::Summaries;

/// The options of `walk`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Only these addresses, from the first to the last: 0x7f0000000000-0x7f00ffffffff
    #[arg(long, value_name = "A-B", value_parser = range)]
    range: Option<RangeInclusive<u64>>,
    /// Rows of entries that are not present only: swap, migration, hwpoison, markers
    #[arg(long)]
    swapped: bool,
    /// Look for what cannot be: a page of swap that two entries name of which one is exclusive, entries beyond their
    /// swap file, pages named more often than the kernel counts
    #[arg(long, conflicts_with_all = ["csv", "parquet", "swapped"])]
    check: bool,
    /// Threads; without it, one per processor
    #[arg(long, value_name = "N", value_parser = crate::scan::threads)]
    threads: Option<u16>,
    #[command(flatten)]
    outputs: Outputs,
    // Last: what these options are for is said above them, and above all that follow.
    #[command(flatten)]
    dump: DumpArgs,
}

/// Whose memory; without any, that of all processes.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct Which {
    /// The process of this number
    #[arg(long, value_name = "N", value_parser = crate::input::plain::<u64>)]
    pid: Option<u64>,
    /// The processes of this name, as ps shows it: 15 bytes at most
    #[arg(long, value_name = "NAME")]
    comm: Option<String>,
    /// Page tables by the physical address of the highest one; on s390 the control element (ASCE) too
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pgd: Option<u64>,
    /// All processes, which is also what is done without any of these
    #[arg(long)]
    all: bool,
}

/// One row per entry; without any a summary.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct Outputs {
    /// One JSON object a line on standard output: the keys of `decode`, and whose and where it is
    #[arg(long)]
    json: bool,
    /// Comma-separated values; to a file, or standard output
    #[arg(long, value_name = "OUT", num_args = 0..=1, default_missing_value = "-")]
    csv: Option<PathBuf>,
    /// Parquet, to a file
    #[arg(long, value_name = "OUT")]
    parquet: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte walk vmcore                        what every process has on swap, biggest first
  swp-pte walk vmcore --pid 1234 --json
  swp-pte walk vmcore --comm mysqld --swapped --parquet swapped.parquet
  swp-pte walk memory.img --arch x86_64 --kernel 6.12.9 --pgd 0x5384000 --csv
  swp-pte walk vmcore --check

docs/dumps.md has the way from a crash to an answer.";

/// `A-B`.
fn range(text: &str) -> Result<RangeInclusive<u64>, String> {
    let (first, last) = text.split_once('-').ok_or("two addresses with - between them")?;
    let (first, last) = (address(first)?, address(last)?);
    if first > last {
        return Err("the first address is above the last".into());
    }
    Ok(first..=last)
}

/// Finds the processes, walks their page tables, and writes rows or a summary.
///
/// # Errors
/// [`Error`]: no dump, one that does not have what is needed (the message says what to give instead), an output that cannot
/// be written.
pub fn run(args: &Args) -> Result<(), Error> {
    let dump = args.dump.open()?;
    let path = &args.dump.dump;
    let mut given = args.dump.given()?;
    // Only names would be found by it then, and all of memory be read.
    given.no_search = args.which.pgd.is_some() && args.dump.is_whole();
    let kernel = match kernel_in(&dump, &given) {
        Ok(kernel) => Some(kernel),
        // With the root of the tables nothing else is needed.
        Err(lack) if args.which.pgd.is_some() => {
            let (what, why) = (&lack.what, &lack.why);
            output::complain("note", &format!("swap files have no names here: {what}: {why}"));
            None
        }
        Err(lack) => return Err(lacks(path, &lack)),
    };
    let trees = args.trees(&dump, kernel.as_ref())?;
    let machine = match &kernel {
        // A header can be wrong about ppc64's byte order.
        Some(kernel) => Some(kernel.machine),
        None => swp_pte_vmcore::machine_of_dump(&dump, given.machine).map_err(|lack| lacks(path, &lack))?,
    };
    let asked = args.dump.asked(kernel.as_ref(), machine)?;
    let files = kernel.as_ref().map_or_else(
        || Ok(Vec::new()),
        |kernel| {
            kernel.swap_files().or_else(|lack| {
                output::complain("note", &lack);
                Ok::<_, Error>(Vec::new())
            })
        },
    )?;
    let places = Places::new(&args.dump, &asked, &files)?;
    let engine = Engine::new(&dump, args.range.clone(), args.swapped, args.threads)?;
    if args.check {
        return check::run(&engine, &trees, &places, kernel.as_ref(), &files, args.outputs.json);
    }
    let summaries = args.outputs.write(&engine, &trees, &places, path)?;
    for summary in &summaries.all {
        summary.complain();
    }
    if args.outputs.is_none() {
        let mut out = output::text();
        summaries.text(&mut out, &places, &files)?;
        out.flush()?;
    }
    Ok(())
}

impl Args {
    /// The page tables that are meant.
    fn trees(&self, dump: &swp_pte_dump::Dump, kernel: Option<&Kernel<'_>>) -> Result<Vec<Tree>, Error> {
        let path = &self.dump.dump;
        if let Some(pgd) = self.which.pgd {
            let (geometry, root) = self.dump.tree_at(dump, kernel, pgd)?;
            return Ok(vec![Tree { pid: None, comm: None, geometry, root, last: None, unreadable: None }]);
        }
        let Some(kernel) = kernel else { return Ok(Vec::new()) };
        let processes = {
            let _waiting = Waiting::new("reading the list of processes");
            kernel.processes().map_err(|lack| lacks(path, &lack))?
        };
        if let Some(why) = &processes.cut_off {
            output::complain("warning", why);
        }
        let wanted = |process: &&swp_pte_vmcore::Process| match (self.which.pid, &self.which.comm) {
            (Some(pid), _) => process.pid == pid,
            (None, Some(comm)) => process.comm.as_ref() == Some(comm),
            (None, None) => process.mm.is_some(),
        };
        let mut trees: Vec<Tree> = Vec::new();
        for process in processes.all.iter().filter(wanted) {
            let tree = match &process.tables {
                Some(Ok(tables)) => {
                    let (geometry, root) = kernel.tree(dump, tables);
                    // Threads of which each has a process: one memory, which is walked once.
                    let twin = |other: &&Tree| other.root.at == root.at && other.unreadable.is_none();
                    if let Some(twin) = trees.iter().find(twin) {
                        let (pid, twin) = (process.pid, twin.pid.unwrap_or_default());
                        output::complain("note", &format!("process {pid} has the memory of {twin}"));
                        continue;
                    }
                    // Of 32-bit kernels it is a choice where user space ends.
                    let last = tables.task_size.filter(|size| geometry.address_bits == 32 && *size > 0);
                    let last = last.map(|size| size - 1);
                    Tree { pid: Some(process.pid), comm: process.comm.clone(), geometry, root, last, unreadable: None }
                }
                Some(Err(why)) => Tree::unreadable(process, kernel.space.geometry, why.to_string()),
                None if self.which.pid.is_some() => {
                    let what =
                        if process.kernel_thread { "a thread of the kernel" } else { "a process that has ended" };
                    let pid = process.pid;
                    return Err(Error::Input(format!("{}: {pid} is {what}: it has no memory", path.display())));
                }
                None => continue,
            };
            trees.push(tree);
        }
        let no_such = |what: String| {
            let count = processes.all.len();
            let how = "`swp-pte ps` lists them; a thread has the number of its process";
            Err(Error::Input(format!("{}: no process {what} among {count}; {how}", path.display())))
        };
        match (&self.which, trees.as_slice()) {
            (Which { pid: Some(pid), .. }, []) => no_such(pid.to_string()),
            (Which { comm: Some(comm), .. }, []) => {
                let names = processes.all.iter().filter(|one| one.mm.is_some()).filter_map(|one| one.comm.as_deref());
                let like = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &comm.to_lowercase());
                let near = names.max_by(|one, two| like(one).total_cmp(&like(two))).filter(|name| like(name) > 0.8);
                let near = near.map_or_else(String::new, |near| format!(" (\"{}\" is there)", output::shown(near)));
                no_such(format!("is called \"{}\"{near}", output::shown(comm)))
            }
            (Which { pid: Some(_), .. }, [Tree { unreadable: Some(why), .. }]) => Err(Error::Input(format!(
                "{}: the page tables of this process are not in the dump: {why}",
                path.display()
            ))),
            _ => Ok(trees),
        }
    }
}

impl Outputs {
    const fn is_none(&self) -> bool {
        !self.json && self.csv.is_none() && self.parquet.is_none()
    }

    fn write(&self, engine: &Engine<'_>, trees: &[Tree], places: &Places, dump: &Path) -> Result<Summaries, Error> {
        if self.json {
            // Not locked: pieces are written from whichever thread is free.
            let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout());
            let summaries = engine.run(trees, places, &Jsonl, &mut out, "cannot write the output")?;
            out.flush()?;
            return Ok(summaries);
        }
        let path = match (&self.csv, &self.parquet) {
            (Some(path), _) | (None, Some(path)) => path,
            (None, None) => return engine.run(trees, places, &Nothing, &mut std::io::sink(), ""),
        };
        if self.parquet.is_some() {
            can_be_parquet(path, "--csv and --json")?;
        }
        let mut file = TargetFile::create(path, dump)?;
        let what = file.what();
        let summaries = if self.csv.is_some() {
            let mut out = std::io::BufWriter::new(&mut file);
            Csv::begin(&mut out).map_err(Error::io(what.clone()))?;
            let summaries = engine.run(trees, places, &Csv, &mut out, &what)?;
            out.flush().map_err(Error::io(what))?;
            summaries
        } else {
            return write_parquet(engine, trees, places, file, &what);
        };
        file.keep()?;
        Ok(summaries)
    }
}

#[cfg(feature = "parquet")]
fn write_parquet(
    engine: &Engine<'_>,
    trees: &[Tree],
    places: &Places,
    file: TargetFile,
    what: &str,
) -> Result<Summaries, Error> {
    let columns = rows::parquet::columns();
    let mut out = Parquet::new(file, "entries", columns, places.about()).map_err(Error::io(what))?;
    let summaries = engine.run(trees, places, &rows::parquet::Plain, &mut out, what)?;
    out.into_inner().map_err(Error::io(what))?.keep()?;
    Ok(summaries)
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(
    engine: &Engine<'_>,
    trees: &[Tree],
    places: &Places,
    _: TargetFile,
    _: &str,
) -> Result<Summaries, Error> {
    // Never asked for: `can_be_parquet`.
    engine.run(trees, places, &Nothing, &mut std::io::sink(), "")
}
