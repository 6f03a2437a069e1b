//! What the fuzz targets of `scan` run for hours, for a moment on every run of the tests.

use quickcheck::{Arbitrary, Gen, QuickCheck};
use swp_pte_cli::scan::fuzzing;

/// Bytes with runs in them, as page tables have.
#[derive(Clone, Debug)]
struct Image(Vec<u8>);

impl Arbitrary for Image {
    fn arbitrary(g: &mut Gen) -> Self {
        let mut bytes = vec![u8::arbitrary(g), u8::arbitrary(g)];
        for _ in 0..u8::arbitrary(g) % 16 {
            let word = u64::arbitrary(g).to_le_bytes();
            bytes.extend(word.repeat(usize::arbitrary(g) % 100));
        }
        bytes.extend(vec![0; usize::from(u8::arbitrary(g) < 32)]);
        Self(bytes)
    }
}

/// Four numbers, and something like a shard.
#[derive(Clone, Debug)]
struct Part(Vec<u8>);

impl Arbitrary for Part {
    fn arbitrary(g: &mut Gen) -> Self {
        let small = bool::arbitrary(g);
        let mut bytes = Vec::new();
        for _ in 0..4 {
            let number = u64::arbitrary(g);
            bytes.extend(if small { number % 4096 } else { number }.to_le_bytes());
        }
        let (number, of) = (u64::arbitrary(g), u64::arbitrary(g));
        let shard = if small { format!("{}/{}", number % 9, of % 9) } else { format!("{number}/{of}") };
        bytes.extend(shard.bytes());
        Self(bytes)
    }
}

#[test]
fn image() {
    fn test(image: Image) -> bool {
        fuzzing::image(&image.0);
        true
    }
    QuickCheck::new().tests(300).min_tests_passed(300).quickcheck(test as fn(Image) -> bool);
}

#[test]
fn part() {
    fn test(part: Part) -> bool {
        fuzzing::part(&part.0);
        true
    }
    fn random(bytes: Vec<u8>) -> bool {
        fuzzing::part(&bytes);
        true
    }
    QuickCheck::new().tests(2000).min_tests_passed(2000).quickcheck(test as fn(Part) -> bool);
    QuickCheck::new().tests(2000).min_tests_passed(2000).quickcheck(random as fn(Vec<u8>) -> bool);
}

/// The beginning of a dump of some format, with some numbers behind it.
#[derive(Clone, Debug)]
struct Dump(Vec<u8>);

impl Arbitrary for Dump {
    fn arbitrary(g: &mut Gen) -> Self {
        const BEGINNINGS: [&[u8]; 5] = [
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0",
            b"\x7fELF\x01\x02\x01\0\0\0\0\0\0\0\0\0\0\x04\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x34",
            b"KDUMP   \x06\0\0\0",
            b"makedumpfile\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x01",
            b"EMiL\x01\0\0\0",
        ];
        let mut bytes = vec![u8::arbitrary(g)];
        bytes.extend(g.choose(&BEGINNINGS).copied().unwrap_or_default());
        if u8::arbitrary(g) < 64 {
            bytes.resize(4097, 0);
        }
        for _ in 0..u8::arbitrary(g) {
            let number = u64::arbitrary(g);
            let number = if bool::arbitrary(g) { number % 512 } else { number };
            bytes.extend(if bool::arbitrary(g) { number.to_le_bytes() } else { number.to_be_bytes() });
        }
        Self(bytes)
    }
}

#[test]
fn dump() {
    fn test(dump: Dump) -> bool {
        fuzzing::dump(&dump.0);
        true
    }
    QuickCheck::new().tests(3000).min_tests_passed(3000).quickcheck(test as fn(Dump) -> bool);
}
