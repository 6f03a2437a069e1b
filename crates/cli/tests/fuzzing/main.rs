//! What the fuzz targets run for hours, for a second on every run of the tests: random bytes, and valid input with a few
//! bytes changed, which gets further in.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod scan;
mod seed;
mod text;
mod walk;
