//! Swap PTEs of ppc (the kernel's `powerpc`), one module per MMU family and word size, one in it per era.
//!
//! | family | processors | word | marker |
//! |---|---|---|---|
//! | [`book3s64_4k`], [`book3s64_64k`] | POWER, by page size | 64 | bit 5 from 5.19 |
//! | [`book3s32`] | 603, 604, 7xx, 74xx | 32 | bit 2 from 6.3 |
//! | [`nohash32_8xx`] | 8xx | 32 | bit 2 from 6.3 |
//! | [`nohash32_85xx`] | 85xx (e500) with 32-bit words | 32 | bit 2 from 6.3 |
//! | [`nohash32_pte64`] | 44x, and 85xx with 64-bit words | 64 | bit 2 from 6.3 |
//! | [`nohash32_40x`] | 40x, while the kernel had it | 32 | bit 2 from 6.3 |
//! | [`nohash64`] | Book3E 64-bit | 64 | bit 7 from 6.3 |
//!
//! [`book3s64_before_4_2`] has older layouts of POWER, [`rhel_7`] one that no upstream release had.
//!
//! The newest layout of each family is `Pte` in its module. A page-table word of book3s64 is big-endian in memory, in little-endian kernels too.
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_ppc::book3s64_64k::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x4000_0000_0041_0021);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;
pub mod book3s64_before_4_2;
pub mod rhel_7;

/// POWER with 4K pages.
pub mod book3s64_4k {
    pub mod since_4_15;
    pub mod since_5_0;
    pub mod since_5_10;
    pub mod since_5_19;
    pub mod until_4_9;

    pub use since_5_19::Pte;
}

/// POWER with 64K pages.
pub mod book3s64_64k {
    pub mod since_4_15;
    pub mod since_5_0;
    pub mod since_5_10;
    pub mod since_5_19;
    pub mod until_4_9;

    pub use since_5_19::Pte;
}

/// 32-bit processors with a hash table: 603, 604, 7xx, 74xx.
pub mod book3s32 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 8xx. With 16K pages an entry is four identical words in memory.
pub mod nohash32_8xx {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 85xx (e500) with 32-bit words.
pub mod nohash32_85xx {
    pub mod since_6_3;
    pub mod since_6_7;
    pub mod until_6_2;

    pub use since_6_7::Pte;
}

/// 44x, and 85xx (e500) with 64-bit words, on which the entry still has 32 bits.
pub mod nohash32_pte64 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 40x, removed from the kernel.
pub mod nohash32_40x {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

/// 64-bit processors without a hash table (Book3E).
pub mod nohash64 {
    pub mod since_6_3;
    pub mod until_6_2;

    pub use since_6_3::Pte;
}

pub use arch::ARCH;
