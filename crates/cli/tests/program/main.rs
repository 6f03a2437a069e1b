//! The program as people start it, a module a subject. One program of tests, since each one more is linked with all of it.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod bad_input;
mod cases;
mod forms;
mod kernels;
mod log;
mod newcomer;
mod options;
mod scan;
mod scan_dump;
mod scan_sparse;
mod start;
mod terminal;
mod vectors;
mod walk;
