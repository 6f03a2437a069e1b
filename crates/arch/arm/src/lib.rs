//! Swap PTEs of 32-bit Arm, one module per format of page tables, one in it per era.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`two_level`] | 32 | bit 7 from 6.3, from the offset |
//! | [`lpae`] | 64 | the same |
//!
//! The newest layout of each family is `Pte` in its module.
//!
//! With two levels the words here are those of the kernel's own tables; the hardware walks others, beside them.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_arm::two_level::Pte;
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

/// Short descriptors, two levels of page tables.
pub mod two_level {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// Long descriptors, three levels: `CONFIG_ARM_LPAE`.
pub mod lpae {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
