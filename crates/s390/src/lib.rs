//! Swap PTEs of s390 (64-bit).
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_5_18`] | 5.10 to 5.18 | none |
//! | [`since_5_19`] | 5.19 and later | bit 11 |
//!
//! The newest layout is [`Pte`] at the root of the crate. Bits are counted from the least significant one here; the
//! architecture's manual counts from the other end. Segment and region-third table entries (hugetlb) have a format of
//! their own, which is not here: do not feed them to these types.
#![no_std]

pub mod since_5_19;
pub mod until_5_18;

pub use since_5_19::Pte;
