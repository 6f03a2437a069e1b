//! Swap PTEs of `x86_64`.
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_5_18`] | 5.10 to 5.18 | none |
//! | [`since_5_19`] | 5.19 and later | bit 3 |
//!
//! The newest layout is [`Pte`] at the root of the crate. The offset is stored inverted, so that a speculative walk of
//! a swap PTE (L1TF) leads to physical addresses that do not exist.
#![no_std]

mod arch;
pub mod since_5_19;
pub mod until_5_18;

pub use arch::ARCH;
pub use since_5_19::Pte;
