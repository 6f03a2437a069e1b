//! The program `swp-pte`: reads swap page-table entries of any architecture and kernel, and draws, lists and compares
//! their layouts.
//!
//! One module per command, each with its `Args` and a `run` that writes to the stream that it is given. What they share:
//! `target` finds the layout that `--arch` and `--kernel` mean, `error` has the exit codes, `output` the streams.

pub mod atlas;
mod cli;
pub mod decode;
pub mod diff;
pub mod encode;
pub mod eras;
pub mod error;
pub mod fuzzing;
pub mod guess;
pub mod input;
pub mod json;
pub mod kconfig;
pub mod kernel;
pub mod layout;
pub mod log;
pub mod manual;
pub mod output;
pub mod own_types;
pub mod place;
pub mod ps;
mod rows;
pub mod scan;
pub mod swap_files;
pub mod target;
pub mod user_layout;
mod vmcore;
pub mod walk;

pub use cli::{Cli, Command, main};
pub use error::Error;
pub use swp_pte_reading as reading;
