//! The vocabulary of Linux swap page-table entries.
//!
//! A *swap PTE* is the word that the kernel leaves in a page table when a page is on disk. It packs a *swap entry*
//! (a swap type, 0..=31, and a swap offset in pages) and a few markers, differently on every architecture and
//! differently again from one kernel version to the next. This crate knows no architecture. It holds
//!
//! - the values: [`SwpType`], [`SwpOffset`], [`SwpEntry`], [`PteKind`], [`KernelVersion`], [`Release`];
//! - the contract that every architecture crate keeps: [`SwpPte`], and [`Exclusive`], [`SoftDirty`] and [`UffdWp`] where a
//!   layout has these bits;
//! - a layout as data: [`Layout`], which can encode and decode by itself, slowly and obviously, and list every legal place for an exclusive marker ([`Layout::placements`]).
//!
//! A layout as data encodes and decodes by itself; a backend does the same with the functions of its own type:
//!
//! ```
//! use swp_pte::{EncodeError, Field, Layout, Memory, MemoryOrder, SwpEntry, Variant};
//!
//! # fn main() -> Result<(), EncodeError> {
//! const VARIANT: Variant<'static> = Variant::new("toy", "toy", 32, 12, Memory::new(MemoryOrder::Little));
//! let layout = Layout::new(&VARIANT, Field::new(2, 5), Field::new(7, 25));
//! let word = layout.encode(SwpEntry::from_parts(1, 0x41)?)?;
//! assert_eq!(word, 1 << 2 | 0x41 << 7);
//! assert_eq!(layout.max_swap_file(), 1 << 37);
//! # Ok(())
//! # }
//! ```
//!
//! Backends are in `swp-pte-x86_64`, `-arm64`, `-s390`, `-ppc` and `-riscv`, made with [`backend!`]; `swp-pte-atlas` looks
//! them up by name and kernel.
//!
//! It is `no_std`, allocates nothing, and contains no `unsafe` and no panic path.
#![no_std]

mod arch;
mod backend;
mod bits;
mod entry;
mod error;
mod frame;
mod grade;
mod kind;
mod layout;
mod pte;
mod release;
mod version;

pub use arch::{Arch, BuildOption, Inaccessible, KernelOption, Name, PfnBits, Reason, Variant};
pub use bits::PteBits;
pub use entry::{SwpEntry, SwpOffset, SwpType};
pub use error::{DecodeError, EncodeError, EntryError, Undecodable, Unencodable, VersionError};
pub use frame::Frame;
pub use grade::Grade;
pub use kind::PteKind;
pub use layout::{
    BitList, Bytes, Candidate, Claim, Cost, ExclusiveBit, Field, Flag, Inconsistency, Layout, Level, Memory,
    MemoryOrder, NamedBits, Pattern, Placement, Repeated, Reserved, Run, Source,
};
pub use pte::{Exclusive, SoftDirty, SwpPte, UffdWp};
pub use release::{Build, Release, Vendor};
pub use version::{KernelRange, KernelVersion};
