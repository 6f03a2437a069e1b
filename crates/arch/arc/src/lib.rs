//! Swap PTEs of ARC.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`plain`] | 32 | bit 5 from 6.3 |
//! | [`pae40`] | 64 | the same |
//!
//! The newest layout of each family is `Pte` in its module. 5.10 also had the first two versions of the MMU, gone by 6.1, with
//! `_PAGE_PRESENT` in bit 10: these are not here.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_arc::plain::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x82021);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// MMU v3 and v4 with entries of 32 bits.
pub mod plain {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// Physical addresses of 40 bits: entries of 64 bits.
pub mod pae40 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
