//! A file that is there whole or not at all: written under a passing name beside the final one, and renamed at the end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::interrupt;
use crate::Error;

/// Where rows go.
#[derive(Debug)]
pub(crate) enum TargetFile {
    /// Not yet under its final name.
    Pending {
        /// The file; removed when dropped.
        file: NamedTempFile,
        /// The final name.
        path: PathBuf,
    },
    /// Standard output, a pipe or a device, which have no half-written state to hide.
    Stream {
        /// The stream.
        file: File,
        /// Its name.
        path: PathBuf,
    },
}

impl TargetFile {
    /// `-` is standard output.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder cannot be written to; [`Error::Usage`] if it is the file that is read.
    pub(crate) fn create(path: &Path, input: &Path) -> Result<Self, Error> {
        if path == Path::new("-") {
            return Self::stream(Path::new("/dev/stdout"));
        }
        // Through a link, so that what is replaced is the file and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if fs::canonicalize(input).is_ok_and(|input| input == path) {
            return Err(Error::Usage(format!(
                "{} is the file that is read; give the output another name",
                path.display()
            )));
        }
        match fs::metadata(&path) {
            Ok(known) if known.is_dir() => {
                return Err(Error::Usage(format!("{} is a directory; give the name of a file", path.display())));
            }
            Ok(known) if !known.is_file() => return Self::stream(&path),
            Ok(_) | Err(_) => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".swp-pte-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the umask leaves of it.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        interrupt::watch()?;
        let what = format!("cannot write {}", path.display());
        // The error of what comes next would name the passing file.
        fs::metadata(folder).map_err(Error::io(what.clone()))?;
        let file = builder.tempfile_in(folder).map_err(Error::io(what))?;
        interrupt::remove(Some(file.path()));
        Ok(Self::Pending { file, path })
    }

    fn stream(path: &Path) -> Result<Self, Error> {
        let what = format!("cannot write {}", path.display());
        let file = File::options().write(true).open(path).map_err(Error::io(what))?;
        Ok(Self::Stream { file, path: path.to_path_buf() })
    }

    /// The passing name, if there is one.
    pub(crate) fn passing_name(&self) -> Option<&Path> {
        match self {
            Self::Pending { file, .. } => Some(file.path()),
            Self::Stream { .. } => None,
        }
    }

    /// What to say when writing fails.
    pub(crate) fn what(&self) -> String {
        let (Self::Pending { path, .. } | Self::Stream { path, .. }) = self;
        format!("cannot write {}", path.display())
    }

    /// Gives the file its final name.
    ///
    /// # Errors
    /// [`Error::Io`]; the file is then removed.
    pub(crate) fn keep(self) -> Result<(), Error> {
        let what = self.what();
        match self {
            Self::Pending { file, path } => {
                // Some file systems say only now that they are full.
                file.as_file().sync_data().map_err(Error::io(what.clone()))?;
                file.persist(path).map_err(|error| Error::Io { what, source: error.error })?;
                interrupt::remove(None);
                Ok(())
            }
            Self::Stream { mut file, .. } => file.flush().map_err(Error::io(what)),
        }
    }
}

impl Write for TargetFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Pending { file, .. } => file.write(bytes),
            Self::Stream { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Pending { file, .. } => file.flush(),
            Self::Stream { file, .. } => file.flush(),
        }
    }
}
