//! What ends a command, and with which exit code: 1 if the input is to blame, 2 if the command line is, as clap has it.

use std::io;
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line names something that does not exist, or options that do not go together.
    #[error("{0}")]
    Usage(String),
    /// Input that was not as it must be.
    #[error("{0}")]
    Input(String),
    /// A file or stream that cannot be read or written.
    #[error("{what}: {source}")]
    Io {
        /// The file or stream, and what was to be done with it: `cannot read standard input`.
        what: String,
        /// What the system says.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: an error of the system with what was to be done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// Whether the reader of the output is gone, as after `| head`; no reason to complain.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// 2 for the command line, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Input(_) | Self::Io { .. } => ExitCode::FAILURE,
        }
    }
}

/// Writing to the output of a command.
impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        Self::Io { what: "cannot write the output".into(), source }
    }
}
