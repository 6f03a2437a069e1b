//! `cargo bench -p swp-pte-cli --bench scan [-- --mib N] [--rounds N] [MIX…]`: the summary of an image beside a plain sum
//! over the same mapped words and beside `cat`, in one run, with the file in the page cache. The sum is compiled as the
//! summary is, for the vectors that the processor has; one thread is held against one, all against all, and the whole
//! program against a sum that maps the file anew too. `-- --make FILE` only makes an image.

mod image;

use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use comfy_table::{CellAlignment, Table, presets};
use rayon::prelude::*;
use swp_pte_atlas::{Row, newest};
use swp_pte_image::Image;
use swp_pte_scan::{Summary, Words, summarize};

/// The layouts that are timed; s390's words are read byte-swapped on a little-endian machine.
const VARIANTS: [&str; 3] = ["x86_64", "arm64", "s390"];

/// What a thread takes at a time, as the program does.
const PIECE: usize = 4 << 20;

#[derive(Parser)]
struct Args {
    /// Size of each image in MiB
    #[arg(long, default_value_t = 512)]
    mib: usize,
    /// How often everything is timed; the fastest counts
    #[arg(long, default_value_t = 7)]
    rounds: u32,
    /// Only write an image of the mix `tables` for x86_64 to this file; cargo runs benchmarks in the crate's folder
    #[arg(long, value_name = "FILE")]
    make: Option<PathBuf>,
    /// Which mixes; all, if none is named
    mixes: Vec<String>,
    /// What cargo hands to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args = Args::parse();
    if let Some(path) = &args.make {
        let tables = image::MIXES.iter().find(|mix| mix.name == "tables").context("the mix `tables`")?;
        image::write(path, newest("x86_64")?, tables, args.mib << 20)
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.canonicalize()?.display());
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new().build()?;
    let threads = pool.current_num_threads();
    println!("{} MiB an image, {threads} threads, the fastest of {} rounds; GB/s", args.mib, args.rounds);
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let many = [format!("sum, {threads} threads"), format!("scan, {threads} threads")];
    let header = [
        "layout",
        "mix",
        "cat",
        "sum, 1 thread",
        "scan, 1 thread",
        "ratio",
        &many[0],
        &many[1],
        "ratio",
        "sum, mapped anew",
        "program",
        "ratio",
    ];
    table.set_header(header);
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("image");
    for variant in VARIANTS {
        let row = newest(variant)?;
        for mix in image::MIXES {
            if !args.mixes.is_empty() && !args.mixes.iter().any(|wanted| wanted == mix.name) {
                continue;
            }
            image::write(&path, row, mix, args.mib << 20)?;
            let times = time_all(&path, row, args.rounds, &pool)?;
            #[expect(clippy::cast_precision_loss, reason = "a speed to one place")]
            let bytes = (args.mib << 20) as f64;
            let speed = |at: usize| format!("{:.1}", bytes / times[at].as_secs_f64() / 1e9);
            let ratio = |sum: usize| format!("{:.2}", times[sum].as_secs_f64() / times[sum + 1].as_secs_f64());
            let mut cells = vec![variant.to_owned(), mix.name.to_owned(), speed(0)];
            for sum in [1, 3, 5] {
                cells.extend([speed(sum), speed(sum + 1), ratio(sum)]);
            }
            eprintln!("{}", cells.join("  "));
            table.add_row(cells);
        }
    }
    println!("{table}\n");
    for mix in image::MIXES {
        println!("{}: {}", mix.name, mix.what);
    }
    Ok(())
}

/// The fastest of some rounds: `cat`, then sum and scan with one thread, with all, and with the mapping in the time.
fn time_all(path: &Path, row: &'static Row, rounds: u32, pool: &rayon::ThreadPool) -> Result<[Duration; 7]> {
    let mut best = [Duration::MAX; 7];
    let image = Image::open(path)?;
    let bytes = image.bytes();
    for _ in 0..rounds {
        let now = [
            time(|| cat(path))?,
            time(|| kept(&sum(bytes)))?,
            time(|| scan(row, bytes).map(drop))?,
            time(|| kept(&pool.install(|| sum_parallel(bytes))))?,
            time(|| pool.install(|| scan_parallel(row, bytes)).map(drop))?,
            time(|| {
                let image = Image::open(path)?;
                kept(&pool.install(|| sum_parallel(image.bytes())))
            })?,
            time(|| program(path, row))?,
        ];
        for (best, now) in best.iter_mut().zip(now) {
            *best = now.min(*best);
        }
    }
    Ok(best)
}

fn time(what: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    what()?;
    Ok(start.elapsed())
}

/// The compiler must not leave the sum out.
fn kept(sum: &u64) -> Result<()> {
    ensure!(*black_box(sum) != 1, "an image whose words sum up to 1");
    Ok(())
}

fn sum_parallel(bytes: &[u8]) -> u64 {
    bytes.par_chunks(PIECE).map(sum).reduce(|| 0, u64::wrapping_add)
}

/// The plain sum: what reading the words costs when nothing is asked of them.
fn sum(bytes: &[u8]) -> u64 {
    struct Sum<'a>(&'a [u8]);
    impl pulp::WithSimd for Sum<'_> {
        type Output = u64;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> u64 {
            self.0.as_chunks().0.iter().fold(0, |sum: u64, word| sum.wrapping_add(u64::from_ne_bytes(*word)))
        }
    }
    pulp::Arch::new().dispatch(Sum(bytes))
}

fn scan(row: &Row, bytes: &[u8]) -> Result<Summary> {
    let mut summary = Summary::new();
    for (number, piece) in bytes.chunks(PIECE).enumerate() {
        summarize(row.layout(), words(row, piece, number), &mut summary)?;
    }
    Ok(black_box(summary))
}

fn scan_parallel(row: &Row, bytes: &[u8]) -> Result<Summary> {
    let pieces = bytes.par_chunks(PIECE).enumerate();
    let read = pieces.try_fold(Summary::new, |mut summary, (number, piece)| {
        summarize(row.layout(), words(row, piece, number), &mut summary)?;
        anyhow::Ok(summary)
    });
    read.try_reduce(Summary::new, |mut one, other| {
        one.merge(&other);
        Ok(one)
    })
}

const fn words<'a>(row: &Row, piece: &'a [u8], number: usize) -> Words<'a> {
    Words::new(piece, row.layout().memory.order).at((number * PIECE) as u64)
}

fn cat(path: &Path) -> Result<()> {
    let null = File::options().write(true).open("/dev/null")?;
    ensure!(Command::new("cat").arg(path).stdout(null).status().context("cat")?.success(), "cat failed");
    Ok(())
}

fn program(path: &Path, row: &Row) -> Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swp-pte"));
    command.arg("scan").arg(path).args(["--arch", row.variant()]);
    let kernel = row.layout().source.kernels.first.to_string();
    command.args(["--kernel", &kernel]).stdout(Stdio::null());
    ensure!(command.status().context("swp-pte")?.success(), "swp-pte failed");
    Ok(())
}
