//! Swap PTEs of RISC-V, one module per word size and extension, one in it per era.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`rv64`] | 64 | bit 6 from 6.3, from the offset |
//! | [`rv64_svrsw60t59b`] | 64 | the same, with soft-dirty and uffd-wp |
//! | [`rv32`] | 32 | bit 6 from 6.3, from the offset |
//!
//! The newest layout of each family is `Pte` in its module. Which of the two rv64 layouts a kernel uses depends on the hart that it runs on.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_riscv::rv64::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x410c0);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// 64-bit harts.
pub mod rv64 {
    pub mod since_5_0;
    pub mod since_5_17;
    pub mod since_6_3;
    pub mod until_4_18;

    pub use since_6_3::Pte;
}

/// 64-bit harts with the Svrsw60t59b extension.
pub mod rv64_svrsw60t59b {
    pub mod since_6_19;

    pub use since_6_19::Pte;
}

/// 32-bit harts.
pub mod rv32 {
    pub mod since_5_17;
    pub mod since_6_3;
    pub mod until_5_16;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
