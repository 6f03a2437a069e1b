//! The conformance harness: one suite, joined by every backend with one line, and the kernel's own answers.
//!
//! - [`subjects`] is the list of backends; each runs the [suite](Subject::run) over itself and its [`Layout`] data.
//! - [`VectorFile`] reads what compiled kernel headers answered, or words read out of running kernels, and
//!   [`VectorFile::run`] holds the backend and the data of that variant and kernel against it.
//! - [`history`] shows that the kernel's own place for the marker was among the candidates of the layout before it.
//!
//! Everything is counted: a [`Report`] says how many comparisons were made, how many encodings they cover and by which
//! argument, and has a [`Failure`] for each that went wrong, with the layout, the check, the input, what was expected
//! and what was got, and the bits that differ by name.

mod backends;
mod describe;
mod inputs;
mod report;
mod suite;
mod vectors;

pub use backends::{Backend, subjects};
pub use report::{Argument, Check, Coverage, Failure, Report};
pub use suite::{Options, Subject, history};
pub use swp_pte::Layout;
pub use vectors::{VectorError, VectorFile, VectorKind};
