//! All layouts in one picture: a row for each, bit 63 to 0, so that eyes find who took the marker from where.

use svg::Document;
use svg::node::element::{Group, Rectangle, Text, Title};
use swp_pte::{Field, Layout};

use crate::svg::{FAINT, INK, MARGIN, MONO, SANS, field, stripes};
use crate::{Role, cells};

/// Width of one bit.
const BIT: u32 = 13;
const BITS: u32 = 64;
/// Height of a row, and of the line above the first row of an architecture.
const ROW: u32 = 19;
const BOX: u32 = 16;
/// Where the names of variants, the bits and the words behind them begin.
const NAMES: u32 = MARGIN + 14;
const LEFT: u32 = 326;
const RIGHT: u32 = LEFT + BITS * BIT + 14;
const WIDTH: u32 = RIGHT + 330;
/// Where the first row begins, below title, legend and numbers.
const TOP: u32 = 136;

/// The colours, with the word for each.
const LEGEND: [(Role, &str); 6] = [
    (Role::Type, "swap type"),
    (Role::Offset, "swap offset"),
    (Role::Exclusive, "E: exclusive"),
    (Role::Marker, "soft-dirty, uffd-wp"),
    (Role::Reserved, "hardware or kernel looks at it"),
    (Role::Unused, "used by nobody"),
];

/// Layouts in the order given; the variants of an architecture, and the layouts of a variant, stand together.
#[must_use]
pub fn matrix<'a>(layouts: impl IntoIterator<Item = &'a Layout<'a>>) -> String {
    let (mut rows, mut y) = (Group::new(), TOP);
    let (mut arch, mut variant) = ("", "");
    let mut count = 0;
    for layout in layouts {
        if layout.source.arch != arch {
            arch = layout.source.arch;
            y += ROW / 2;
            rows = rows.add(text(arch, MARGIN, y + ROW - 5, 13).set("font-weight", "bold"));
            y += ROW;
        }
        let name = if layout.source.variant == variant { "" } else { layout.source.variant };
        variant = layout.source.variant;
        rows = rows.add(row(layout, name, y));
        y += ROW;
        count += 1;
    }
    let height = y + MARGIN / 2;
    Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("font-family", SANS)
        .set("fill", INK)
        .add(Title::new("swap PTEs of Linux, all layouts"))
        .add(stripes())
        .add(Rectangle::new().set("width", "100%").set("height", "100%").set("fill", "#ffffff"))
        .add(
            text("Linux swap PTEs, and where each found a bit for the exclusive marker", MARGIN, 40, 22)
                .set("font-weight", "bold"),
        )
        .add(text(&subtitle(count), MARGIN, 64, 13).set("fill", FAINT))
        .add(legend())
        .add(numbers())
        .add(rows)
        .to_string()
        + "\n"
}

fn text(what: &str, x: u32, y: u32, size: u32) -> Text {
    Text::new(what).set("x", x).set("y", y).set("font-size", size)
}

fn subtitle(layouts: usize) -> String {
    format!(
        "{layouts} layouts, by the kernels that have them; behind each what the marker was taken from, and what that cost. Striped: stored inverted."
    )
}

fn legend() -> Group {
    let (mut group, mut x) = (Group::new(), MARGIN);
    for (role, name) in LEGEND {
        let swatch = Rectangle::new().set("x", x).set("y", 78).set("width", 22).set("height", 14);
        group = group.add(swatch.set("fill", role.fill()).set("stroke", INK).set("stroke-width", 0.6));
        group = group.add(text(name, x + 28, 90, 13));
        x += 60 + 8 * u32::try_from(name.len()).unwrap_or_default();
    }
    group
}

const fn left_of(bit: u32) -> u32 {
    LEFT + (BITS - 1 - bit) * BIT
}

/// The numbers of the bits, every fourth so that they have room.
fn numbers() -> Group {
    let labels = (0..BITS).filter(|bit| bit % 4 == 0 || *bit == BITS - 1).map(|bit| {
        let number = text(&bit.to_string(), left_of(bit) + BIT / 2, TOP, 10);
        number.set("text-anchor", "middle").set("font-family", MONO).set("fill", FAINT)
    });
    labels.fold(Group::new(), Group::add)
}

fn row(layout: &Layout<'_>, name: &str, y: u32) -> Group {
    let baseline = y + BOX - 4;
    let mut group = Group::new().add(text(name, NAMES, baseline, 12)).add(
        text(&format!("{:#}", layout.source.kernels), LEFT - 12, baseline, 12)
            .set("text-anchor", "end")
            .set("fill", FAINT),
    );
    for cell in cells(layout) {
        let width = (cell.high - cell.low + 1) * BIT;
        let part = Rectangle::new().set("x", left_of(cell.high)).set("y", y).set("width", width).set("height", BOX);
        let role = Role::from(cell.claim);
        group = group.add(part.clone().set("fill", role.fill()));
        if field(layout, &cell).is_some_and(Field::is_inverted) {
            group = group.add(part.clone().set("fill", "url(#inverted)"));
        }
        group = group.add(part.set("fill", "none").set("stroke", "#ffffff").set("stroke-width", 1));
        if role == Role::Exclusive {
            let letter = text("E", left_of(cell.high) + BIT / 2, baseline, 12);
            group = group.add(letter.set("text-anchor", "middle").set("font-weight", "bold"));
        }
    }
    let said = match (layout.exclusive, layout.marker_cost()) {
        (Some(marker), Some(cost)) if cost.to_string() == "none" => format!("bit {}, {}", marker.bit, marker.placement),
        (Some(marker), Some(cost)) => format!("bit {}, {}: {cost}", marker.bit, marker.placement),
        _ => String::new(),
    };
    group.add(text(&said, RIGHT, baseline, 12))
}

#[cfg(test)]
mod tests {
    use svg::parser::Event;
    use swp_pte_atlas::{ROWS, Row};

    use super::*;

    #[test]
    fn every_layout_has_a_row_with_its_marker_and_nothing_is_outside() {
        let picture = matrix(ROWS.iter().map(Row::layout));
        assert_eq!(
            picture.matches("\nE\n").count(),
            ROWS.iter().filter(|row| row.layout().exclusive.is_some()).count()
        );
        for row in ROWS {
            let kernels = format!("\n{:#}\n", row.layout().source.kernels);
            assert!(picture.contains(&kernels) && picture.contains(row.variant()), "{}", row.variant());
        }
        let bits: usize = ROWS.iter().map(|row| cells(row.layout()).count()).sum();
        assert_eq!(picture.matches("stroke=\"#ffffff\" stroke-width=\"1\"").count(), bits);
        let mut height = 0.0;
        for event in svg::read(&picture).unwrap() {
            let Event::Tag(_, _, attributes) = event else {
                assert!(!matches!(event, Event::Error(_)), "{event:?}");
                continue;
            };
            let number = |name| attributes.get(name).and_then(|value| value.parse::<f32>().ok()).unwrap_or_default();
            if height == 0.0 {
                height = number("height");
            }
            assert!(number("y") + number("height").min(20.0) <= height, "{attributes:?}");
            assert!(number("x") + number("width") <= 2000.0, "{attributes:?}");
        }
    }
}
