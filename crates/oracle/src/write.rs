//! `--write`: the answers as files. All of them or none: each is written beside its place and renamed into it at the end.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::ask::Answers;
use super::lines::{Provenance, Questions};
use super::probe::Probed;
use super::questions;

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Answers.
    Vectors,
    /// A layout.
    Layout,
}

/// A file to be.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) text: String,
}

/// The two files of a variant. One that is there already keeps its questions and gets this kernel's answers.
pub(super) fn files(
    kernel: &mut dyn Answers,
    provenance: &Provenance<'_>,
    label: &str,
    probed: &Probed,
    folder: &Path,
) -> Result<[Output; 2]> {
    let name = |ending: &str| format!("v{label}-{}{ending}", provenance.variant.config);
    let (encode, raw) = (name(".jsonl"), name(".raw.jsonl"));
    let max = probed.swp_offset.max();
    let entries = match kept(folder, &encode)?.entries {
        none if none.is_empty() => questions::boundary_entries(max),
        entries => entries,
    };
    let words = match kept(folder, &raw)?.words {
        none if none.is_empty() => questions::words(probed.width, questions::WORDS_IN_FILE),
        words => words,
    };
    Ok([
        Output { kind: Kind::Vectors, name: encode, text: provenance.encode_file(kernel, &entries)? },
        Output { kind: Kind::Vectors, name: raw, text: provenance.raw_file(kernel, &words)? },
    ])
}

/// The questions of the file that is there.
fn kept(folder: &Path, name: &str) -> Result<Questions> {
    let path = folder.join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Questions::read(&text).with_context(|| format!("cannot keep the questions of {}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Questions::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Writes all files, or leaves the folder as it was.
pub(super) fn write(folder: &Path, outputs: &[&Output]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let partial = |output: &&Output| folder.join(format!(".{}.partial", output.name));
    let written = outputs.iter().try_for_each(|output| write_one(&partial(output), &output.text));
    if let Err(error) = written {
        for output in outputs {
            // The first error is the one to tell.
            let _ = fs::remove_file(partial(output));
        }
        return Err(error);
    }
    for output in outputs {
        let (from, to): (PathBuf, PathBuf) = (partial(output), folder.join(&output.name));
        fs::rename(&from, &to).with_context(|| format!("cannot rename {} to {}", from.display(), to.display()))?;
    }
    Ok(())
}

fn write_one(path: &Path, text: &str) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
