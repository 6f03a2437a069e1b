//! Swap PTEs of PA-RISC.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`parisc32`] | 32 | bit 8 from 6.4 |
//! | [`parisc64`] | 64 | the same |
//!
//! The newest layout of each family is `Pte` in its module. 6.3 is not here: it brought the marker in a bit of the offset, so that setting
//! it changed the entry, and its stable updates have the layout of 6.4.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_parisc::parisc64::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x2121);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// Kernels of 32 bits.
pub mod parisc32 {
    pub mod since_6_4;
    pub mod until_6_2;

    pub use since_6_4::Pte;
}

/// Kernels of 64 bits.
pub mod parisc64 {
    pub mod since_6_4;
    pub mod until_6_2;

    pub use since_6_4::Pte;
}

pub use arch::ARCH;
