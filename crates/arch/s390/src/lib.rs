//! Swap PTEs of s390 (64-bit).
//!
//! | module | kernels | marker |
//! |---|---|---|
//! | [`until_5_18`] | 4.1 to 5.18 | none |
//! | [`since_5_19`] | 5.19 and later | bit 11 |
//! | [`segment`] | 7.2 and later, one level up | none |
//!
//! [`before_4_1`] has two older ones.
//!
//! The newest layout is [`Pte`] at the root of the crate. Bits are counted from the least significant one here; the
//! architecture's manual counts from the other end. A huge page's entry, in the segment table, has a format of its own:
//! [`segment::Pmd`]. Region-third table entries have the same with other table-type bits, and are not here.
//!
//! s390 has no uffd-wp in its swap PTEs, and asking for it does not compile:
//!
//! ```compile_fail,E0277
//! fn write_protected<P: swp_pte::UffdWp>(pte: P) -> bool {
//!     pte.is_uffd_wp()
//! }
//! write_protected(swp_pte_s390::Pte::from_bits(0x41e02));
//! ```
//!
//! ```
//! use swp_pte::{EncodeError, SwpEntry};
//! use swp_pte_s390::Pte;
//!
//! # fn main() -> Result<(), EncodeError> {
//! let entry = SwpEntry::from_parts(1, 0x41)?;
//! let pte = Pte::encode(entry)?.mk_exclusive();
//! assert_eq!(pte.to_bits(), 0x41e04);
//! assert_eq!(pte.decode(), Ok(entry));
//! assert!(!pte.clear_exclusive().is_exclusive());
//! # Ok(())
//! # }
//! ```
//!
//! [`swp_pte`] has the vocabulary and the traits, [`ARCH`] the architecture's names and what its kernels can have.
#![no_std]

mod arch;
pub mod before_4_1;
pub mod segment;
pub mod since_5_19;
pub mod until_5_18;

pub use arch::ARCH;
pub use since_5_19::Pte;
