//! Whole page tables out of memory images: every word of a `&[u8]`, in either byte order, for every layout of the
//! atlas.
//!
//! - [`summarize`] counts: kinds, types, markers, the range and a histogram of the offsets, and the words that no
//!   kernel of the layout wrote. It runs at the speed of memory; [`summarize_row`] is the same for a layout known only
//!   at run time.
//! - [`Evidence`] and [`judge`] say which layout wrote the words of an image.
//! - [`entries`] and [`swap_entries`] give the words themselves, one by one.
//!
//! Everything is generic over the backend, so that each layout is compiled to a loop of its own; the atlas is asked
//! once for a piece of an image, never for a word. Nothing is allocated for a word.

mod bins;
mod bounds;
mod bytes;
mod entries;
mod error;
mod guess;
mod histogram;
mod kinds;
mod masks;
mod rows;
mod summarize;
mod summary;
mod swapped;
mod words;

pub use bytes::PartialWord;
pub use entries::{Entry, entries, swap_entries};
pub use error::ScanError;
pub use guess::{Evidence, Unclear, Verdict, judge};
pub use histogram::Histogram;
pub use rows::{SwapWord, for_each_swap};
pub use summarize::{summarize, summarize_row};
pub use summary::{OfType, Summary, Suspicious};
pub use words::Words;
