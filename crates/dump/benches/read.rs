//! How fast memory comes out of dumps: `cargo bench -p swp-pte-dump -- DUMP…`. Three ways side by side, each in a process of
//! its own so that its memory can be told: the file is asked for every read (`read_at`), blocks that were read last are kept
//! (`kept`, which is what the program does), and the file is mapped (`mapped`).
#![expect(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a benchmark")]

use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use swp_pte_dump::{Dump, Memory, Missing, Options, Range};
use swp_pte_image::Image;

/// Reads of each kind.
const READS: u64 = 100_000;
/// Of a structure so many members are read.
const MEMBERS: u64 = 8;
/// At most so much is read from end to end.
const MOST: u64 = 2 << 30;

/// Addresses here and there, the same for everybody.
fn scattered(ranges: &[Range], count: u64, align: u64) -> Vec<u64> {
    let bytes: u64 = ranges.iter().map(Range::bytes).sum();
    let mut state = 14_u64;
    let mut next = || {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let mut at = (state >> 11) % bytes;
        let range = ranges.iter().find(|range| {
            let inside = at < range.bytes();
            at -= if inside { 0 } else { range.bytes() };
            inside
        });
        (range.unwrap().start + at) / align * align
    };
    (0..count).map(|_| next()).collect()
}

fn timed(mut read: impl FnMut()) -> Duration {
    let best = (0..5).map(|_| {
        let begun = Instant::now();
        read();
        begun.elapsed()
    });
    best.min().unwrap()
}

struct Mapped(Image);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

const WAYS: [&str; 3] = ["read_at", "kept", "mapped"];

fn open(path: &Path, way: &str) -> Dump {
    let options = Options { changes: way == "read_at", ..Options::default() };
    match way {
        "mapped" => Dump::of_bytes(Mapped(Image::open(path).unwrap()), &options).unwrap(),
        _ => Dump::of_file(File::open(path).unwrap(), &options).unwrap(),
    }
}

/// The most memory that the process ever had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// One way, in this process.
fn measure(path: &Path, way: &str) {
    let dump = open(path, way);
    // What is there, without holes, up to a limit.
    let (mut there, mut at, mut left) = (Vec::new(), 0, MOST);
    while let Some(next) = dump.next_data(at).filter(|_| left > 0) {
        there.push(Range { start: next.start, end: next.end.min(next.start + left) });
        left -= there.last().map_or(0, Range::bytes);
        at = next.end;
    }
    let bytes: u64 = there.iter().map(Range::bytes).sum();
    let mut buffer = vec![0; 1 << 20];
    let mut read = |at: u64, length: usize| {
        let found = dump.read(at, &mut buffer[..length]);
        assert!(matches!(found, Ok(()) | Err(Missing::Excluded { .. } | Missing::NotInDump { .. })), "{found:?}");
        black_box(buffer[0]);
    };
    let mut all = |length: u64| {
        let time = timed(|| {
            for range in &there {
                for at in (range.start..range.end).step_by(usize::try_from(length).unwrap()) {
                    read(at, usize::try_from(length.min(range.end - at)).unwrap());
                }
            }
        });
        bytes as f64 / time.as_secs_f64() / 1e9
    };
    let (pages, chunks) = (all(4096), all(1 << 20));
    let small = scattered(&there, READS, 8);
    let structures = scattered(&there, READS / MEMBERS, 1024);
    let large = scattered(&there, READS, 4096);
    let each = |time: Duration| time.as_nanos() as f64 / READS as f64;
    let small = each(timed(|| small.iter().for_each(|at| read(*at, 8))));
    let structures = each(timed(|| {
        structures.iter().for_each(|at| (0..MEMBERS).for_each(|member| read(*at + member * 104, 8)));
    }));
    let large = each(timed(|| large.iter().for_each(|at| read(*at, 4096))));
    let name = format!("{}, {way}", path.file_name().unwrap().to_string_lossy());
    let peak = peak() / 1024;
    println!("{name:<28} {small:>9.0} {structures:>10.0} {large:>9.0} {pages:>10.2} {chunks:>10.2} {peak:>8}");
}

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let (Ok(way), [path]) = (std::env::var("SWP_PTE_BENCH_WAY"), arguments.as_slice()) {
        return measure(Path::new(path), &way);
    }
    println!("{:<28} {:>9} {:>10} {:>9} {:>21} {:>8}", "", "8 bytes", "a member", "4 KiB", "all of it, GB/s", "peak");
    println!("{:<28} {:>9} {:>10} {:>9} {:>10} {:>10} {:>8}", "", "ns", "ns", "ns", "by 4 KiB", "by 1 MiB", "MiB");
    let program = std::env::current_exe().unwrap();
    for path in &arguments {
        for way in WAYS {
            let status = Command::new(&program).arg(path).env("SWP_PTE_BENCH_WAY", way).status().unwrap();
            assert!(status.success(), "{path}, {way}");
        }
    }
}
