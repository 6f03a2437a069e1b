//! The entries of huge pages, one level up.

pub mod since_6_3;
pub mod until_6_2;

pub use since_6_3::Pmd;
