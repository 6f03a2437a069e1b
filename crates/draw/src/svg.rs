//! A layout as SVG, for a slide or a page: 32 bits a row, every bit numbered, and the legend below.

use svg::Document;
use svg::node::element::{Definitions, Group, Line, Path, Pattern, Rectangle, Text, Title};
use swp_pte::{Claim, Field, Layout};

use crate::{Cell, Role, cells, legend, title, words, wrapped};

/// Bits in a row.
const ROW: u32 = 32;
const WIDTH: u32 = 1200;
pub(crate) const MARGIN: u32 = 40;
/// Width of one bit.
const BIT: u32 = (WIDTH - 2 * MARGIN) / ROW;
const BOX: u32 = 52;
/// From one row of bits to the next.
const STEP: u32 = BOX + 56;
/// Where the first row of boxes begins.
const TOP: u32 = 100;
const LINE: u32 = 21;
/// Characters of a line of the legend, in its font.
const COLUMNS: usize = 128;
pub(crate) const SANS: &str = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";
pub(crate) const MONO: &str = "DejaVu Sans Mono, Menlo, Consolas, monospace";
pub(crate) const INK: &str = "#1b1b1b";
pub(crate) const FAINT: &str = "#5a5a5a";

/// The whole picture.
#[must_use]
pub fn svg(layout: &Layout<'_>) -> String {
    let rows = layout.width.div_ceil(ROW);
    let (legend, below) = legend_group(layout, TOP + rows * STEP);
    let source = layout.source;
    let name = title(layout);
    let mut document = Document::new()
        .set("viewBox", (0, 0, WIDTH, below + MARGIN / 2))
        .set("width", WIDTH)
        .set("height", below + MARGIN / 2)
        .set("font-family", SANS)
        .set("fill", INK)
        .add(Title::new(format!("swap PTE of {name}")))
        .add(stripes())
        .add(Rectangle::new().set("width", "100%").set("height", "100%").set("fill", "#ffffff"))
        .add(text(&name, MARGIN, 44, 26).set("font-weight", "bold"))
        .add(text(&subtitle(layout), MARGIN, 68, 14).set("fill", FAINT));
    for row in 0..rows {
        document = document.add(row_group(layout, row));
    }
    let footer =
        if source.header.is_empty() { String::new() } else { format!("{}: {}", source.header, source.symbols) };
    document.add(legend).add(text(&footer, MARGIN, below, 12).set("fill", FAINT)).to_string() + "\n"
}

fn text(what: &str, x: u32, y: u32, size: u32) -> Text {
    Text::new(what).set("x", x).set("y", y).set("font-size", size)
}

fn subtitle(layout: &Layout<'_>) -> String {
    format!("Linux swap PTE: {}; bit 0 is the least significant", words::word(layout))
}

/// What is laid over a field that is stored inverted.
pub(crate) fn stripes() -> Definitions {
    let line = Path::new().set("d", "M0,8 l8,-8").set("stroke", "#ffffff").set("stroke-width", 2);
    let pattern = Pattern::new().set("id", "inverted").set("patternUnits", "userSpaceOnUse");
    Definitions::new().add(pattern.set("width", 8).set("height", 8).add(line))
}

/// A row of bits: their numbers, the cells or parts of cells, their labels.
fn row_group(layout: &Layout<'_>, row: u32) -> Group {
    let high = layout.width - row * ROW;
    let low = high.saturating_sub(ROW);
    let y = TOP + row * STEP + 20;
    let x = |bit: u32| MARGIN + (high - 1 - bit) * BIT;
    let mut group = Group::new();
    for cell in cells(layout).filter(|cell| cell.low < high && cell.high >= low) {
        let (top, bottom) = (cell.high.min(high - 1), cell.low.max(low));
        let (left, width) = (x(top), (top - bottom + 1) * BIT);
        let role = Role::from(cell.claim);
        let part = Rectangle::new().set("x", left).set("y", y).set("width", width).set("height", BOX);
        group = group.add(part.clone().set("fill", role.fill()));
        if field(layout, &cell).is_some_and(Field::is_inverted) {
            group = group.add(part.clone().set("fill", "url(#inverted)"));
        }
        // Ticks at the borders of the bits, as on a ruler.
        for bit in bottom + 1..=top {
            let x = x(bit) + BIT;
            for (from, to) in [(y, y + 5), (y + BOX - 5, y + BOX)] {
                let tick = Line::new().set("x1", x).set("x2", x).set("y1", from).set("y2", to);
                group = group.add(tick.set("stroke", FAINT).set("stroke-width", 0.7));
            }
        }
        group = group.add(part.set("fill", "none").set("stroke", INK).set("stroke-width", 1.4));
        group = group.add(label(layout, &cell, [top, bottom], [left + width / 2, y]));
    }
    for bit in low..high {
        let number = text(&bit.to_string(), x(bit) + BIT / 2, y - 8, 12);
        group = group.add(number.set("text-anchor", "middle").set("font-family", MONO).set("fill", FAINT));
    }
    group
}

pub(crate) const fn field<'a>(layout: &'a Layout<'a>, cell: &Cell<'_>) -> Option<&'a Field> {
    match cell.claim {
        Claim::Type => Some(&layout.swp_type),
        Claim::Offset => Some(&layout.swp_offset),
        _ => None,
    }
}

/// The name in the middle of a part and, for a field, which bits of its value stand there.
fn label(layout: &Layout<'_>, cell: &Cell<'_>, [top, bottom]: [u32; 2], [x, y]: [u32; 2]) -> Group {
    let middle = |what: &str, y: u32, size: u32| text(what, x, y, size).set("text-anchor", "middle");
    let bold = Role::from(cell.claim) == Role::Exclusive;
    let weight = if bold { "bold" } else { "normal" };
    let name = cell.label.as_str();
    let Some(field) = field(layout, cell) else {
        return Group::new().add(middle(name, y + 33, 18).set("font-weight", weight));
    };
    let plain = name.split('[').next().unwrap_or(name);
    let value = |bit: u32| (0..field.width()).find(|value_bit| field.position(*value_bit) == Some(bit));
    let range = match (value(top), value(bottom)) {
        (Some(high), Some(low)) if high != low => format!("{high}…{low}"),
        (Some(bit), _) => bit.to_string(),
        _ => String::new(),
    };
    // A name that is wider than its part is written smaller.
    let room = (top - bottom + 1) * BIT;
    let letters = u32::try_from(plain.chars().count()).unwrap_or(u32::MAX).max(1);
    let size = (room * 3 / 2 / letters).clamp(8, 18);
    Group::new().add(middle(plain, y + 25, size)).add(middle(&range, y + 42, 11).set("font-family", MONO))
}

/// The legend from a height on, and where it ends.
fn legend_group(layout: &Layout<'_>, top: u32) -> (Group, u32) {
    let mut group = Group::new();
    let mut y = top + 16;
    for entry in legend(layout) {
        let swatch = Rectangle::new().set("x", MARGIN).set("y", y - 14).set("width", 66).set("height", 18);
        group = group.add(swatch.set("fill", entry.role.fill()).set("stroke", INK).set("stroke-width", 0.7));
        group = group.add(text(&entry.symbol, MARGIN + 33, y, 13).set("text-anchor", "middle"));
        for line in wrapped(&entry.text, COLUMNS, 0).lines() {
            group = group.add(text(line, MARGIN + 80, y, 14));
            y += LINE;
        }
        y += 4;
    }
    (group, y + 12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use svg::parser::Event;
    use swp_pte_atlas::ROWS;

    /// The attributes of all elements in the page.
    fn tags(text: &str) -> Vec<svg::node::Attributes> {
        let attributes = |event| if let Event::Tag(_, _, attributes) = event { Some(attributes) } else { None };
        svg::read(text).unwrap().filter_map(attributes).collect()
    }

    #[test]
    fn x86_64_is_drawn_as_it_was_looked_at() {
        // UPDATE_EXPECT=1 writes what is drawn now; look at it before it is committed.
        let layout = swp_pte_atlas::find("x86_64", "6.12".parse().unwrap()).unwrap().layout();
        expect_test::expect_file!["../tests/x86_64.svg"].assert_eq(&svg(layout));
    }

    #[test]
    fn every_layout_is_well_formed_and_numbers_every_bit() {
        for row in ROWS {
            let text = svg(row.layout());
            let mut depth = 0_i32;
            for event in svg::read(&text).unwrap() {
                match event {
                    Event::Error(error) => panic!("{}: {error}", row.variant()),
                    Event::Tag(_, svg::node::element::tag::Type::Start, _) => depth += 1,
                    Event::Tag(_, svg::node::element::tag::Type::End, _) => depth -= 1,
                    _ => {}
                }
            }
            assert_eq!(depth, 0, "{}", row.variant());
            let tags = tags(&text);
            let height: f32 = tags[0]["height"].parse().unwrap();
            for attributes in tags {
                let number =
                    |name| attributes.get(name).and_then(|value| value.parse::<f32>().ok()).unwrap_or_default();
                // Where text ends is the font's; where it begins is ours.
                let (right, bottom) = (number("x") + number("width"), number("y") + number("height"));
                assert!(right <= 1200.0 && bottom <= height, "{}: {attributes:?}", row.variant());
            }
            for bit in 0..row.layout().width {
                assert!(text.contains(&format!("\n{bit}\n")), "{} bit {bit}", row.variant());
            }
        }
    }

    #[test]
    fn fields_are_cut_at_the_rows_coloured_and_striped_where_inverted() {
        let x86_64 = svg(swp_pte_atlas::newest("x86_64").unwrap().layout());
        // Offset bits 58 to 9, 23 of them in the second row; its parts say which bits of the value they hold.
        for part in ["49…23", "22…0", "4…0"] {
            assert!(x86_64.contains(&format!("\n{part}\n")), "{part}");
        }
        let count = |text: &str, what: &str| text.matches(what).count();
        assert_eq!(count(&x86_64, "url(#inverted)"), 2);
        // Two parts of the offset, and the legend.
        assert_eq!(count(&x86_64, Role::Offset.fill()), 3);
        assert_eq!(count(&x86_64, Role::Exclusive.fill()), 2);
        assert!(x86_64.contains("Linux swap PTE: 64 bits, little-endian in memory; bit 0 is the least significant"));
        assert!(x86_64.contains("arch/x86/include/asm/pgtable_64.h"));
        let arm64 = svg(swp_pte_atlas::newest("arm64").unwrap().layout());
        assert_eq!(count(&arm64, "url(#inverted)"), 0);
    }

    #[test]
    fn a_part_of_one_bit_says_which_in_letters_that_fit() {
        let mut layout = *swp_pte_atlas::find("s390", "6.12".parse().unwrap()).unwrap().layout();
        let run = |bit, len, value_bit| swp_pte::Run { bit, len, value_bit };
        layout.swp_type = Field::split([run(2, 4, 0), run(7, 1, 4)]);
        let drawn = svg(&layout);
        // The middle of bit 7.
        let x = format!("x=\"{}\"", MARGIN + 24 * BIT + BIT / 2);
        let texts: Vec<_> = drawn.split("<text ").filter(|text| text.contains(&x)).collect();
        // 35 wide, and letters two thirds as wide as high.
        assert!(texts.iter().any(|text| text.contains("font-size=\"13\"") && text.contains("\ntype\n")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("font-size=\"11\"") && text.contains("\n4\n")), "{texts:?}");
    }
}
