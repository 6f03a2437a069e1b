//! The vector files of this repository and their manifest: how many cases each file has is pinned, so that none can
//! disappear without a failure.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, bail};
use swp_pte_conformance::VectorFile;

use crate::files;

/// File names, relative to the folder of vectors, and their numbers of cases.
type Counts = BTreeMap<String, usize>;

const MANIFEST: &str = "manifest.json";

/// The counts of these files, as they are now, become the manifest.
///
/// # Errors
/// A manifest that cannot be written.
pub fn pin(files: &[VectorFile]) -> Result<()> {
    let path = files::vectors().join(MANIFEST);
    let text = serde_json::to_string_pretty(&counts(files))?;
    fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
}

/// Reads every vector file below a folder, or one file.
///
/// # Errors
/// A folder without vector files, a file that cannot be read, and what [`VectorFile::read`] finds wrong.
pub fn load(path: &Path) -> Result<Vec<VectorFile>> {
    let paths = if path.is_dir() { files::below(path, &["jsonl"])? } else { vec![path.to_path_buf()] };
    if paths.is_empty() {
        bail!("{} holds no vector file (*.jsonl)", path.display());
    }
    let mut vectors = Vec::with_capacity(paths.len());
    for path in paths {
        // Asked before it is opened: a pipe would wait for its other end.
        if !path.is_file() {
            bail!("{} is no regular file", path.display());
        }
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        vectors.push(VectorFile::read(&files::relative(&path), BufReader::new(file))?);
    }
    Ok(vectors)
}

fn counts(files: &[VectorFile]) -> Counts {
    let folder = files::relative(&files::vectors());
    let name =
        |file: &VectorFile| file.name().strip_prefix(&folder).unwrap_or(file.name()).trim_start_matches('/').into();
    files.iter().map(|file| (name(file), file.len())).collect()
}

/// The files of this repository are those of the manifest, with as many cases.
///
/// # Errors
/// The first file that differs from the manifest, by its name.
pub fn check_manifest(files: &[VectorFile]) -> Result<()> {
    let path = files::vectors().join(MANIFEST);
    let pinned: Counts = serde_json::from_str(&files::read(&path)?).with_context(|| format!("{}", path.display()))?;
    let found = counts(files);
    for (name, count) in &pinned {
        match found.get(name) {
            None => bail!("{name} is in {MANIFEST} with {count} cases, and is gone"),
            Some(now) if now != count => bail!("{name} has {now} cases, {MANIFEST} has {count}"),
            Some(_) => {}
        }
    }
    match found.keys().find(|name| !pinned.contains_key(*name)) {
        Some(new) => bail!("{new} is not in {MANIFEST}: `cargo xtask vectors --pin` adds it"),
        None => Ok(()),
    }
}
