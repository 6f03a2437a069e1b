//! Made images: what the words of a file can be like, from the easiest to the hardest to summarize.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use swp_pte::{Flag, MemoryOrder, SwpEntry};
use swp_pte_atlas::Row;

/// A kind of image.
pub(crate) struct Mix {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    next: fn(&mut Maker) -> Result<()>,
}

/// All of them.
pub(crate) const MIXES: &[Mix] = &[
    Mix { name: "none", what: "every word is none", next: |maker| maker.none(512) },
    Mix {
        name: "tables",
        what: "page tables of 512 words, half of them empty; the others have runs of 1 to 512 words of a kind, one in five swapped out in order",
        next: tables,
    },
    Mix {
        name: "runs",
        what: "runs of 1 to 400 words of a kind without regard to tables: half none, four in ten present, one in ten swapped",
        next: runs,
    },
    Mix { name: "swap-runs", what: "every word swapped, offsets in runs of 64", next: |maker| maker.swap(64, 1) },
    Mix {
        name: "swap-scattered",
        what: "every word swapped, one type, offsets at random",
        next: |maker| maker.swap(1, 1),
    },
    Mix {
        name: "random",
        what: "each word at random: half none, a quarter present, a quarter swapped with one of four types",
        next: |maker| match maker.random(4) {
            0 | 1 => maker.none(1),
            2 => maker.present(1),
            _ => maker.swap(1, 4),
        },
    },
    Mix {
        name: "garbage",
        what: "every bit at random",
        next: |maker| {
            let word = maker.bits();
            maker.push(word)
        },
    },
];

fn tables(maker: &mut Maker) -> Result<()> {
    if maker.random(2) == 0 {
        return maker.none(512);
    }
    let mut left = 512;
    while left > 0 {
        let run = (maker.random(512) + 1).min(left);
        left -= run;
        match maker.random(5) {
            0 => maker.swap(run, 1)?,
            1 => maker.none(run)?,
            _ => maker.present(run)?,
        }
    }
    Ok(())
}

fn runs(maker: &mut Maker) -> Result<()> {
    let run = maker.random(400) + 1;
    match maker.random(10) {
        0..=4 => maker.none(run),
        5..=8 => maker.present(run),
        _ => maker.swap(run, 1),
    }
}

struct Maker {
    row: &'static Row,
    out: BufWriter<File>,
    left: usize,
    state: u64,
}

/// Writes an image of so many bytes.
pub(crate) fn write(path: &Path, row: &'static Row, mix: &Mix, bytes: usize) -> Result<()> {
    let out = BufWriter::new(File::create(path)?);
    let mut maker = Maker { row, out, left: bytes / 8, state: 0x9e37_79b9_7f4a_7c15 };
    while maker.left > 0 {
        (mix.next)(&mut maker)?;
    }
    maker.out.flush()?;
    Ok(())
}

impl Maker {
    /// xorshift64: reproducible.
    const fn bits(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    const fn random(&mut self, below: u64) -> u64 {
        (self.bits() >> 20) % below
    }

    fn push(&mut self, word: u64) -> Result<()> {
        if self.left > 0 {
            self.left -= 1;
            let big = self.row.layout().memory.order == MemoryOrder::Big;
            self.out.write_all(&if big { word.to_be_bytes() } else { word.to_le_bytes() })?;
        }
        Ok(())
    }

    fn none(&mut self, count: u64) -> Result<()> {
        (0..count).try_for_each(|_| self.push(self.row.layout().none.value))
    }

    /// Mapped pages in order, accessed and dirty or not.
    fn present(&mut self, count: u64) -> Result<()> {
        let pattern = self.row.layout().present.first().context("no pattern of present")?;
        let (frame, young) = (self.random(1 << 22), self.random(2) << 10);
        (0..count).try_for_each(|page| {
            let word = ((frame + page) << 12 | young) & !pattern.mask | pattern.value;
            self.push(word)
        })
    }

    /// Swapped pages in order, exclusive or not.
    fn swap(&mut self, count: u64, types: u64) -> Result<()> {
        let (swp_type, offset) = (self.random(types), self.random(1 << 22) + 1);
        let exclusive = self.random(2) == 0;
        (0..count).try_for_each(|page| {
            let word = self.row.encode(SwpEntry::from_parts(swp_type, offset + page)?)?;
            let marked = if exclusive { word.set(Flag::Exclusive) } else { None };
            self.push(marked.unwrap_or(word).bits())
        })
    }
}
