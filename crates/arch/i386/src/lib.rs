//! Swap PTEs of 32-bit x86, one module per format of page tables, one in it per era.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`two_level`] | 32 | bit 7 from 6.3 |
//! | [`pae`] | 64 | the same |
//!
//! The newest layout of each family is `Pte` in its module.
//!
//! With PAE the offset is stored inverted, so that a speculative walk of a swap PTE (L1TF) leads to physical addresses
//! that do not exist. On its way between the core and a word of 64 bits an entry is a number of 32 there: the decoder
//! makes 27 bits of offset of the word, the encoder is given 26.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_i386::pae::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x0fff_ffff_ffff_7c80);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// Two levels of page tables.
pub mod two_level {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// Physical Address Extension: `CONFIG_X86_PAE`.
pub mod pae {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
