//! Swap PTEs of sh (`SuperH`).
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`plain`] | 32 | bit 6 from 6.3, from the type |
//! | [`x2tlb`] | 64 | bit 6 from 6.3 |
//!
//! The newest layout of each family is `Pte` in its module.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_sh::plain::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x20842);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// SH-3, SH-4 and SH-4A.
pub mod plain {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// SH-X2 and later with the extended TLB: entries of 64 bits.
pub mod x2tlb {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
