//! How fast memory comes out of dumps: `cargo bench -p swp-pte-dump -- DUMP…`. Each dump is read as this crate does it; one
//! in which memory lies as it is also through a mapping, which is the other way that there is.
#![expect(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a benchmark")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use swp_pte_dump::{Dump, Memory, Missing, Options, Range, open};
use swp_pte_image::Image;

/// Reads of each kind.
const READS: u64 = 100_000;

/// Addresses here and there, the same for everybody.
fn scattered(ranges: &[Range], align: u64) -> Vec<u64> {
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
    (0..READS).map(|_| next()).collect()
}

fn timed(mut read: impl FnMut()) -> Duration {
    let best = (0..5).map(|_| {
        let begun = Instant::now();
        read();
        begun.elapsed()
    });
    best.min().unwrap()
}

/// Bytes at a place of the mapped file.
fn mapped<'a>(dump: &Dump, image: &'a Image, at: u64, length: usize) -> Option<&'a [u8]> {
    let start = usize::try_from(dump.file_position(at)?).ok()?;
    image.bytes().get(start..start + length)
}

fn main() {
    println!("{:<28} {:>12} {:>12} {:>12}", "", "8 bytes, ns", "4 KiB, ns", "all, GB/s");
    for path in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        let dump = open(Path::new(&path), &Options::default()).unwrap();
        let readable = dump.readable().ranges;
        let (small, large) = (scattered(&readable, 8), scattered(&readable, 4096));
        let name = Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        let line = |how: &str, [small, large, all]: [Duration; 3]| {
            let each = |time: Duration| time.as_nanos() as f64 / READS as f64;
            let bytes: u64 = readable.iter().map(Range::bytes).sum();
            let speed = bytes as f64 / all.as_secs_f64() / 1e9;
            println!("{:<28} {:>12.0} {:>12.0} {:>12.2}", format!("{name}, {how}"), each(small), each(large), speed);
        };
        let mut bytes = vec![0; 4096];
        let mut read = |at: u64, length: usize| {
            let found = dump.read(at, &mut bytes[..length]);
            assert!(matches!(found, Ok(()) | Err(Missing::Excluded { .. } | Missing::NotInDump { .. })), "{found:?}");
            black_box(bytes[0]);
        };
        let times = [
            timed(|| small.iter().for_each(|at| read(*at, 8))),
            timed(|| large.iter().for_each(|at| read(*at, 4096))),
            timed(|| {
                for range in &readable {
                    (range.start..range.end).step_by(4096).for_each(|at| read(at, 4096));
                }
            }),
        ];
        line("read", times);
        if dump.pieces().is_empty() || dump.is_flattened() {
            continue;
        }
        let image = Image::open(Path::new(&path)).unwrap();
        let mut page = vec![0; 4096];
        let mut copy = |at: u64, length: usize| {
            let Some(there) = mapped(&dump, &image, at, length) else { return };
            page[..length].copy_from_slice(there);
            black_box(page[0]);
        };
        let times = [
            timed(|| small.iter().for_each(|at| copy(*at, 8))),
            timed(|| large.iter().for_each(|at| copy(*at, 4096))),
            timed(|| {
                for range in &readable {
                    (range.start..range.end).step_by(4096).for_each(|at| copy(at, 4096));
                }
            }),
        ];
        line("mapped", times);
    }
}
