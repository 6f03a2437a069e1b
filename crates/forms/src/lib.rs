//! The forms in which a word of a page table turns up, and what can be said of it before a layout is asked.
//!
//! - [`given`] reads a number as people and programs write it, and refuses what could be two numbers.
//! - [`Form`] is what a number is: a raw word of one level or the next, a `swp_entry_t`, a word of `/proc/PID/pagemap`.
//! - [`EntryForm`] takes a `swp_entry_t` apart as a kernel does; [`Pagemap`] a pagemap word.
//! - [`Doubts`] is evidence that a word which reads as a swap PTE was never written as one.
//! - [`log`] finds words, entries, kernels and architectures in the lines of a kernel's log.
//!
//! Nothing here allocates, so that a browser, a debugger's plug-in and the program use the same.
#![no_std]

mod doubt;
mod entry;
mod form;
pub mod log;
mod number;
mod pagemap;
mod swap_files;

pub use doubt::{Doubt, Doubts, Subject};
pub use entry::EntryForm;
pub use form::Form;
pub use number::{Given, NoNumber, Notation, given};
pub use pagemap::{Pagemap, PagemapKind};
pub use swap_files::{SwapFiles, SwapFilesError};
