//! `swp-pte scan`: every word of a page-table image, a memory image, or the memory of a dump.

mod engine;
pub mod fuzzing;
mod interrupt;
mod islands;
mod memory;
mod part;
mod report;
mod rows;
pub(crate) mod source;
pub(crate) mod target_file;

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use swp_pte::{Level, MemoryOrder};
use swp_pte_dump::Dump;
use swp_pte_forms::SwapFiles;
use swp_pte_image::Image;
use swp_pte_scan::Summary;

use crate::input::plain;
use crate::kconfig::{ConfigArgs, page_shift};
use crate::rows::can_be_parquet;
#[cfg(feature = "parquet")]
use crate::rows::parquet::Parquet;
use crate::target::{KernelArgs, NameParser, Target, Wanted};
use crate::{Error, output};

use engine::{Job, Reads};
use memory::{Gone, MemoryJob, Stretches};
use part::Shard;
use report::Report;
use rows::csv::Csv;
use rows::jsonl::Jsonl;
use source::Source;
use target_file::TargetFile;

/// The options of `scan`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The image or dump: a file or a block device; - is standard input
    file: PathBuf,
    /// The architecture, or one of its variants
    #[arg(long, value_name = "VARIANT", value_parser = NameParser, required_unless_present = "layout")]
    arch: Option<Wanted>,
    /// A layout of your own, as TOML: what `cargo xtask oracle --toml` writes, or docs/layout.toml
    #[arg(long, value_name = "TOML", conflicts_with = "arch")]
    layout: Option<PathBuf>,
    #[command(flatten)]
    kernel: KernelArgs,
    #[command(flatten)]
    config: ConfigArgs,
    /// Byte order of the words; without it, that of the architecture's page tables
    #[arg(long)]
    endian: Option<Endian>,
    /// Page size of the kernel, as 4K or 16K: ppc 8xx with 16K pages keeps each word four times, and it is read once
    #[arg(long, value_name = "SIZE", value_parser = page_shift)]
    page_size: Option<u32>,
    /// The file is memory alone, and its first byte has this physical address: rows then have addresses
    #[arg(long, value_name = "ADDRESS", value_parser = number, conflicts_with_all = ["start", "length"])]
    base: Option<u64>,
    /// Where in the file to begin, in bytes; of a dump, all memory is read without it
    #[arg(long, value_name = "BYTES", value_parser = number)]
    start: Option<u64>,
    /// Begin at any byte, also inside of a word: a dump's memory need not begin at a multiple of one
    #[arg(long, requires = "start")]
    unaligned: bool,
    /// How much to read, in bytes
    #[arg(long, value_name = "BYTES", value_parser = number)]
    length: Option<u64>,
    /// Only the I-th of N equal parts, 1/N to N/N; together they give the rows of the whole
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Threads; without it, one per processor
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<u16>,
    /// The summary as one JSON object
    #[arg(long)]
    json: bool,
    /// The pages of each swap file, that of type 0 first: rows are then those of pages inside them only, and counted
    #[arg(long, value_name = "N[,N…]", value_parser = crate::swap_files::list)]
    swap_pages: Option<SwapFiles>,
    #[command(flatten)]
    outputs: Outputs,
}

pub(crate) fn threads(text: &str) -> Result<u16, String> {
    let threads = plain(text)?;
    if (1..=1024).contains(&threads) { Ok(threads) } else { Err("1 to 1024 threads".into()) }
}

/// One row per swap PTE; `-` is standard output, and the summary then goes to standard error.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct Outputs {
    /// Write one row per swap PTE as comma-separated values; - is standard output
    #[arg(long, value_name = "OUT")]
    csv: Option<PathBuf>,
    /// Write one row per swap PTE as JSON lines; - is standard output
    #[arg(long, value_name = "OUT")]
    jsonl: Option<PathBuf>,
    /// Write one row per swap PTE as Parquet
    #[arg(long, value_name = "OUT")]
    parquet: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte scan tables.bin --arch s390 --kernel 6.1
  swp-pte scan vmcore --arch x86_64 --kernel 6.1 --csv swap.csv
  swp-pte scan memory.img --arch arm64 --kernel 6.12.9 --start 0x40000000 --length 0x10000000 --json
  swp-pte scan memory.img --arch x86_64 --kernel 6.1 --parquet swap.parquet
  swp-pte scan memory.img --arch x86_64 --kernel 6.1 --shard 2/8 --csv part2.csv";

/// A byte order by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Endian {
    /// Most significant byte first
    Big,
    /// Least significant byte first
    Little,
}

impl From<Endian> for MemoryOrder {
    fn from(endian: Endian) -> Self {
        match endian {
            Endian::Big => Self::Big,
            Endian::Little => Self::Little,
        }
    }
}

/// A number of bytes, decimal or hexadecimal.
pub(crate) fn number(text: &str) -> Result<u64, String> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None => (text, 10),
    };
    // A sign is none of them.
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err("not a number of bytes, as 4096 or 0x1000".into());
    }
    u64::from_str_radix(digits, radix).map_err(|error| format!("{error}; a number of bytes, as 4096 or 0x1000"))
}

/// Reads an image or a dump, writes the rows, prints the summary.
///
/// # Errors
/// [`Error`]: a file that cannot be read, or that shrinks; numbers outside it; an output that cannot be written.
pub fn run(args: &Args) -> Result<(), Error> {
    let asked = args.kernel.with_config(&args.config)?;
    let target = match (&args.layout, &args.arch) {
        (Some(path), _) => Target::of_file(path, &asked)?,
        (None, Some(arch)) => Target::find(arch, &asked, Level::Pte)?,
        (None, None) => return Err(Error::Usage("give --arch, or a --layout".into())),
    };
    let layout = target.row.layout();
    let copies = layout.memory.copies(args.page_size.or(target.build.page_shift).unwrap_or(layout.page_shift));
    let scan = Scan {
        args,
        word: u64::from(layout.width / 8 * copies),
        copies,
        order: args.endian.map_or(layout.memory.order, MemoryOrder::from),
        pool: rayon::ThreadPoolBuilder::new()
            .num_threads(args.threads.map_or(0, usize::from))
            .build()
            .map_err(|error| Error::Input(format!("cannot start threads: {error}")))?,
        target,
    };
    match source::memory(&args.file, args.start.is_some(), args.base)? {
        Source::Image(image) => scan.image(&image),
        Source::Dump(dump, image) => scan.dump(&dump, image.as_ref()),
    }
}

/// What is to be done with either kind of file.
struct Scan<'a> {
    args: &'a Args,
    target: Target,
    order: MemoryOrder,
    copies: u32,
    /// Bytes of an entry, with its copies.
    word: u64,
    pool: rayon::ThreadPool,
}

impl Scan<'_> {
    /// Every word of a file.
    fn image(&self, image: &Image) -> Result<(), Error> {
        let args = self.args;
        let input = |error: &dyn std::fmt::Display| Error::Input(format!("{}: {error}", args.file.display()));
        if args.start.is_none() {
            source::refuse_dumps(image.bytes()).map_err(|error| input(&error))?;
        }
        let size = image.bytes().len() as u64;
        let bytes = part::bytes(size, self.word, args.start, args.length, args.shard, args.unaligned)
            .map_err(|error| input(&error))?;
        let index = |at: u64| usize::try_from(at).map_err(|error| input(&error));
        let range = index(bytes.start)?..index(bytes.end)?;
        self.say_what_is_assumed();
        let job = Job {
            image,
            range,
            row: self.target.row,
            order: self.order,
            copies: self.copies,
            pool: &self.pool,
            files: args.swap_pages,
            inside: AtomicU64::new(0),
        };
        let summary = args.outputs.write(&job)?;
        self.report(bytes, &summary, job.inside.into_inner(), None)
    }

    /// The memory of a dump.
    fn dump(&self, dump: &Dump, image: Option<&Image>) -> Result<(), Error> {
        let args = self.args;
        if args.length.is_some() {
            return Err(Error::Usage(
                "this is a dump, of which all memory is read; --length is for --start, which takes the file's bytes"
                    .into(),
            ));
        }
        for warning in dump.warnings() {
            output::complain("note", warning);
        }
        let readable = dump.readable();
        let stretches = Stretches::new(&readable.ranges, self.word);
        let words = stretches.bytes() / self.word;
        let words = args.shard.map_or(0..words, |shard| shard.words(words));
        self.say_what_is_assumed();
        let gone = Gone { excluded: readable.excluded, truncated: readable.truncated, ..Gone::default() };
        let job = MemoryJob {
            dump,
            image,
            path: &args.file,
            stretches: &stretches,
            part: words.start * self.word..words.end * self.word,
            row: self.target.row,
            order: self.order,
            copies: self.copies,
            pool: &self.pool,
            files: args.swap_pages,
            inside: AtomicU64::new(0),
            gone: Mutex::new(gone),
        };
        let summary = args.outputs.write(&job)?;
        let gone = job.gone.into_inner().unwrap_or_else(PoisonError::into_inner);
        let memory = report::OfDump { dump, bytes: stretches.bytes(), ranges: stretches.count(), gone };
        self.report(stretches.ends(), &summary, job.inside.into_inner(), Some(memory))
    }

    fn say_what_is_assumed(&self) {
        if let Some(arch) = &self.args.arch {
            self.target.say_if_assumed(arch);
        }
    }

    fn report(
        &self,
        bytes: Range<u64>,
        summary: &Summary,
        inside: u64,
        dump: Option<report::OfDump<'_>>,
    ) -> Result<(), Error> {
        let args = self.args;
        let report = Report {
            file: &args.file,
            target: &self.target,
            order: self.order,
            copies: self.copies,
            bytes,
            dump,
            shard: args.shard,
            summary,
            inside: args.swap_pages.map(|_| inside),
        };
        match (args.json, args.outputs.is_stdout()) {
            (true, true) => writeln!(std::io::stderr(), "{}", report.json())?,
            (true, false) => writeln!(output::data(), "{}", report.json())?,
            (false, true) => report.text(&mut anstream::stderr())?,
            (false, false) => {
                let mut out = output::text();
                report.text(&mut out)?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

impl Outputs {
    fn path(&self) -> Option<&Path> {
        self.csv.as_deref().or(self.jsonl.as_deref()).or(self.parquet.as_deref())
    }

    fn is_stdout(&self) -> bool {
        self.path() == Some(Path::new("-"))
    }

    /// Reads an image or a dump, with the rows if there is an output.
    fn write(&self, job: &impl Reads) -> Result<Summary, Error> {
        let Some(path) = self.path() else { return job.summary() };
        if self.parquet.is_some() {
            can_be_parquet(path, "--csv and --jsonl")?;
        }
        let file = TargetFile::create(path, job.path())?;
        if let Some(image) = job.mapped() {
            image.on_shrink_remove(file.passing_name());
        }
        let what = file.what();
        let layout = job.row().layout();
        let (summary, file) = if self.csv.is_some() {
            let mut file = file;
            let begun = Csv::begin(&mut file, job.is_dump());
            let format = begun.and_then(|()| Csv::new(layout)).map_err(Error::io(what.clone()))?;
            (job.rows(&format, &mut file, &what)?, file)
        } else if self.jsonl.is_some() {
            let mut file = file;
            let format = Jsonl::new(layout).map_err(Error::io(what.clone()))?;
            (job.rows(&format, &mut file, &what)?, file)
        } else {
            write_parquet(job, file, &what)?
        };
        file.keep()?;
        if let Some(image) = job.mapped() {
            image.on_shrink_remove(None);
        }
        Ok(summary)
    }
}

#[cfg(feature = "parquet")]
fn write_parquet(job: &impl Reads, file: TargetFile, what: &str) -> Result<(Summary, TargetFile), Error> {
    let source = job.row().layout().source;
    let about = [
        ("variant", source.variant.to_owned()),
        ("kernels", source.kernels.to_string()),
        ("byte_order", job.order().name().to_owned()),
    ];
    let columns = rows::parquet::columns(job.is_dump());
    let mut out = Parquet::new(file, "swap_ptes", columns, about).map_err(Error::io(what))?;
    let summary = job.rows(&rows::parquet::Plain::new(job.row().layout()), &mut out, what)?;
    Ok((summary, out.into_inner().map_err(Error::io(what))?))
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(job: &impl Reads, file: TargetFile, _: &str) -> Result<(Summary, TargetFile), Error> {
    // Never asked for: `can_be_parquet`.
    Ok((job.summary()?, file))
}
