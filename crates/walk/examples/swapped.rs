//! Writes a dump of an x86_64 machine of so many GiB in which one process has so many pages on swap, to measure with:
//! `cargo run --release -p swp-pte-walk --example swapped -- PAGES GIB NEW`. Its tables lie all over the memory, the rest is a
//! hole in the file; the highest table is at 0x1000, and the process has nothing else. Words are of kernels from 5.19 on, every
//! second one exclusive.

use std::error::Error;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

const PAGE: u64 = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pages, gib, new] = arguments.as_slice() else { return Err("swapped PAGES GIB NEW".into()) };
    let (pages, memory): (u64, u64) = (pages.parse()?, gib.parse::<u64>()? << 30);
    let ptes = pages.div_ceil(512);
    let (pmds, puds) = (ptes.div_ceil(512), ptes.div_ceil(512).div_ceil(512));
    let all = 1 + puds + pmds + ptes;
    // Spread over the memory, each at a page of its own.
    let stride = (memory / PAGE).checked_sub(2).map(|pages| pages / all).filter(|stride| *stride > 0);
    let stride = stride.ok_or("the tables do not fit into this memory")?;
    let at = |number: u64| PAGE + number * stride * PAGE;
    let mut file = File::create(new)?;
    let mut header = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    header.extend([4, 0, 62, 0, 1, 0, 0, 0]);
    header.extend([0_u64, 64, 0].iter().flat_map(|number| number.to_le_bytes()));
    header.extend([0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    header.extend([1, 0, 0, 0, 7, 0, 0, 0]);
    header.extend([PAGE, 0, 0, memory, memory, PAGE].iter().flat_map(|number| number.to_le_bytes()));
    file.write_all(&header)?;
    file.set_len(PAGE + memory)?;
    let mut write = |number: u64, words: &mut dyn Iterator<Item = u64>| -> Result<(), Box<dyn Error>> {
        file.seek(SeekFrom::Start(PAGE + at(number)))?;
        Ok(file.write_all(&words.flat_map(u64::to_le_bytes).collect::<Vec<_>>())?)
    };
    // Below each table of a level are the next 512 of the level below.
    let levels = [(0, 1, puds, 1), (1, puds, pmds, 1 + puds), (1 + puds, pmds, ptes, 1 + puds + pmds)];
    for (first, tables, below, first_below) in levels {
        for table in 0..tables {
            let entries = table * 512..(table * 512 + 512).min(below);
            write(first + table, &mut entries.map(|entry| at(first_below + entry) | 0x67))?;
        }
    }
    for table in 0..ptes {
        let entries = table * 512..(table * 512 + 512).min(pages);
        // Type 0, the offset inverted from bit 9 on; exclusive is bit 3.
        let word = |entry: u64| !(entry + 1) << 14 >> 5 | (entry & 1) << 3;
        write(1 + puds + pmds + table, &mut entries.map(word))?;
    }
    println!("{pages} pages on swap, {all} tables; the highest at 0x1000");
    Ok(())
}
