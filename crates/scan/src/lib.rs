//! Whole page tables out of memory images: every word of a `&[u8]`, in either byte order, for every layout of the
//! atlas.
//!
//! - [`summarize`] counts: kinds, types, markers, the range and a histogram of the offsets, and the words that no
//!   kernel of the layout wrote. It runs at the speed of memory.
//! - [`for_each_swap`] hands out the swap PTEs.
//! - [`Evidence`] and [`judge`] say which layout wrote the words of an image.
//! - [`entries`] and [`swap_entries`] give the words of a layout that is known when a program is compiled, one by one.
//!
//! A layout is a few masks and shifts in a loop; the loops are compiled for the two widths and byte orders, and once more
//! for layouts that ask for more than most do. Nothing is allocated for a word.

mod bins;
mod bounds;
mod bytes;
mod entries;
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
pub use guess::{Evidence, Unclear, Verdict, judge};
pub use histogram::Histogram;
pub use rows::{SwapWord, for_each_swap};
pub use summarize::summarize;
pub use summary::{OfType, Summary, Suspicious};
pub use words::Words;
