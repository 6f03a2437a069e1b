//! Swap PTEs of `x86_64`.
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_3_10`] | 3.10 | none |
//! | [`since_4_0`] | 4.0 to 4.7 | none |
//! | [`since_4_8`] | 4.8 to 4.13 | none |
//! | [`since_4_14`] | 4.14 to 4.18 | none |
//! | [`since_4_19`] | 4.19 to 5.6 | none |
//! | [`since_5_7`] | 5.7 to 5.18 | none |
//! | [`since_5_19`] | 5.19 and later | bit 3 |
//!
//! [`since_3_11`] has the layout of 3.11 to 3.15, [`rhel_7`] two that no upstream release had.
//!
//! The newest layout is [`Pte`] at the root of the crate. From 4.19 on, and in the stable updates of
//! August 2018, the offset is stored inverted, so that a speculative walk of
//! a swap PTE (L1TF) leads to physical addresses that do not exist.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_x86_64::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x0fff_ffff_ffff_7c08);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;
pub mod rhel_7;
pub mod since_3_11;
pub mod since_4_0;
pub mod since_4_14;
pub mod since_4_19;
pub mod since_4_8;
pub mod since_5_19;
pub mod since_5_7;
pub mod until_3_10;

pub use arch::ARCH;
pub use since_5_19::Pte;
