//! Dumps that somebody changed: whatever is in them, everything ends, and nothing panics.
#![expect(clippy::expect_used, reason = "in a test, a panic is the failure")]

use std::ops::ControlFlow;
use std::path::Path;

use swp_pte_dump::{Dump, Memory, Options};
use swp_pte_vmcore::{Given, Kernel};
use swp_pte_walk::{Budget, Walk};

/// Numbers in an order that is always the same.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 8).unwrap_or(0) % below.max(1)
    }
}

fn unpack(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/dumps").join(format!("{name}.elf.gz"));
    let mut bytes = Vec::new();
    let packed = std::fs::File::open(path).expect("a dump of this repository");
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut bytes).expect("gzip");
    bytes
}

/// All that there is to ask. What was found: processes, and entries of all of them.
fn ask(bytes: Vec<u8>) -> (usize, u64) {
    let Ok(dump) = Dump::of_bytes(bytes, &Options::default()) else { return (0, 0) };
    let Ok(kernel) = Kernel::find(&dump, &Given::default()) else { return (0, 0) };
    let _ = kernel.facts();
    let files = kernel.swap_files().unwrap_or_default();
    for file in &files {
        let _ = kernel.swap_count(file, 1);
    }
    let Ok(processes) = kernel.processes() else { return (0, 0) };
    let memory = dump.ranges().iter().map(swp_pte_dump::Range::bytes).sum();
    let budget = Budget::for_memory(memory);
    let mut entries = 0;
    for process in &processes.all {
        let Some(Ok(tables)) = &process.tables else { continue };
        let (geometry, root) = kernel.tree(&dump, tables);
        let walk = Walk::new(&geometry, root, &budget);
        let _: ControlFlow<()> = walk.range(
            0..=u64::MAX,
            |at, into| dump.read(at, into),
            |_| {
                entries += 1;
                ControlFlow::Continue(())
            },
        );
    }
    (processes.all.len(), entries)
}

#[test]
fn changed_dumps_end_and_nothing_panics() {
    for (name, rounds) in [("x86_64", 24), ("arm64", 16), ("s390", 24)] {
        let whole = unpack(name);
        let (processes, entries) = ask(whole.clone());
        assert!(processes > 40 && entries > 300, "{name}: {processes} {entries}");
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut other = 0;
        for round in 0..rounds {
            let mut bytes = whole.clone();
            // Where most bytes are zeros of tables that were cut down, half of the changes go to others.
            for _ in 0..1 << random.next(8) {
                let mut at = random.next(bytes.len());
                while round % 2 == 0 && bytes[at] == 0 {
                    at = (at + 1) % bytes.len();
                }
                let word = at & !7;
                match random.next(4) {
                    0 => bytes[at] ^= 1 << random.next(8),
                    1 => bytes[at] = 0xff,
                    // A pointer to somewhere else that is there.
                    2 => {
                        let from = random.next(bytes.len()) & !7;
                        bytes.copy_within(from..from + 8, word);
                    }
                    // A page over another.
                    _ => {
                        let (from, to) = (random.next(bytes.len()) & !4095, at & !4095);
                        if from.max(to) + 4096 <= bytes.len() {
                            bytes.copy_within(from..from + 4096, to);
                        }
                    }
                }
            }
            if round % 8 == 7 {
                bytes.truncate(random.next(whole.len()));
            }
            other += usize::from(ask(bytes) != (processes, entries));
        }
        // A test that changes nothing that is read would find nothing.
        assert!(other * 4 > rounds, "{name}: only {other} of {rounds} had any effect");
    }
}
