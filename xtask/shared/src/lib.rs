//! What several tasks need: where things lie in this repository, and its vector files.

pub mod files;
pub mod vectors;
