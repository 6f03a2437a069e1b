//! From a file to a dump.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use crate::cache::Owner;
use crate::flat::{self, Flat};
use crate::kdump::{self, Kdump};
use crate::pieces::Pieces;
use crate::source::{Bytes, Source};
use crate::{ByteOrder, Machine, Memory, Missing, Note, Piece, Range, Readable, Warning, elf, lime};

/// How memory lies in a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Format {
    /// An ELF core: `/proc/vmcore`, qemu's `dump-guest-memory`, `makedumpfile -E`; also `/proc/kcore`.
    Elf,
    /// kdump-compressed: `makedumpfile`, and qemu's `dump-guest-memory -z`, `-l`, `-s`.
    Kdump,
    /// LiME, version 1.
    Lime,
    /// Memory and nothing else.
    Raw,
}

impl Format {
    /// Its name: `elf`, `kdump`, `lime`, `raw`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Elf => "elf",
            Self::Kdump => "kdump",
            Self::Lime => "lime",
            Self::Raw => "raw",
        }
    }
}

/// Memory of a raw image, and where it lies in the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Placed {
    /// The memory.
    pub memory: Range,
    /// Where its first byte is in the file.
    pub position: u64,
}

/// What is known of a file beforehand.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Its format; without it the file's first bytes decide.
    pub format: Option<Format>,
    /// The physical address of a raw image's first byte; 0 without it.
    pub base: Option<u64>,
    /// The ranges of a raw image that has more than one. Empty: it is one range from `base` on.
    pub map: Vec<Placed>,
    /// Whether every read is to ask the file itself, because it changes meanwhile. Otherwise blocks of it that a thread has just
    /// read are kept. The memory of a running machine is always asked.
    pub changes: bool,
}

/// Why a file cannot be read as a dump.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The system refuses.
    #[error("cannot {action} it: {source}")]
    Io {
        /// What was to be done: `open`, `read`.
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is something else.
    #[error("this is {what}; {hint}")]
    NoDump {
        /// What it is.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Its headers contradict the file or each other.
    #[error("this begins as a dump ({format}), but {why}")]
    Damaged {
        /// The format that it begins as.
        format: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl OpenError {
    pub(crate) fn io(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, source }
    }
}

/// A dump that is open.
#[derive(Debug)]
pub struct Dump {
    format: Format,
    warnings: Vec<Warning>,
    source: Source,
    reader: Reader,
    notes: Vec<Note>,
    vmcoreinfo: Option<Vec<u8>>,
    machine: Option<Machine>,
    order: Option<ByteOrder>,
}

/// Opens a dump: a file, a block device, or `/proc/kcore`.
///
/// # Errors
/// [`OpenError`]: what is no dump, is damaged so far that nothing can be had, or cannot be opened.
pub fn open(path: &Path, options: &Options) -> Result<Dump, OpenError> {
    Dump::of_file(open_file(path).map_err(OpenError::io("open"))?, options)
}

/// What a file is that can be read here and there, and how long it is.
fn source(mut file: File) -> Result<Source, OpenError> {
    let kind = file.metadata().map_err(OpenError::io("look at"))?.file_type();
    if kind.is_dir() {
        return Err(OpenError::NoDump { what: "a directory", hint: "give the dump's file" });
    }
    let length = file.seek(SeekFrom::End(0)).map_err(|source| match source.kind() {
        io::ErrorKind::NotSeekable => OpenError::NoDump {
            what: "a pipe or terminal",
            hint: "a dump is read here and there; write it to a file first",
        },
        _ => OpenError::Io { action: "find the length of", source },
    })?;
    Ok(Source::File { file, length, kept: Some(Owner::new()) })
}

/// Opening a FIFO must not wait for a writer.
#[cfg(target_os = "linux")]
fn open_file(path: &Path) -> io::Result<File> {
    const O_NONBLOCK: i32 = 0o4000;
    std::os::unix::fs::OpenOptionsExt::custom_flags(OpenOptions::new().read(true), O_NONBLOCK).open(path)
}

#[cfg(not(target_os = "linux"))]
fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

impl Dump {
    /// A dump whose file is open.
    ///
    /// # Errors
    /// As [`open`].
    pub fn of_file(file: File, options: &Options) -> Result<Self, OpenError> {
        Self::of_source(source(file)?, options)
    }

    /// A dump whose bytes are in memory already, or a file that somebody has mapped.
    ///
    /// # Errors
    /// As [`open`].
    pub fn of_bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static, options: &Options) -> Result<Self, OpenError> {
        Self::of_source(Source::Bytes(Bytes(Box::new(bytes))), options)
    }

    fn of_source(mut source: Source, options: &Options) -> Result<Self, OpenError> {
        if source.length() == 0 {
            return Err(OpenError::Empty);
        }
        if options.changes {
            source.keep_nothing();
        }
        let mut warnings = Vec::new();
        let mut start = source.vec(0, 64, 64).map_err(OpenError::io("read"))?;
        if flat::is_flat(&start) && options.format != Some(Format::Raw) {
            source = Source::Flat(Box::new(Flat::new(source, &mut warnings)?));
            start = source.vec(0, 64, 64).map_err(OpenError::io("read"))?;
        }
        let format = options.format.unwrap_or_else(|| detect(&start));
        let mut dump = Parts::default();
        let pieces = match format {
            Format::Elf => {
                let elf = elf::read(&source, &mut warnings)?;
                if elf.live {
                    source.keep_nothing();
                    warnings.push(Warning::Live);
                }
                dump.vmcoreinfo = elf::vmcoreinfo(&elf.notes).map(<[u8]>::to_vec);
                (dump.notes, dump.machine, dump.order) = (elf.notes, elf.machine, Some(elf.order));
                elf.pieces
            }
            Format::Kdump => {
                let mut kdump = Kdump::new(&source, &mut warnings)?;
                dump.notes = std::mem::take(&mut kdump.notes);
                dump.vmcoreinfo = kdump.vmcoreinfo.take();
                (dump.machine, dump.order) = (kdump.machine, Some(kdump.order));
                return Ok(dump.with(format, warnings, source, Reader::Kdump(Box::new(kdump))));
            }
            Format::Lime => {
                let order = lime::order(&start)
                    .ok_or_else(|| OpenError::Damaged { format: "LiME", why: "its magic number is another".into() })?;
                dump.order = Some(order);
                lime::pieces(&source, order, &mut warnings)?
            }
            Format::Raw => {
                let base = options.base.unwrap_or(0);
                if options.format.is_none() && options.base.is_none() && options.map.is_empty() {
                    warnings.push(Warning::Raw { base });
                }
                raw(&source, base, &options.map)
            }
        };
        let pieces = Pieces::new(pieces, &source, &mut warnings);
        // The kernel's image is in /proc/kcore twice, by its own addresses and by those of all memory.
        if warnings.contains(&Warning::Live) {
            warnings.retain(|warning| !matches!(warning, Warning::Overlapping { .. }));
        }
        Ok(dump.with(format, warnings, source, Reader::Pieces(pieces)))
    }

    /// Whether it is flattened: the file stands for one of [`Self::format`].
    #[must_use]
    pub const fn is_flattened(&self) -> bool {
        matches!(self.source, Source::Flat(_))
    }

    /// How memory lies in the file.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// What is strange about it.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The notes, in the order of the file: VMCOREINFO, the processors' registers, and what qemu adds.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What is worth reading from end to end. A dump can claim more memory than there are bytes in all files; this is bounded by
    /// the file.
    #[must_use]
    pub fn readable(&self) -> Readable {
        match &self.reader {
            Reader::Pieces(pieces) => pieces.readable(self.source.length()),
            Reader::Kdump(kdump) => kdump.readable(),
        }
    }

    /// Where memory lies uncompressed in the file, ascending by address, not overlapping; of a flattened dump, in the file that
    /// it stands for. Of a format whose pages are found one by one, nothing: see [`Memory::file_position`].
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        match &self.reader {
            Reader::Pieces(pieces) => pieces.as_slice(),
            Reader::Kdump(_) => &[],
        }
    }
}

/// Who finds memory in the file.
#[derive(Debug)]
enum Reader {
    Pieces(Pieces),
    Kdump(Box<Kdump>),
}

/// What headers tell beside memory.
#[derive(Default)]
struct Parts {
    notes: Vec<Note>,
    vmcoreinfo: Option<Vec<u8>>,
    machine: Option<Machine>,
    order: Option<ByteOrder>,
}

impl Parts {
    fn with(self, format: Format, warnings: Vec<Warning>, source: Source, reader: Reader) -> Dump {
        let Self { notes, vmcoreinfo, machine, order } = self;
        Dump { format, warnings, source, reader, notes, vmcoreinfo, machine, order }
    }
}

/// What a file is that begins so.
fn detect(start: &[u8]) -> Format {
    if start.starts_with(b"\x7fELF") {
        Format::Elf
    } else if kdump::is_kdump(start) {
        Format::Kdump
    } else if lime::order(start).is_some() {
        Format::Lime
    } else {
        Format::Raw
    }
}

/// The pieces of a raw image.
fn raw(source: &Source, base: u64, map: &[Placed]) -> Vec<Piece> {
    if map.is_empty() {
        let memory = Range { start: base, end: base.saturating_add(source.length()) };
        return vec![Piece { memory, position: Some(0) }];
    }
    map.iter().map(|placed| Piece { memory: placed.memory, position: Some(placed.position) }).collect()
}

impl Memory for Dump {
    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Missing> {
        match &self.reader {
            Reader::Pieces(pieces) => pieces.read(&self.source, at, into),
            Reader::Kdump(kdump) => kdump.read(&self.source, at, into),
        }
    }

    fn ranges(&self) -> &[Range] {
        match &self.reader {
            Reader::Pieces(pieces) => pieces.ranges(),
            Reader::Kdump(kdump) => kdump.ranges(),
        }
    }

    fn next_data(&self, at: u64) -> Option<Range> {
        match &self.reader {
            Reader::Pieces(pieces) => pieces.next_data(&self.source, at),
            Reader::Kdump(kdump) => kdump.next_data(at),
        }
    }

    fn vmcoreinfo(&self) -> Option<&[u8]> {
        self.vmcoreinfo.as_deref()
    }

    fn machine(&self) -> Option<Machine> {
        self.machine
    }

    fn byte_order(&self) -> Option<ByteOrder> {
        self.order
    }

    fn file_position(&self, at: u64) -> Option<u64> {
        match &self.reader {
            Reader::Pieces(pieces) => pieces.position(&self.source, at),
            Reader::Kdump(kdump) => kdump.position(&self.source, at),
        }
    }
}
