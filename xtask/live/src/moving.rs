//! Pages that are moved to another node of memory while the guest is stopped. Nothing in a guest can say what an entry is at
//! that moment; but each page begins with its own address, so that the frame that a migration entry names can be asked.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::rows::{Row, Rows};
use crate::truth::{Moving, Truth};

/// The guest's memory as it is.
pub(crate) struct Memory {
    files: Vec<(File, u64)>,
    base: u64,
}

impl Memory {
    pub(crate) fn open(paths: &[PathBuf], base: u64) -> Result<Self> {
        let open = |path: &PathBuf| -> Result<_> {
            let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        Ok(Self { files: paths.iter().map(open).collect::<Result<_>>()?, base })
    }

    fn word(&self, physical: u64) -> Result<[u8; 8]> {
        let mut at = physical.checked_sub(self.base).with_context(|| format!("{physical:#x} is below memory"))?;
        for (file, length) in &self.files {
            if at < *length {
                let mut bytes = [0; 8];
                file.read_exact_at(&mut bytes, at).context("cannot read the guest's memory")?;
                return Ok(bytes);
            }
            at -= length;
        }
        bail!("{physical:#x} is behind memory")
    }
}

/// What came out for the pages that move: those that were caught on the way, by their entry, and what is wrong.
#[derive(Default)]
pub(crate) struct Caught {
    pub(crate) checked: usize,
    pub(crate) migrating: usize,
    pub(crate) wrong: Vec<String>,
}

impl Caught {
    pub(crate) fn judge(rows: &Rows, moving: &Moving, memory: &Memory, truth: &Truth) -> Self {
        let mut caught = Self::default();
        let mut between = 0;
        for address in moving.addresses(truth.page_size) {
            caught.checked += 1;
            // The kernel empties an entry before it writes the next one: a single page may be caught there.
            let Some((_, row)) = rows.covering(address, truth) else {
                between += 1;
                if between > 1 {
                    caught.wrong.push(format!("{} {} {address:#x}: walk has no row", moving.entry, moving.pid));
                }
                continue;
            };
            match one(row, address, moving, memory, truth) {
                Ok(migrating) => caught.migrating += usize::from(migrating),
                Err(error) => {
                    caught.wrong.push(format!("{} {} {address:#x}: {error}", moving.entry, moving.pid));
                }
            }
        }
        caught
    }
}

/// Whether it was on the way.
fn one(row: &Row, address: u64, moving: &Moving, memory: &Memory, truth: &Truth) -> Result<bool> {
    let (said, leaf) = (&row.word, row.softleaf.as_ref().map(|leaf| leaf.name.as_str()));
    match row.kind.as_str() {
        "present" => {}
        "swap" if leaf == Some(moving.entry.as_str()) => {}
        kind => bail!("walk says {kind}, {leaf:?} ({said})"),
    }
    let frame = row.frame()?.with_context(|| format!("walk says no frame ({said})"))?;
    let there = memory.word(frame * truth.page_size)?;
    // Of whichever byte order the guest is.
    if u64::from_le_bytes(there) != address && u64::from_be_bytes(there) != address {
        bail!("walk says frame {frame:#x}, which is the page of {:#x} ({said})", u64::from_le_bytes(there));
    }
    Ok(row.kind == "swap")
}
