//! The vector files of this repository and their manifest: the cases of each file are counted and its bytes hashed, so
//! that none can disappear, and no byte change, without a failure that names the file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use swp_pte_conformance::VectorFile;

use crate::files;

/// What the manifest says of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    cases: usize,
    /// Of the file's bytes, 64 hex digits.
    sha256: String,
}

/// By the name of the file, relative to the folder of vectors.
type Pins = BTreeMap<String, Pin>;

const MANIFEST: &str = "manifest.json";

/// The files as they are now become the manifest.
///
/// # Errors
/// A file that cannot be read again, or a manifest that cannot be written.
pub fn pin(files: &[VectorFile]) -> Result<()> {
    let path = manifest();
    let text = serde_json::to_string_pretty(&pins(files)?)?;
    fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
}

fn manifest() -> PathBuf {
    files::vectors().join(MANIFEST)
}

/// Reads every vector file below a folder, or one file.
///
/// # Errors
/// A folder without vector files, a file that cannot be read, and what [`VectorFile::read`] finds wrong.
pub fn load(path: &Path) -> Result<Vec<VectorFile>> {
    if !path.exists() {
        bail!("{} does not exist", path.display());
    }
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
        let file = fs::File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        vectors.push(VectorFile::read(&files::relative(&path), std::io::BufReader::new(file))?);
    }
    Ok(vectors)
}

/// The pins of files of this repository as they are now.
fn pins(files: &[VectorFile]) -> Result<Pins> {
    let folder = files::relative(&files::vectors());
    let pin = |file: &VectorFile| {
        let name = file.name().strip_prefix(&folder).unwrap_or(file.name()).trim_start_matches(['/', '\\']);
        let path = files::root().join(file.name());
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((name.to_owned(), Pin { cases: file.len(), sha256: sha256(&bytes) }))
    };
    files.iter().map(pin).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn pinned() -> Result<Pins> {
    let path = manifest();
    serde_json::from_str(&files::read(&path)?).with_context(|| format!("{}", path.display()))
}

/// How many cases all files of the manifest have.
///
/// # Errors
/// A manifest that cannot be read.
pub fn pinned_cases() -> Result<usize> {
    Ok(pinned()?.values().map(|pin| pin.cases).sum())
}

/// The files of this repository are those of the manifest, to the byte.
///
/// # Errors
/// The first file that differs from the manifest, by its name.
pub fn check_manifest(files: &[VectorFile]) -> Result<()> {
    compare(&pinned()?, &pins(files)?)
}

fn compare(pinned: &Pins, found: &Pins) -> Result<()> {
    for (name, pin) in pinned {
        match found.get(name) {
            None => bail!("{name} is in {MANIFEST} with {} cases, and is gone", pin.cases),
            Some(now) if now.cases != pin.cases => {
                bail!("{name} has {} cases, {MANIFEST} has {}", now.cases, pin.cases)
            }
            Some(now) if now.sha256 != pin.sha256 => {
                bail!("{name} is not the file that was pinned: SHA-256 {}, {MANIFEST} has {}", now.sha256, pin.sha256)
            }
            Some(_) => {}
        }
    }
    match found.keys().find(|name| !pinned.contains_key(*name)) {
        Some(new) => bail!("{new} is not in {MANIFEST}: `cargo xtask vectors --pin` adds it"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_sha_256() {
        // The example of FIPS 180-4.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn the_files_of_this_repository_are_those_of_the_manifest() {
        check_manifest(&load(&files::vectors()).unwrap()).unwrap();
    }

    #[test]
    fn what_is_no_folder_of_vectors_says_so() {
        let folder = std::env::temp_dir().join(format!("swp-pte-vectors-{}", std::process::id()));
        let says = |path: &Path| load(path).unwrap_err().to_string();
        assert!(says(&folder).ends_with("does not exist"), "{}", says(&folder));
        fs::create_dir(&folder).unwrap();
        let empty = says(&folder);
        fs::remove_dir(&folder).unwrap();
        assert!(empty.ends_with("holds no vector file (*.jsonl)"), "{empty}");
        assert!(says(Path::new("/dev/null")).ends_with("is no regular file"));
    }

    #[test]
    fn every_difference_is_named() {
        let pinned = pins(&load(&files::vectors()).unwrap()).unwrap();
        let name = pinned.keys().next().unwrap().clone();
        let wrong = |change: &dyn Fn(&mut Pins)| {
            let mut found = pinned.clone();
            change(&mut found);
            compare(&pinned, &found).unwrap_err().to_string()
        };
        let bytes = fs::read(files::vectors().join(&name)).unwrap();
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        let other = wrong(&|found| found.get_mut(&name).unwrap().sha256 = sha256(&changed));
        assert!(other.contains(&name) && other.contains(&sha256(&bytes)), "{other}");
        for (text, error) in [
            ("and is gone", wrong(&|found| drop(found.remove(&name)))),
            ("cases", wrong(&|found| found.get_mut(&name).unwrap().cases += 1)),
            ("--pin", wrong(&|found| drop(found.insert("new.jsonl".into(), pinned[&name].clone())))),
        ] {
            assert!(error.contains(text), "{error}");
        }
    }
}
