//! Physical memory of a machine, out of a dump.
//!
//! [`open`] finds out what a file is and gives a [`Dump`], which is [`Memory`]: bytes by physical address, whatever the
//! format. What the dump does not have is a [`Missing`] that says why: never part of the machine's memory, left out when the
//! dump was written, cut off, or damaged.
//!
//! Nothing in a file is trusted. A number that the file does not bear out is an error or a [`Warning`], no allocation is
//! larger than what the file's own bytes justify, and a page never unpacks to more than a page.
#![forbid(unsafe_code)]

mod cache;
mod elf;
mod flat;
mod holes;
mod kdump;
mod lime;
mod machine;
mod memory;
mod open;
mod pieces;
mod source;
mod warning;

pub use elf::Note;
pub use holes::data_of;
pub use machine::{ByteOrder, Machine};
pub use memory::{Memory, Missing, Range};
pub use open::{Dump, Format, OpenError, Options, Placed, open};
pub use pieces::{Piece, Readable};
pub use warning::Warning;
