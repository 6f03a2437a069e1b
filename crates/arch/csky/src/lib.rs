//! Swap PTEs of C-SKY.
//!
//! | family | processors | marker |
//! |---|---|---|
//! | [`abiv2`] | CK807, CK810, CK860 | bit 7 from 6.3, from the offset |
//! | [`ck610`] | CK610 | bit 9 from 6.3, from the offset |
//!
//! The newest layout of each family is `Pte` in its module. From 5.12 on a page that nobody may access (`PROT_NONE`) is not present to the
//! kernel: such a word reads as a swap PTE here as it does there, with a stray bit, 9 or 1, that tells it.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_csky::abiv2::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x10184);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// CK807, CK810 and CK860 (`abiv2`).
pub mod abiv2 {
    pub mod since_5_12;
    pub mod since_6_3;
    pub mod until_5_11;

    pub use since_6_3::Pte;
}

/// CK610 (`abiv1`). The type is split.
pub mod ck610 {
    pub mod since_5_12;
    pub mod since_6_3;
    pub mod until_5_11;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
