//! What each part of a picture is, in words: one list for text and SVG.

use swp_pte::{BitList, Bytes, Flag, Layout};

use crate::Role;

/// One line of the legend.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Whose colour it has.
    pub role: Role,
    /// What is written into the cell.
    pub symbol: String,
    /// What that is.
    pub text: String,
}

/// The legend of a layout: type, offset, markers, then the bits that somebody looks at and those that nobody does, from
/// the top.
#[must_use]
pub fn legend(layout: &Layout<'_>) -> Vec<Entry> {
    let entry = |role, symbol: &str, text: String| Entry { role, symbol: symbol.into(), text };
    let tilde = |inverted| if inverted { "~" } else { "" };
    let (swp_type, offset) = (&layout.swp_type, &layout.swp_offset);
    let mut entries = vec![
        entry(Role::Type, &format!("{}type", tilde(swp_type.is_inverted())), format!("{swp_type}: the swap type")),
        entry(
            Role::Offset,
            &format!("{}offset", tilde(offset.is_inverted())),
            format!(
                "{offset}: the swap offset, in pages; with pages of {} the largest swap file has {}",
                Bytes(1 << layout.page_shift),
                Bytes(layout.max_swap_file())
            ),
        ),
    ];
    if let (Some(exclusive), Some(cost)) = (layout.exclusive, layout.marker_cost()) {
        let text = format!("bit {}: the exclusive marker, {}; cost: {cost}", exclusive.bit, exclusive.placement);
        entries.push(entry(Role::Exclusive, "E", text));
    }
    for (flag, symbol) in [(Flag::SoftDirty, "SD"), (Flag::UffdWp, "WP")] {
        if let Some(bit) = layout.flag(flag) {
            entries.push(entry(Role::Marker, symbol, format!("bit {bit}: {}", flag.name())));
        }
    }
    for reserved in layout.reserved.iter().rev() {
        let symbol = if layout.always_one & reserved.bits != 0 { "1" } else { "0" };
        let text = format!("{}: {}: {}", BitList(reserved.bits), reserved.name, reserved.reason);
        entries.push(entry(Role::Reserved, symbol, text));
    }
    if layout.unused_mask() != 0 {
        entries.push(entry(Role::Unused, "-", format!("{}: unused, free for a marker", BitList(layout.unused_mask()))));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use swp_pte_atlas::ROWS;

    #[test]
    fn every_cell_is_explained() {
        for row in ROWS {
            let layout = row.layout();
            let entries = legend(layout);
            for cell in cells(layout) {
                // Parts of a field, in brackets or parentheses, are explained with the field.
                let name = cell.label.trim_matches(['(', ')']).split('[').next().unwrap_or_default();
                let explained = entries.iter().any(|entry| entry.role == cell.claim.into() && entry.symbol == name);
                assert!(explained, "{} {}: {}", row.variant(), cell.bits(), cell.label);
            }
            for entry in &entries {
                let drawn = cells(layout).any(|cell| cell.label.contains(&entry.symbol));
                assert!(drawn, "{}: nothing is {}, {}", row.variant(), entry.symbol, entry.text);
            }
        }
    }

    #[test]
    fn entries_say_what_is_where() {
        let layout = swp_pte_atlas::find("s390", "6.12".parse().unwrap()).unwrap().layout();
        let lines: Vec<_> =
            legend(layout).into_iter().map(|entry| format!("{} {}", entry.symbol, entry.text)).collect();
        assert_eq!(
            lines,
            [
                "type bits 6-2: the swap type",
                "offset bits 63-12: the swap offset, in pages; with pages of 4 KiB the largest swap file has 16 EiB",
                "E bit 11: the exclusive marker, unused bit; cost: none",
                "SD bit 1: soft-dirty",
                "1 bit 10: _PAGE_INVALID: the hardware must see an invalid entry",
                "1 bit 9: _PAGE_PROTECT: pte_swap tests it: 1 here and 0 in bit 0 say swap",
                "0 bit 0: _PAGE_PRESENT: pte_present tests it",
                "- bits 8-7: unused, free for a marker",
            ]
        );
    }
}
