//! The atlas: every layout of the record in one table, for programs that learn the architecture at run time.
//!
//! - [`find`] gives the layout of a variant in a kernel, [`newest`] the latest one, [`ROWS`] all of them;
//!   [`find_at`] and [`SECOND_FORMS`] are for higher levels of the page tables.
//! - [`find_release`] asks a whole release, as `uname -r` prints it: third number, build and vendor, and says what it had
//!   to assume; [`STABLE`] and [`VENDORS`] are the rows behind it.
//! - A [`Row`] makes a [`Word`] of a number; the word knows its kind, its entry, its markers and its stray bits.
//! - [`Row::decode_columns`] decodes arrays.
//! - [`Row::visit`] hands the backend's own type to a [`Visit`], for loops that are compiled for each layout.
//! - [`SwapTypes`] numbers the swap types above the swap files by kernel and configuration, and [`Softleaf`] says in
//!   the kernel's own terms what a decoded entry is: swap, migration, device memory, hwpoison, marker.
//!
//! ```
//! use swp_pte_atlas::{find, Config, Softleaf, SwapTypes};
//!
//! let kernel = "6.1.0-50-s390x".parse()?;
//! let word = find("s390", kernel)?.word(0x41e02)?;
//! let entry = word.decode()?;
//! assert_eq!((entry.swp_type().get(), entry.offset().get()), (0, 0x41));
//! assert_eq!(word.is_set(swp_pte_atlas::Flag::Exclusive), Some(true));
//!
//! let types = SwapTypes::new(kernel, Config::of("s390", kernel));
//! assert!(matches!(Softleaf::of(entry, &types, word.row()), Softleaf::Swap { .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![no_std]

mod columns;
mod list;
mod lookup;
mod record;
mod release;
mod row;
mod softleaf;
mod table;
mod visit;

pub use columns::{Columns, ColumnsError};
pub use list::{ARCHES, arch};
pub use lookup::{LookupError, facts_of, find, find_at, newest, rows_of, variants};
pub use record::{BACKPORTED, Bits, Evidence, OWN, STABLE, StableChange, Stock, VENDORS, VendorRange};
pub use release::{Assumed, Assumption, Found, Numberings, find_release, find_release_at, newest_measured};
pub use row::{Row, Word};
pub use softleaf::{Access, Config, Markers, Meanings, Numbering, Presence, Softleaf, SoftleafType, SwapTypes};
pub use swp_pte::Flag;
pub use table::{OLDER, ROWS, SECOND_FORMS};
pub use visit::Visit;
