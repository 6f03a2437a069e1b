//! What the fuzz targets of `walk` and `ps` run for hours, for a moment on every run of the tests: page tables that point
//! somewhere, and a small kernel of which a few bytes were changed. With `FUZZ_CORPUS=DIR` the inputs that these begin from are
//! written there, for a fuzzer to begin from too.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use quickcheck::{Arbitrary, Gen, QuickCheck};
use swp_pte_cli::walk::fuzzing;

use crate::seed;

/// Some pages, whose words are often pointers to a page of them, in the ways of the architectures.
#[derive(Clone, Debug)]
struct Tables(Vec<u8>);

impl Arbitrary for Tables {
    fn arbitrary(g: &mut Gen) -> Self {
        // Each geometry as often as the others; memory that repeats or not, either order, a root that is there.
        let (how, pages) = (u8::arbitrary(g), 2 + u64::from(u8::arbitrary(g) % 8));
        let mut bytes = vec![u8::arbitrary(g), how];
        let near = |g: &mut Gen| u64::arbitrary(g) >> (u8::arbitrary(g) % 64);
        let (one, two) = (near(g), near(g));
        let (first, last) = if bool::arbitrary(g) { (0, u64::MAX) } else { (one.min(two), one.max(two)) };
        let root = (u64::arbitrary(g) % pages) << 12;
        bytes.extend([root, first, last].into_iter().flat_map(u64::to_le_bytes));
        let style = u8::arbitrary(g) % 8;
        for _ in 0..pages * 512 {
            let page = u64::arbitrary(g) % pages;
            let word = match (u8::arbitrary(g), style) {
                (32.., _) => 0,
                (..6, _) => u64::arbitrary(g),
                (_, 0) => page << 12 | 0x67,
                (_, 1) => page << 12 | 3,
                (_, 2) => page << 10 | 1,
                (_, 3) => page << 12 | 0xb,
                (_, 4) => page << 12 | (u64::arbitrary(g) % 16),
                (_, 5) => 1 << 63 | page << 12 | 9,
                (_, 6) => page << 44 | page << 12 | 0x0067_0000_0067,
                _ => page << 12 | u64::arbitrary(g) & 0xfff | u64::arbitrary(g) << 58,
            };
            bytes.extend(if how & 2 == 0 { word.to_le_bytes() } else { word.to_be_bytes() });
        }
        Self(bytes)
    }
}

/// The small kernel, with some words or bytes changed.
#[derive(Clone, Debug)]
struct Kernel(Vec<u8>);

impl Arbitrary for Kernel {
    fn arbitrary(g: &mut Gen) -> Self {
        let seeds = seed::kernels();
        let mut bytes = g.choose(&seeds).cloned().unwrap_or_default();
        for _ in 0..u8::arbitrary(g) % 4 {
            let length = bytes.len().max(8);
            bytes.resize(length, 0);
            let (at, from) = (usize::arbitrary(g) % length, usize::arbitrary(g) % length);
            let (word, other) = (at & !7, from & !7);
            match u8::arbitrary(g) % 4 {
                0 => bytes[at] = u8::arbitrary(g),
                1 => bytes[at] ^= 1 << (from % 8),
                2 => {
                    let last = bytes.len() - 8;
                    bytes.copy_within(other.min(last)..other.min(last) + 8, word.min(last));
                }
                _ if u8::arbitrary(g) < 16 => bytes.truncate(at),
                _ => bytes[at] = 0xff,
            }
        }
        Self(bytes)
    }
}

/// Writes inputs where a fuzzer looks for them.
fn keep(target: &str, inputs: impl IntoIterator<Item = Vec<u8>>) {
    let Some(folder) = std::env::var_os("FUZZ_CORPUS") else { return };
    let folder = Path::new(&folder).join(target);
    fs::create_dir_all(&folder).unwrap();
    for (number, input) in inputs.into_iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), input).unwrap();
    }
}

#[test]
fn tables() {
    thread_local!(static DEEP: Cell<usize> = const { Cell::new(0) });
    fn test(tables: Tables) -> bool {
        DEEP.set(DEEP.get() + usize::from(fuzzing::tables(&tables.0) > 0));
        true
    }
    fn random(bytes: Vec<u8>) -> bool {
        fuzzing::tables(&bytes) <= bytes.len() * 512
    }
    QuickCheck::new().tests(300).min_tests_passed(300).quickcheck(test as fn(Tables) -> bool);
    QuickCheck::new().tests(1000).min_tests_passed(1000).quickcheck(random as fn(Vec<u8>) -> bool);
    // Enough of them get anywhere.
    assert!(DEEP.get() > 20, "{}", DEEP.get());
    let mut g = Gen::new(20);
    keep("tables", (0..64).map(|_| Tables::arbitrary(&mut g).0));
}

#[test]
fn kernel() {
    thread_local!(static FOUND: Cell<usize> = const { Cell::new(0) });
    fn test(kernel: Kernel) -> bool {
        FOUND.set(FOUND.get() + usize::from(fuzzing::kernel(&kernel.0) > 0));
        true
    }
    fn random(bytes: Vec<u8>) -> bool {
        fuzzing::kernel(&bytes) == 0
    }
    for seed in seed::kernels() {
        // A process and a thread of the kernel beside the first task, which no list has; two swap files.
        assert_eq!(fuzzing::kernel(&seed), 4);
    }
    QuickCheck::new().tests(1000).min_tests_passed(1000).quickcheck(test as fn(Kernel) -> bool);
    QuickCheck::new().tests(1000).min_tests_passed(1000).quickcheck(random as fn(Vec<u8>) -> bool);
    assert!(FOUND.get() > 500, "{}", FOUND.get());
    keep("kernel", seed::kernels());
}
