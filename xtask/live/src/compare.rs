//! `swp-pte walk`, from a dump and a number of a process alone, against what pagemap said.

use std::path::Path;

use anyhow::{Result, bail};

use crate::moving::{Caught, Memory};
use crate::rows::{Row, Rows};
use crate::truth::{Region, Truth};

/// Bits of a word of pagemap, by Documentation/admin-guide/mm/pagemap.rst.
const PRESENT: u64 = 1 << 63;
const SWAPPED: u64 = 1 << 62;
const UFFD_WP: u64 = 1 << 57;
const SOFT_DIRTY: u64 = 1 << 55;
const NUMBER: u64 = (1 << 55) - 1;
const TYPE_BITS: u32 = 5;

/// How one dump did.
#[derive(Default)]
pub(crate) struct Score {
    pub(crate) checked: usize,
    pub(crate) wrong: Vec<String>,
    /// Pages that are about to be moved, and checked too.
    pub(crate) migrating: usize,
    /// Of `walk`, all processes together.
    pub(crate) seconds: f64,
}

impl Score {
    /// A whole dump, with the memory that it was made of.
    pub(crate) fn of_dump(
        program: &Path,
        dump: &Path,
        options: &[String],
        truth: &Truth,
        memory: &Memory,
    ) -> Result<Self> {
        let mut score = Self::default();
        for pid in truth.pids() {
            let rows = Rows::of_dump(program, dump, options, pid, truth)?;
            score.told(&rows, pid, truth);
            for moving in truth.moving.iter().filter(|moving| moving.pid == pid) {
                let caught = Caught::judge(&rows, moving, memory, truth);
                score.checked += caught.checked;
                score.migrating += caught.migrating;
                score.wrong.extend(caught.wrong);
            }
        }
        Ok(score)
    }

    /// The rows of one process, against what its pagemap said.
    pub(crate) fn told(&mut self, rows: &Rows, pid: u32, truth: &Truth) {
        self.seconds += rows.seconds;
        for region in truth.regions.iter().filter(|region| region.pid == pid) {
            for (&address, &word) in &region.words {
                self.checked += 1;
                if let Err(error) = judge(truth, region, address, word, rows.covering(address, truth)) {
                    self.wrong.push(format!("{} {pid} {address:#x}, pagemap {word:#x}: {error}", region.case));
                }
            }
        }
        match truth.swapped {
            Some((process, count)) if process == pid && count != rows.swapped => {
                self.wrong.push(format!("{pid}: pagemap has {count} pages on swap, walk {}", rows.swapped));
            }
            _ => {}
        }
    }
}

fn judge(truth: &Truth, region: &Region, address: u64, word: u64, row: Option<(u64, &Row)>) -> Result<()> {
    let Some((start, row)) = row else {
        if word & (PRESENT | SWAPPED) != 0 {
            bail!("walk has no row");
        }
        return Ok(());
    };
    let said = &row.word;
    if word & PRESENT != 0 {
        let frame = row.frame()?.map(|frame| frame + (address - start) / truth.page_size);
        if row.kind != "present" || frame != Some(word & NUMBER) {
            bail!("walk says {} with frame {frame:#x?} ({said})", row.kind);
        }
        return Ok(());
    }
    if word & SWAPPED == 0 {
        bail!("walk says {} ({said})", row.kind);
    }
    let (kind, offset) = (word & ((1 << TYPE_BITS) - 1), (word & NUMBER) >> TYPE_BITS);
    if row.kind != "swap" || row.r#type != Some(kind) || row.offset()? != Some(offset) {
        bail!("walk says {}, type {:?}, offset {:?} ({said})", row.kind, row.r#type, row.offset()?);
    }
    // A marker of uffd-wp has it in what would be its offset.
    let leaf = row.softleaf.as_ref();
    let marked = leaf.is_some_and(|leaf| leaf.markers.iter().any(|marker| marker.replace('-', "_") == "uffd_wp"));
    // Where a machine does not have the bit, pagemap has zero.
    for (name, bit, mine) in [
        ("uffd-wp", UFFD_WP, row.uffd_wp.unwrap_or_default() || marked),
        ("soft-dirty", SOFT_DIRTY, row.soft_dirty.unwrap_or_default()),
    ] {
        if mine != (word & bit != 0) {
            bail!("walk says {name} {mine} ({said})");
        }
    }
    // What a case is made for must be there, or a kernel that lost it would pass.
    let expected = match region.case.as_str() {
        "hwpoison" => Some("hwpoison"),
        "poison-marker" | "guard-marker" | "uffd-wp-marker" => Some("marker"),
        _ => Some("swap"),
    };
    if expected != leaf.map(|leaf| leaf.name.as_str()) {
        bail!("walk says {:?}, and the case is made of {expected:?} ({said})", leaf.map(|leaf| &leaf.name));
    }
    if region.exclusive.is_some() && row.exclusive != region.exclusive {
        bail!("walk says exclusive {:?} ({said})", row.exclusive);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const ADDRESS: u64 = 0x10_0000_0000;
    /// Swap file 1, offset 0x21d, soft-dirty.
    const WORD: u64 = SWAPPED | SOFT_DIRTY | 0x21d << TYPE_BITS | 1;

    fn row(change: impl Fn(&mut serde_json::Value)) -> Row {
        let mut row = serde_json::json!({
            "va": "0x1000000000", "level": "pte", "word": "0x1", "kind": "swap", "type": 1, "offset": "0x21d",
            "exclusive": true, "soft_dirty": true, "uffd_wp": null, "softleaf": { "name": "swap" }, "frame": null,
        });
        change(&mut row);
        serde_json::from_value(row).unwrap()
    }

    fn right(case: &str, word: u64, row: Option<&Row>) -> bool {
        let truth = Truth { page_size: 4096, huge_size: 2 << 20, ..Truth::default() };
        let words = BTreeMap::new();
        let region = Region { case: case.to_owned(), pid: 1, start: ADDRESS, pages: 1, exclusive: Some(true), words };
        judge(&truth, &region, ADDRESS, word, row.map(|row| (ADDRESS, row))).is_ok()
    }

    #[test]
    fn every_difference_is_seen() {
        assert!(right("swapped", WORD, Some(&row(|_| ()))));
        assert!(right("swapped", 0, None));
        assert!(!right("swapped", WORD, None));
        assert!(!right("swapped", 0, Some(&row(|_| ()))));
        for (key, value) in [
            ("kind", "present".into()),
            ("type", 0.into()),
            ("offset", "0x21e".into()),
            ("exclusive", false.into()),
            ("exclusive", serde_json::Value::Null),
            ("soft_dirty", false.into()),
            ("uffd_wp", true.into()),
            ("softleaf", serde_json::json!({ "name": "migration" })),
        ] {
            assert!(!right("swapped", WORD, Some(&row(|row| row[key] = value.clone()))), "{key} {value}");
        }
        // A case whose pages are something else than it was made for.
        assert!(!right("hwpoison", WORD, Some(&row(|_| ()))));
        let present = row(|row| (row["kind"], row["frame"]) = ("present".into(), "0x5".into()));
        assert!(right("in-memory", PRESENT | 5, Some(&present)));
        assert!(!right("in-memory", PRESENT | 6, Some(&present)));
    }
}
