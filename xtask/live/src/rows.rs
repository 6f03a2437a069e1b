//! The rows of `swp-pte walk --json`, as far as a guest says the same.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::truth::Truth;

/// A row of `walk --json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    va: String,
    pub(crate) level: String,
    pub(crate) word: String,
    pub(crate) kind: String,
    pub(crate) r#type: Option<u64>,
    offset: Option<String>,
    pub(crate) exclusive: Option<bool>,
    pub(crate) soft_dirty: Option<bool>,
    pub(crate) uffd_wp: Option<bool>,
    pub(crate) softleaf: Option<SoftLeaf>,
    frame: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SoftLeaf {
    pub(crate) name: String,
    pfn: Option<String>,
    #[serde(default)]
    pub(crate) markers: Vec<String>,
}

impl Row {
    pub(crate) fn offset(&self) -> Result<Option<u64>> {
        self.offset.as_deref().map(hex).transpose()
    }

    /// Of the page that is in memory, or that a special entry names.
    pub(crate) fn frame(&self) -> Result<Option<u64>> {
        let pfn = self.softleaf.as_ref().and_then(|leaf| leaf.pfn.as_ref());
        self.frame.as_ref().or(pfn).map(|text| hex(text)).transpose()
    }

    /// How many bytes of addresses it is for.
    fn size(&self, truth: &Truth) -> u64 {
        if self.level == "pte" { truth.page_size } else { truth.huge_size }
    }
}

/// Those of one process that are around an address that the guest told of.
#[derive(Default)]
pub(crate) struct Rows {
    rows: BTreeMap<u64, Row>,
    /// Of all its rows, those of kind `swap`.
    pub(crate) swapped: usize,
    /// How long `walk` took.
    pub(crate) seconds: f64,
}

impl Rows {
    /// What `walk` says of a process in a dump.
    pub(crate) fn of_dump(program: &Path, dump: &Path, options: &[String], pid: u32, truth: &Truth) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg("walk").arg(dump).args(["--pid", &pid.to_string(), "--json"]).args(options);
        let began = Instant::now();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.with_context(|| format!("cannot run {}", program.display()))?;
        let (output, mut errors) =
            (child.stdout.take().context("no output")?, child.stderr.take().context("no errors")?);
        let said = thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let mut rows = Self::read(BufReader::new(output), pid, truth)?;
        if !child.wait()?.success() {
            bail!("{command:?} failed: {}", said.join().unwrap_or_default().trim());
        }
        rows.seconds = began.elapsed().as_secs_f64();
        Ok(rows)
    }

    /// What it said, line by line: a process may have very many pages, of which the guest told some.
    pub(crate) fn read(output: impl BufRead, pid: u32, truth: &Truth) -> Result<Self> {
        let told = truth.addresses(pid);
        let mut rows = Self::default();
        for line in output.lines() {
            // What is no row says that something is not in the dump; its addresses will be missed.
            let Ok(row) = serde_json::from_str::<Row>(&line.context("cannot read what walk says")?) else { continue };
            rows.swapped += usize::from(row.kind == "swap");
            let va = hex(&row.va)?;
            if told.range(va..va.saturating_add(row.size(truth))).next().is_some() {
                rows.rows.insert(va, row);
            }
        }
        Ok(rows)
    }

    /// The row of an address: its own, or that of a huge page around it.
    pub(crate) fn covering(&self, address: u64, truth: &Truth) -> Option<(u64, &Row)> {
        let (&start, row) = self.rows.range(..=address).next_back()?;
        (address - start < row.size(truth)).then_some((start, row))
    }
}

fn hex(text: &str) -> Result<u64> {
    let digits = text.strip_prefix("0x").with_context(|| format!("{text:?} of walk is no number of base 16"))?;
    u64::from_str_radix(digits, 16).with_context(|| format!("{text:?} of walk is no number of base 16"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::Region;

    #[test]
    fn rows_of_told_addresses_are_kept_and_all_are_counted() {
        let words = BTreeMap::from([(0x3000, 0)]);
        let region = Region { case: String::new(), pid: 7, start: 0x3000, pages: 1, exclusive: None, words };
        let truth = Truth { page_size: 4096, huge_size: 2 << 20, regions: vec![region], ..Truth::default() };
        let line = |va: &str| format!(r#"{{"va":"{va}","level":"pte","word":"0x1","kind":"swap","type":0}}"#);
        let text = [line("0x1000"), "{\"error\": \"x\"}".to_owned(), line("0x3000"), line("0x4000")].join("\n");
        let rows = Rows::read(text.as_bytes(), 7, &truth).unwrap();
        assert_eq!((rows.swapped, rows.rows.len()), (3, 1));
        assert_eq!(rows.covering(0x3fff, &truth).unwrap().0, 0x3000);
        assert!(rows.covering(0x4000, &truth).is_none());
    }
}
