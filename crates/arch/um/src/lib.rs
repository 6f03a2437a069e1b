//! Swap PTEs of user-mode Linux on x86_64.
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_6_2`] | 5.10 to 6.2 | none |
//! | [`since_6_3`] | 6.3 and later | bit 10 |
//!
//! The newest layout is [`Pte`] at the root of the crate.
//!
//! `set_pte` sets bit 1 in whatever it stores, and it stays until the mapping in the host is changed: the encoder
//! leaves it clear, `pte_none` and the decoder do not mind it.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_um::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x20c20);
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
