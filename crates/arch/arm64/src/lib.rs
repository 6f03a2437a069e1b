//! Swap PTEs of arm64.
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_5_18`] | 4.0 to 5.18 | none |
//! | [`since_5_19`] | 5.19 to 6.9 | bit 2, from the type |
//! | [`since_6_10`] | 6.10 and later | bit 2; the fields moved, uffd-wp in bit 3 |
//!
//! The newest layout is [`Pte`] at the root of the crate. The bits are the same for pages of 4K, 16K and 64K, and for
//! 48 and 52 bits of address.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_arm64::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x41044);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;
pub mod since_5_19;
pub mod since_6_10;
pub mod until_5_18;

pub use arch::ARCH;
pub use since_6_10::Pte;
