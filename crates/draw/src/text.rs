//! A layout for a terminal: its name, the boxes, their legend, and its source.

use std::fmt::Write;

use anstyle::Style;
use swp_pte::Layout;

use crate::{Drawing, is_own, title, words, wrapped};

/// The whole picture in so many columns, coloured.
#[must_use]
pub fn text(layout: &Layout<'_>, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}: {}\n", title(layout), words::word(layout));
    // Writing to a String cannot fail.
    let _ = write!(text, "{:#}", Drawing::new(layout).columns(width).coloured());
    if is_own(layout) {
        return text;
    }
    let source = &layout.source;
    let dim = Style::new().dimmed();
    for (name, what) in [
        ("source", format!("{}: {}", source.header, source.symbols)),
        ("since", source.since.into()),
        ("", words::measured(layout)),
    ] {
        let _ = writeln!(text, "  {dim}{name:<9}{}{dim:#}", wrapped(&what, width, 11));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;

    #[test]
    fn the_source_stands_below_unless_there_is_none() {
        let mut layout = *swp_pte_atlas::find("arm64", "5.18".parse().unwrap()).unwrap().layout();
        let drawn = strip_str(&text(&layout, 100)).to_string();
        assert!(drawn.starts_with("arm64, kernels 4.0 to 5.18: 64 bits, little-endian in memory\n"), "{drawn}");
        let source = "  source   arch/arm64/include/asm/pgtable.h: __SWP_TYPE_SHIFT, __SWP_OFFSET_SHIFT
  since    older than the record, which begins at 4.0
           measured in 4.4, 4.9, 4.15, 5.0, 5.4, 5.10
";
        assert!(drawn.ends_with(source), "{drawn}");
        layout.source.measured = &[];
        assert!(text(&layout, 100).contains("never measured, read in the source"));
        (layout.source.arch, layout.source.variant) = ("", "example");
        let drawn = strip_str(&text(&layout, 100)).to_string();
        assert!(drawn.starts_with("example: 64 bits, little-endian in memory\n"), "{drawn}");
        assert!(drawn.ends_with("  -        bits 63-60: unused, free for a marker\n"), "{drawn}");
    }
}
