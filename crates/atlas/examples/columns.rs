//! How long columns of ten million words take: `cargo run --release -p swp-pte-atlas --example columns`. Prints the seconds of the
//! fastest of nine runs, for whoever stands beside it (`bindings/python/bench.py`).

use std::time::Instant;

use swp_pte::{MemoryOrder, SwpEntry};
use swp_pte_atlas::{Columns, find};

const WORDS: usize = 10_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let row = find("x86_64", "6.12".parse()?)?;
    // Half of them entries, as bench.py makes them.
    let mut bytes = Vec::with_capacity(WORDS * 8);
    for i in 0..WORDS as u64 {
        let entry = SwpEntry::from_parts(i % 20, i)?;
        let word = if i % 2 == 0 { row.encode(entry)?.bits() } else { i << 12 | 0x67 };
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    let mut fastest = f64::INFINITY;
    for _ in 0..9 {
        let started = Instant::now();
        let (mut kind, mut swp_type, mut markers) = (vec![0; WORDS], vec![0; WORDS], vec![0; WORDS]);
        let mut offset = vec![0; WORDS];
        let columns = Columns { kind: &mut kind, swp_type: &mut swp_type, markers: &mut markers, offset: &mut offset };
        row.decode_columns(&bytes, MemoryOrder::Little, columns)?;
        fastest = fastest.min(started.elapsed().as_secs_f64());
        std::hint::black_box((kind, swp_type, markers, offset));
    }
    println!("{fastest}");
    Ok(())
}
