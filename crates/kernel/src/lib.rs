//! What the files of a kernel tell of its swap entries.
//!
//! A kernel is not a number: it is a source, a build and words. The source is told by its release, the build by its
//! configuration and by what was compiled. [`read`] takes any of the files that a machine has, finds out by its content what
//! it is, and hands back the [`Facts`] in it, each with where it stood; [`Facts::join`] puts those of several files together,
//! and refuses a contradiction.
//!
//! | file | what it tells |
//! |---|---|
//! | `vmlinux` (ELF) | architecture; release (`linux_banner`); `MAX_SWAPFILES` (the size of `swap_info`); BTF (`.BTF`) and configuration (`CONFIG_IKCONFIG`) inside |
//! | `/sys/kernel/btf/vmlinux` | whether `enum pageflags` has `PG_anon_exclusive`, and with it the marker series |
//! | `System.map`, `/proc/kallsyms` | how far it is from `swap_info` to the next symbol, which is `MAX_SWAPFILES` or a little more |
//! | `/boot/config-*`, `/proc/config.gz` | every option |
//! | `/proc/version`, a `Linux version …` line, `vmlinuz` of x86 | the release |
//!
//! What no file tells is where the bits of an entry are: shifts are macros, which neither BTF nor DWARF has. They follow from
//! the release, or from headers (`swp-pte-oracle`).
//!
//! Files are read as whoever made them wrote them, which can be anybody: everything is bounded, and what is not understood is
//! an [`Error`].

mod banner;
mod btf;
mod config;
mod elf;
mod error;
mod facts;
mod machine;
mod packed;
mod read;
mod structs;
mod symbols;

pub use btf::has_anon_exclusive;
pub use config::Config;
pub use error::{Contradiction, Error};
pub use facts::{Facts, Learned, SwapInfo};
pub use machine::Machine;
pub use read::{facts_of, read, running};
pub use structs::{Member, Structs};
