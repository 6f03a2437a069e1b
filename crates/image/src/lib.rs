//! A memory image: a file mapped for reading, however large, of which only the part that is being read is in memory.
//!
//! A mapping has one trap: if somebody truncates the file, the next look at the part that is gone is a `SIGBUS`, which
//! ends a program without a word. [`Image`] ends it with an error message instead, and without the half-written file
//! that [`Image::on_shrink_remove`] names.
//!
//! [`stdout_was_closed`] is here for the same reason: it cannot be asked without.
//!
//! This crate has all of the project's `unsafe` that is not in a test or benchmark.

#[cfg(target_os = "linux")]
mod closed;
mod shrink;

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use memmap2::{Advice, Mmap, UncheckedAdvice};

#[cfg(target_os = "linux")]
pub use closed::stdout_was_closed;

/// A file mapped for reading.
#[derive(Debug)]
pub struct Image {
    path: PathBuf,
    file: File,
    map: Mmap,
}

/// Why a file cannot be read as an image.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImageError {
    /// The system refuses.
    Io {
        /// What was to be done: `open`, `map`.
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// It is no file with bytes at fixed places.
    NotAFile {
        /// What it is: `a directory`, `a FIFO`.
        what: &'static str,
    },
    /// There is nothing in it.
    Empty,
    /// It became shorter while it was read.
    Shrunk {
        /// Its length when it was opened, in bytes.
        from: u64,
        /// Its length now.
        to: u64,
    },
}

impl std::fmt::Display for ImageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { action, source } => write!(f, "cannot {action} it: {source}"),
            Self::NotAFile { what } => {
                write!(f, "this is {what}, which cannot be mapped; give a file with what is to be read")
            }
            Self::Empty => f.write_str("the file is empty"),
            Self::Shrunk { from, to } => {
                write!(
                    f,
                    "the file shrank while it was read, from {from} bytes to {to}; scan a copy that does not change"
                )
            }
        }
    }
}

impl std::error::Error for ImageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::NotAFile { .. } | Self::Empty | Self::Shrunk { .. } => None,
        }
    }
}

fn cannot(action: &'static str) -> impl FnOnce(io::Error) -> ImageError {
    move |source| ImageError::Io { action, source }
}

impl Image {
    /// Maps a file or a block device.
    ///
    /// # Errors
    /// [`ImageError`]: what is no file, is empty, or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ImageError> {
        // Without O_NONBLOCK, opening a FIFO waits for a writer.
        let mut file =
            OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(cannot("open"))?;
        let kind = file.metadata().map_err(cannot("look at"))?.file_type();
        let what = match () {
            () if kind.is_dir() => "a directory",
            () if kind.is_fifo() => "a FIFO or pipe",
            () if kind.is_socket() => "a socket",
            () if kind.is_char_device() => "a character device",
            () => "",
        };
        if !what.is_empty() {
            return Err(ImageError::NotAFile { what });
        }
        // A block device has no length of its own in its metadata.
        if file.seek(SeekFrom::End(0)).map_err(cannot("find the length of"))? == 0 {
            return Err(ImageError::Empty);
        }
        let map = map(&file).map_err(cannot("map"))?;
        // Read ahead, where it is not in memory yet. Only advice: nothing is lost if it is not taken.
        let _ = map.advise(Advice::Sequential);
        let image = Self { path: path.to_path_buf(), file, map };
        shrink::watch(&image.map, &image.shrunk_message(), None);
        Ok(image)
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// The file itself.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Maps a stretch that is about to be read, in one call in place of a page fault for every few pages.
    pub fn prepare(&self, range: Range<usize>) {
        if range.start < range.end && range.end <= self.map.len() {
            // Kernels before 5.14 do not know it, and then the faults do the same.
            let _ = self.map.advise_range(Advice::PopulateRead, range.start, range.len());
        }
    }

    /// Lets go of the pages of a stretch that will not be read again soon, so that a program that reads a large image
    /// from end to end stays small. They can still be read.
    ///
    /// With a page that is looked at the kernel maps those beside it, in pieces of 64 KiB (`fault_around_bytes`): these go too,
    /// which matters where what is read are islands.
    pub fn release(&self, range: Range<usize>) {
        const AROUND: usize = 64 << 10;
        if range.start < range.end && range.end <= self.map.len() {
            let end = range.end.next_multiple_of(AROUND).min(self.map.len());
            release(&self.map, range.start / AROUND * AROUND..end);
        }
    }

    /// The same for a stretch and as much around it as a look at it can have brought in: huge pages.
    pub fn release_around(&self, range: Range<usize>) {
        const HUGE: usize = 2 << 20;
        let end = range.end.saturating_add(HUGE).min(self.map.len());
        self.release(range.start.saturating_sub(HUGE) / HUGE * HUGE..end);
    }

    /// Whether the file still has the length that it was opened with.
    ///
    /// # Errors
    /// [`ImageError::Shrunk`].
    pub fn check(&self) -> Result<(), ImageError> {
        let to = (&self.file).seek(SeekFrom::End(0)).map_err(cannot("find the length of"))?;
        let from = self.map.len() as u64;
        if to < from { Err(ImageError::Shrunk { from, to }) } else { Ok(()) }
    }

    /// Names a half-written file that is to be removed if the program ends because this image shrinks; `None`: no more.
    pub fn on_shrink_remove(&self, path: Option<&Path>) {
        shrink::watch(&self.map, &self.shrunk_message(), path);
    }

    fn shrunk_message(&self) -> String {
        let path = self.path.display();
        format!("error: {path}: the file shrank while it was read; scan a copy that does not change\n")
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        shrink::unwatch();
    }
}

#[expect(unsafe_code, reason = "a file can change or shrink while it is mapped")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: The bytes are read as integers and nothing is inferred from them that a change could break; a file that
    // shrinks is a SIGBUS, which `shrink` turns into the end of the program.
    unsafe { Mmap::map(file) }
}

#[expect(unsafe_code, reason = "madvise is unsafe where advice can change bytes")]
fn release(map: &Mmap, range: Range<usize>) {
    // SAFETY: MADV_DONTNEED on a shared read-only mapping of a file loses nothing: the next access reads the file.
    let _ = unsafe { map.unchecked_advise_range(UncheckedAdvice::DontNeed, range.start, range.len()) };
}
