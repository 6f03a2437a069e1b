//! Swap PTEs of m68k, one module per MMU, one in it per era.
//!
//! | family | processors | marker |
//! |---|---|---|
//! | [`motorola`] | 68020 to 68060 | bit 11 from 6.3, from the type |
//! | [`sun3`] | Sun-3 | bit 6 from 6.3, from the type |
//! | [`coldfire`] | `ColdFire` with an MMU | bit 7 from 6.3, from the type |
//!
//! The newest layout of each family is `Pte` in its module.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_m68k::motorola::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x41810);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// 68020, 68030, 68040, 68060, and the 68851 beside a 68020.
pub mod motorola {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// Sun-3, whose MMU is its own.
pub mod sun3 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// `ColdFire` V4e.
pub mod coldfire {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
