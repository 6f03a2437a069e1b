//! What the fuzz targets run for hours, for a second on every run of the tests: random bytes, and valid input with a few
//! bytes changed, which gets further in.

mod scan;
mod seed;
mod text;
mod walk;
