//! Layouts and words, drawn: as coloured text that fits the terminal, and as SVG.

mod palette;
mod text;

pub use palette::Role;
pub use text::Drawing;
pub(crate) use text::wrapped;
