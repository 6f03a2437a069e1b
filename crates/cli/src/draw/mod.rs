//! Layouts and words, drawn: as coloured text that fits the terminal, and as SVG.

mod legend;
mod palette;
mod svg;
mod text;

pub use legend::{Entry, legend};
pub use palette::Role;
pub use svg::svg;
pub(crate) use text::wrapped;
pub use text::{Drawing, legend_text};
