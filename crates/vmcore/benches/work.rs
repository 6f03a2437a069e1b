//! What is asked of dumps, by each way of reading them: `cargo bench -p swp-pte-vmcore -- DUMP…`. The file is asked for every
//! read (`read_at`), blocks that were read last are kept (`kept`, which is what the program does), the file is mapped
//! (`mapped`); each in a process of its own so that its memory can be told. One thread.
//!
//! `ps` is the kernel and its processes, `walk` every entry of all of them; of a dump without VMCOREINFO, as the example
//! `swapped` of `swp-pte-walk` writes it, `ps` is the search for it (not of the
//! mapped file, of which it is not known where holes are) and `walk` the tree at 0x1000.
#![expect(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a benchmark")]

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use swp_pte_dump::{Dump, Memory, Options};
use swp_pte_image::Image;
use swp_pte_vmcore::{Given, Kernel};
use swp_pte_walk::{Budget, Geometry, Item, Root, Walk, X86_64};

const WAYS: [&str; 3] = ["read_at", "kept", "mapped"];

struct Mapped(Image);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

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

/// The trees of all processes, and how many processes there are. A mapping does not know where holes are.
fn ps(dump: &Dump, way: &str) -> (Vec<(Geometry, Root)>, usize) {
    let given = Given { no_search: way == "mapped", ..Given::default() };
    let Ok(kernel) = Kernel::find(dump, &given) else { return (vec![(X86_64, Root::new(0x1000))], 0) };
    let _ = kernel.swap_files();
    let processes = kernel.processes().unwrap().all;
    let tables = processes.iter().filter_map(|process| process.tables.as_ref()?.as_ref().ok());
    (tables.map(|tables| kernel.tree(dump, tables)).collect(), processes.len())
}

/// How many entries there are.
fn walk(dump: &Dump, trees: &[(Geometry, Root)]) -> u64 {
    let bytes = dump.ranges().iter().map(swp_pte_dump::Range::bytes).sum();
    let mut entries = 0;
    for (geometry, root) in trees {
        let budget = Budget::for_memory(bytes);
        let read = |at: u64, into: &mut [u8]| dump.read(at, into);
        let _: ControlFlow<()> = Walk::new(geometry, *root, &budget).range(0..=geometry.last_user, read, |item| {
            entries += u64::from(matches!(item, Item::Entry(_)));
            ControlFlow::Continue(())
        });
    }
    entries
}

/// One way, in this process.
fn measure(path: &Path, way: &str) {
    let (mut best, mut all) = ([Duration::MAX; 2], (0, 0));
    for _ in 0..5 {
        let begun = Instant::now();
        let dump = open(path, way);
        let (trees, processes) = ps(&dump, way);
        let found = begun.elapsed();
        let entries = walk(&dump, &trees);
        best = [best[0].min(found), best[1].min(begun.elapsed() - found)];
        all = (processes, entries);
    }
    let name = format!("{}, {way}", path.file_name().unwrap().to_string_lossy());
    let [ps, walk] = best.map(|time| time.as_secs_f64() * 1e3);
    println!("{name:<32} {ps:>10.2} {:>10} {walk:>10.2} {:>10} {:>8.1}", all.0, all.1, peak() as f64 / 1024.0);
}

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let (Ok(way), [path]) = (std::env::var("SWP_PTE_BENCH_WAY"), arguments.as_slice()) {
        return measure(Path::new(path), &way);
    }
    println!("{:<32} {:>10} {:>10} {:>10} {:>10} {:>8}", "", "ps, ms", "processes", "walk, ms", "entries", "peak MiB");
    let program = std::env::current_exe().unwrap();
    for path in &arguments {
        for way in WAYS {
            let status = Command::new(&program).arg(path).env("SWP_PTE_BENCH_WAY", way).status().unwrap();
            assert!(status.success(), "{path}, {way}");
        }
    }
}
