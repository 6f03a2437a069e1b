//! What is strange about a dump that can be read all the same.

/// Something that a reader of the dump should know.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// The file ends before the memory does.
    #[error(
        "the file is cut off at byte {end}: {missing} of {all} bytes of memory are missing, from physical address {from:#x} on"
    )]
    Truncated {
        /// The file's length.
        end: u64,
        /// Bytes of memory that lie beyond it.
        missing: u64,
        /// Bytes of memory that the dump claims to have.
        all: u64,
        /// The lowest physical address that is missing.
        from: u64,
    },
    /// The file ends before its last page.
    #[error("the file is cut off at byte {end}: pages at its end are missing")]
    CutOff {
        /// The file's length.
        end: u64,
    },
    /// A bitmap has fewer pages than the header says.
    #[error("the header says {said} pages, and its bitmap has room for {there}")]
    Bitmap {
        /// Pages in the bitmap.
        there: u64,
        /// Pages that the header says.
        said: u64,
    },
    /// Segments describe the same memory twice.
    #[error("{bytes} bytes of memory are in the dump more than once; what comes first in the file is taken")]
    Overlapping {
        /// How many bytes.
        bytes: u64,
    },
    /// A segment runs beyond the largest address.
    #[error("{count} segments run beyond the largest physical address and are cut there")]
    BeyondTheEnd {
        /// How many segments.
        count: u64,
    },
    /// An entry of the table of segments does not have the size that the header says.
    #[error("the header says that a program header has {said} bytes; it is read as the {taken} that it must have")]
    HeaderSize {
        /// What the header says.
        said: u16,
        /// What was taken.
        taken: u16,
    },
    /// The table of segments is cut off.
    #[error("the table of segments is cut off: {there} of {said} program headers are there")]
    Headers {
        /// Program headers that are there.
        there: u64,
        /// Program headers that the header promises.
        said: u64,
    },
    /// The notes cannot be read, or not all of them.
    #[error("notes are missing: {0}")]
    Notes(String),
    /// The dump says itself that it is not complete.
    #[error("the dump says of itself that it is incomplete: whoever wrote it stopped early")]
    Incomplete,
    /// It is the memory of a running machine.
    #[error("this is the memory of a running machine: what is read may have changed meanwhile")]
    Live,
    /// There is no header: addresses are positions in the file, plus a base.
    #[error("no header of a dump is known: taken for raw memory that begins at physical address {base:#x}")]
    Raw {
        /// The physical address of the file's first byte.
        base: u64,
    },
}
