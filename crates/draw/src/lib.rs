//! Layouts of the swap PTE, drawn.

mod cell;
mod page;
mod picture;

pub use cell::{Cell, cells};
pub use page::{OtherBits, Page};
pub use picture::Picture;
