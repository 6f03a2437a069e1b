//! Words, layouts, names, files of kernels, releases and logs. `FUZZ_SECONDS=60 cargo test -p swp-pte-cli --test fuzzing --
//! --nocapture` goes on for as long with each of these readers, where there is no toolchain for fuzzers.

use std::time::{Duration, Instant};

use quickcheck::{Arbitrary, Gen, QuickCheck};
use swp_pte_cli::fuzzing;

/// Inputs of every reader, to begin from.
const SEEDS: [&[u8]; 16] = [
    include_bytes!("../../../../docs/pi.log"),
    include_bytes!("../../../../docs/example.log"),
    b"\x01" as &[u8],
    b"\x010x07ffffffffff7c0a\n0x0\n12\n",
    b"\x05{\"type\": 0, \"offset\": \"0x41\", \"exclusive\": true, \"variant\": \"s390\"}",
    b"swap_free: Bad swap file entry 0100d400\nBUG: Bad page map in process a  pte:806a0000 pmd:387c2831\nCPU: 0 PID: 1 Comm: a Tainted: G B 6.1.8-v7+ #8\n[<8011>] (do_DataAbort) from\n",
    b"\x03pte:800000bed4b380ba",
    b"\x032097152,0x100",
    b"6.12.117+deb13-amd64",
    b"ppc-book3s64-64k 6.12",
    include_bytes!("../../../../docs/layout.toml"),
    include_bytes!("../../../kernel/tests/files/config-6.12-amd64"),
    include_bytes!("../../../kernel/tests/files/System.map"),
    b"Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@host) #1 SMP\n",
    b"v6.2-rc4-480-g0123456789ab",
    b"\x9f\xeb\x01\0\x18\0\0\0\0\0\0\0\x14\0\0\0\x14\0\0\0\x1d\0\0\0\x01\0\0\0\x01\0\0\x06\x04\0\0\0\x0b\0\0\0\0\0\0\0\0pageflags\0PG_anon_exclusive\0",
];

/// What is put in, mostly.
const TEXTS: [&str; 8] = ["0", "5", "64", "-", ", 7", "\n", "", " "];

/// A seed with some bytes changed, taken out, or put in.
#[derive(Clone, Debug)]
struct Mutated(Vec<u8>);

impl Arbitrary for Mutated {
    fn arbitrary(g: &mut Gen) -> Self {
        let mut bytes = g.choose(&SEEDS).map_or_else(Vec::new, |seed| seed.to_vec());
        for _ in 0..u8::arbitrary(g) % 4 {
            let place = usize::arbitrary(g) % (bytes.len() + 1);
            let end = (place + usize::arbitrary(g) % 4).min(bytes.len());
            let new = if u8::arbitrary(g) < 32 {
                Vec::arbitrary(g)
            } else {
                g.choose(&TEXTS).unwrap_or(&"").as_bytes().into()
            };
            bytes.splice(place..end, new.into_iter().take(8));
        }
        Self(bytes)
    }
}

/// How long each reader is fed.
fn longer() -> Duration {
    Duration::from_secs(std::env::var("FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0))
}

macro_rules! random_tests {
    ($($reader:ident),*) => {
        $(
            #[test]
            fn $reader() {
                fn random(bytes: Vec<u8>) -> bool {
                    fuzzing::$reader(&bytes);
                    true
                }
                fn mutated(input: Mutated) -> bool {
                    fuzzing::$reader(&input.0);
                    true
                }
                let started = Instant::now();
                let mut inputs = 0;
                while inputs == 0 || started.elapsed() < longer() {
                    let mut check = QuickCheck::new().tests(1000).min_tests_passed(1000);
                    check.quickcheck(random as fn(Vec<u8>) -> bool);
                    check.quickcheck(mutated as fn(Mutated) -> bool);
                    inputs += 2000;
                }
                println!("{}: {inputs} inputs in {:?}", stringify!($reader), started.elapsed());
            }
        )*
    };
}

random_tests!(decode, encode, user_layout, names, kernel_file, release, log, forms);

/// The mutations leave enough input valid to get anywhere.
#[test]
fn some_mutated_layouts_are_layouts() {
    let mut g = Gen::new(20);
    let good = (0..10_000).filter(|_| {
        let Mutated(bytes) = Mutated::arbitrary(&mut g);
        str::from_utf8(&bytes).is_ok_and(|text| swp_pte_cli::user_layout::parse(text).is_ok())
    });
    let good = good.count();
    // As few of a thousand as 24 were seen, of ten thousand it is steady.
    assert!(good > 250, "{good}");
}
