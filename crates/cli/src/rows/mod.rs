//! What the rows of `scan` and of `walk` have in common: where they go.
//!
//! A format puts pieces together side by side on all processors; a sink writes them in order, the ones while the next are put
//! together, so that what is held at a time does not grow with the file.

#[cfg(feature = "parquet")]
pub(crate) mod parquet;

use std::io;
use std::path::Path;

use crate::Error;

/// Where pieces go.
pub(crate) trait Sink<Piece>: Send {
    /// Writes a piece and leaves it empty; pieces come in order.
    ///
    /// # Errors
    /// What the system says, or the format.
    fn write(&mut self, piece: &mut Piece) -> io::Result<()>;
}

/// Whether Parquet can be written to a path.
///
/// # Errors
/// [`Error::Usage`]: standard output, or a program without Parquet; `others` are the options that have the same rows.
pub(crate) fn can_be_parquet(path: &Path, others: &str) -> Result<(), Error> {
    if path == Path::new("-") {
        return Err(Error::Usage("--parquet needs a file: the format cannot be written to a stream of text".into()));
    }
    if cfg!(not(feature = "parquet")) {
        return Err(Error::Usage(format!(
            "this swp-pte was built without the feature `parquet`; {others} have the same rows"
        )));
    }
    Ok(())
}
