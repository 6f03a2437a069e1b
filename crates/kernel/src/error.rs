//! What can be wrong with a file, and with two that disagree.

use std::io;
use std::path::PathBuf;

/// Why a file told nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is none of the files that are known here.
    #[error(
        "{name}: neither an ELF file, BTF, a symbol table, a kernel configuration nor a line with \"Linux version\""
    )]
    Unknown {
        /// The file.
        name: String,
    },
    /// It is one of them, but broken.
    #[error("{name}: {why}")]
    Broken {
        /// The file.
        name: String,
        /// What is wrong, and where.
        why: String,
    },
    /// Two facts that cannot both be true.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

/// Two facts that cannot both be true.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what} is {one} ({one_from}), but {other} ({other_from})")]
pub struct Contradiction {
    /// What they are about: `the release`.
    pub what: String,
    /// What the one says.
    pub one: String,
    /// Where it stands.
    pub one_from: String,
    /// What the other says.
    pub other: String,
    /// Where that stands.
    pub other_from: String,
}
