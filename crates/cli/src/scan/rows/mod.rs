//! The rows of an output, one per swap PTE: position, raw word, type, offset, markers, stray bits.
//!
//! A format encodes pieces of an image side by side on all processors and writes them in order, so that what it holds
//! at a time does not grow with the image.

pub(crate) mod csv;
pub(crate) mod jsonl;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;

use std::io;

use swp_pte::{Flag, Layout};
use swp_pte_scan::SwapWord;

/// How rows are written.
pub(crate) trait Format: Sync {
    /// A piece of the output, encoded apart from the others.
    type Piece: Send;

    /// An empty piece.
    fn piece(&self) -> Self::Piece;

    /// Adds a row to a piece.
    fn add(&self, piece: &mut Self::Piece, row: &RowOf);

    /// Writes a piece; pieces come in order.
    ///
    /// # Errors
    /// What the system says, or the format.
    fn write(&mut self, piece: Self::Piece) -> io::Result<()>;
}

/// The names of the columns, in their order.
pub(crate) const COLUMNS: [&str; 8] =
    ["position", "raw", "type", "offset", "exclusive", "soft_dirty", "uffd_wp", "stray"];

/// A row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowOf {
    /// Where the word is in the file, in bytes.
    pub(crate) position: u64,
    /// The word.
    pub(crate) raw: u64,
    /// The swap type; `None` with stray bits that take it out of its range.
    pub(crate) swp_type: Option<u8>,
    /// The offset in pages, likewise.
    pub(crate) offset: Option<u64>,
    /// The markers, by [`Flag`]; `None` where the layout does not have one.
    pub(crate) flags: [Option<bool>; Flag::ALL.len()],
    /// The stray bits.
    pub(crate) stray: u64,
}

impl RowOf {
    /// The row of a swap PTE.
    #[must_use]
    pub(crate) fn new(layout: &Layout<'_>, word: SwapWord) -> Self {
        Self {
            position: word.position,
            raw: word.word,
            swp_type: word.entry.and_then(|entry| u8::try_from(entry.swp_type().get()).ok()),
            offset: word.entry.map(|entry| entry.offset().get()),
            flags: Flag::ALL.map(|flag| layout.flag(flag).map(|_| layout.is_set(flag, word.word))),
            stray: word.stray,
        }
    }
}
