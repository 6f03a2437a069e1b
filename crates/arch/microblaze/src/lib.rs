//! Swap PTEs of MicroBlaze.
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_6_2`] | 5.10 to 6.2 | none |
//! | [`since_6_3`] | 6.3 and later | bit 7, from the type |
//!
//! The newest layout is [`Pte`] at the root of the crate.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_microblaze::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x4184);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;
pub mod since_6_3;
pub mod until_6_2;

pub use arch::ARCH;
pub use since_6_3::Pte;
