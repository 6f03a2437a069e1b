//! Swap PTEs of MIPS, one module per format of page tables, one in it per era.
//!
//! | family | word | marker |
//! |---|---|---|
//! | [`mips32`] | 32 | bit 1 from 6.3 |
//! | [`mips32_r3k`] | 32 | bit 7 from 6.3 |
//! | [`mips32_xpa`] | 64 | bit 25 from 6.3 |
//! | [`mips32_phys64`] | 64 | bit 7 from 6.3 |
//! | [`mips64`] | 64 | bit 23 from 6.3, from the type |
//!
//! The newest layout of each family is `Pte` in its module.
//!
//! Where `_PAGE_GLOBAL` and `_PAGE_VALID` are in 64-bit kernels depends on huge pages and on the processor (read and
//! execute inhibit). `kind` follows kernels with one of the two, which agree; those with both or with neither differ
//! from it for words that are neither empty nor swap PTEs.
//!
//! 32-bit kernels with 64-bit entries keep the low word in front, whatever the byte order: [`swp_pte::MemoryOrder`].
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_mips::mips32::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x82102);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;

/// 32-bit kernels, the TLB of the R4000 and later.
pub mod mips32 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 32-bit kernels, the TLB of the R3000.
pub mod mips32_r3k {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 32-bit kernels with XPA: 40 bits of physical address.
pub mod mips32_xpa {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 32-bit kernels with 36 bits of physical address: Alchemy.
pub mod mips32_phys64 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 64-bit kernels, whatever the page size.
pub mod mips64 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
