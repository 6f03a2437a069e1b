//! Swap PTEs of 64-bit LoongArch.
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_6_2`] | 5.19 to 6.2 | none |
//! | [`since_6_3`] | 6.3 and later | bit 23, from the type |
//! | [`pmd`] | 5.19 and later, one level up | none |
//!
//! The newest layout is [`Pte`] at the root of the crate. Kernels for 32-bit machines, which 7.x has too, are not here.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_loongarch::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x4181_0000);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;
pub mod pmd;
pub mod since_6_3;
pub mod until_6_2;

pub use arch::ARCH;
pub use since_6_3::Pte;
