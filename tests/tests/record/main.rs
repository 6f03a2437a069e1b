//! The atlas against `tests/record/`, where the facts of its tables are stated a second time with their sources, and
//! against what the headers of the vector files say of the builds that were measured.
//!
//! `tests/record/README.md` lists each kind of fact and the test that holds it.
#![expect(clippy::panic, clippy::expect_used, reason = "in a test, a panic is the failure")]

mod files;
mod headers;
mod layouts;
mod reserved;
mod stable;
mod swap_types;
mod vendors;
