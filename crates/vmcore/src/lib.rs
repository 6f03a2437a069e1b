//! The kernel in a memory dump, by what it says of itself: no debug information is needed.
//!
//! [`Kernel::find`] begins with VMCOREINFO, a page of text that a kernel keeps for readers of its dumps: a note of the dump, or
//! wherever it is in memory. That says where the kernel's image and its page tables are and, since 6.0, its table of symbols
//! (kallsyms); among these are the first task, the swap files and BTF, which has the offset of every member. So the
//! processes ([`Kernel::processes`]) and the swap files ([`Kernel::swap_files`]) are read, and the facts that decide how the
//! words of its page tables are to be read ([`Kernel::facts`]).
//!
//! Each step can be given instead ([`Given`]). What a dump does not have is a [`Lack`], which says what to give. Nothing that
//! is read is trusted: lists have ends, tables have limits, and what does not fit together is refused.

mod kallsyms;
mod kernel;
mod lack;
mod machine;
mod search;
mod space;
mod swap_files;
mod symbols;
mod tasks;
mod types;
mod vmcoreinfo;

pub use kallsyms::Kallsyms;
pub use kernel::{Given, Kernel, depth, machine_of_dump, ordered};
pub use lack::Lack;
pub use machine::{geometry_of, image_of, machine_of, order_of};
pub use search::Searched;
pub use space::{Image, Space, Unreadable};
pub use swap_files::SwapFile;
pub use symbols::Symbols;
pub use tasks::{Process, Processes, Tables};
pub use types::Types;
pub use vmcoreinfo::Vmcoreinfo;
