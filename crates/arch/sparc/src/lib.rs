//! Swap PTEs of SPARC, one module per word size, one in it per era.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`sparc64`] | 64 | bit 20 from 6.3, from the type |
//! | [`sparc32`] | 32 | bit 6 from 6.3 |
//!
//! The newest layout of each family is `Pte` in its module.
//!
//! A 64-bit kernel is built for sun4u, and patches itself when it starts on sun4v, where bit 4 says present instead of
//! bit 7. The layouts here say what the kernel was built to say; both bits are zero in every swap PTE.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_sparc::sparc64::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x0830_2000);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// 64-bit kernels.
pub mod sparc64 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 32-bit kernels, with the SPARC Reference MMU.
pub mod sparc32 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
