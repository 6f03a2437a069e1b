//! Layouts and words of Linux swap page-table entries, drawn.
//!
//! A [`Drawing`] is boxes of text: in one row for a page, or in rows that fit a terminal, with colours, with the bits of a
//! word. Around it are made [`text`] for a terminal, [`Page`] of Markdown and [`svg`]; [`matrix`] has
//! many layouts below each other. All show the same [`cells`], and
//! explain them with the same [`legend`].
//!
//! ```
//! use swp_pte_draw::{Drawing, cells};
//!
//! let layout = swp_pte_atlas::find("s390", "6.12".parse()?)?.layout();
//! let picture = Drawing::new(layout).to_string();
//! assert_eq!(picture.lines().nth(2), Some("│ offset │ E  │ 1  │ 1 │  -  │ type │ SD │ 0 │"));
//! assert_eq!(cells(layout).next().map(|cell| cell.bits()), Some("63-12".into()));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod cell;
mod drawing;
mod legend;
mod matrix;
mod page;
mod role;
mod svg;
mod text;
mod words;

pub use cell::{Cell, cells};
pub use drawing::Drawing;
pub use legend::{Entry, legend};
pub use matrix::matrix;
pub use page::{OtherBits, Page};
pub use role::Role;
pub use svg::svg;
pub use text::text;
pub use words::{is_own, title, wrapped};
