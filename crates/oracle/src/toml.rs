//! `--toml`: a probed layout as `swp-pte` reads it, in the form that `docs/layout.toml` explains.

use std::fmt::Write as _;

use anyhow::Result;
use swp_pte::{Field, Layout, MemoryOrder, Pattern};
use swp_pte_atlas::Row;

use super::layout::{Change, OwnedLayout};
use super::lines::Provenance;
use super::probe::Probed;
use super::write::{Kind, Output};

/// The file of a layout: as probed, with the names of the known one or the nearest for the bits that others look at.
pub(super) fn file(
    probed: &Probed,
    provenance: &Provenance<'_>,
    label: &str,
    known: Result<&'static Row, &Change>,
) -> Result<Output> {
    let variant = provenance.variant;
    let owned = known.map(|row| OwnedLayout::new(probed, variant, row.layout().source.kernels.first, row.layout()));
    let layout = match &owned {
        Ok(owned) => owned.layout(),
        Err(change) => change.layout.layout(),
    };
    let name = format!("v{label}-{}.toml", variant.config);
    Ok(Output { kind: Kind::Layout, name, text: text(&layout, provenance)? })
}

/// A string of TOML.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn text(layout: &Layout<'_>, provenance: &Provenance<'_>) -> Result<String> {
    let variant = provenance.variant;
    let mut text = format!(
        "# The swap PTE of {} as its compiled headers answered, bit by bit ({}).\n\n",
        provenance.release,
        variant.kconfig()
    );
    let mut key = |name: &str, value: String| {
        let _ = writeln!(text, "{name} = {value}");
    };
    key("name", string(&format!("{} of {}", variant.variant, provenance.release)));
    key("variant", string(variant.variant));
    key("kernel", string(provenance.release));
    key("width", layout.width.to_string());
    key("page_size", string(&format!("{}K", (1_u64 << provenance.constants.get("page_shift")?) >> 10)));
    if layout.memory.order == MemoryOrder::Big {
        key("big_endian", "true".into());
    }
    for (name, bit) in [
        ("exclusive", layout.exclusive.map(|it| it.bit)),
        ("soft_dirty", layout.soft_dirty),
        ("uffd_wp", layout.uffd_wp),
    ] {
        if let Some(bit) = bit {
            key(name, bit.to_string());
        }
    }
    let (none, ignored) = (layout.none.value & layout.word_mask(), !layout.none.mask & layout.word_mask());
    for (name, mask) in [("always_one", layout.always_one), ("none", none), ("none_ignores", ignored)] {
        if mask != 0 {
            key(name, string(&bits(mask)));
        }
    }
    let present: Vec<_> = layout.present.iter().map(pattern).collect();
    key("present", format!("[{}]", present.join(", ")));
    for (name, field) in [("type", &layout.swp_type), ("offset", &layout.swp_offset)] {
        let _ = write!(text, "\n[{name}]\nbits = {}\n", string(&runs(field)));
        if field.is_inverted() {
            text += "inverted = true\n";
        }
        if field.written_bits() != field.width() {
            let _ = writeln!(text, "written = {}", field.written_bits());
        }
    }
    for reserved in layout.reserved {
        let (name, reason) = (string(reserved.name), string(reserved.reason));
        let _ = write!(
            text,
            "\n[[reserved]]\nbits = {}\nname = {name}\nreason = {reason}\n",
            string(&bits(reserved.bits & layout.word_mask()))
        );
    }
    // The kernel's own numbers of its swap types.
    text += "\n[types]\n";
    for name in &provenance.constants.order {
        if name.starts_with("SWP_") && NUMBERS.contains(&name.as_str()) || name == "MAX_SWAPFILES" {
            let _ = writeln!(text, "{name} = {}", provenance.constants.get(name)?);
        }
    }
    Ok(text)
}

/// The constants that are numbers of swap types, and how many bits a page frame number has in an offset.
const NUMBERS: [&str; 12] = [
    "SWP_HWPOISON",
    "SWP_MIGRATION_READ",
    "SWP_MIGRATION_READ_EXCLUSIVE",
    "SWP_MIGRATION_WRITE",
    "SWP_DEVICE_WRITE",
    "SWP_DEVICE_READ",
    "SWP_DEVICE_EXCLUSIVE_WRITE",
    "SWP_DEVICE_EXCLUSIVE_READ",
    "SWP_DEVICE_EXCLUSIVE",
    "SWP_PTE_MARKER",
    "SWP_SWAPIN_ERROR",
    "SWP_PFN_BITS",
];

/// One run of bits: `3`, `12-63`.
fn run(low: u32, len: u32) -> String {
    if len == 1 { low.to_string() } else { format!("{low}-{}", low + len - 1) }
}

/// Bits as a TOML layout has them: `7, 12-31`.
fn bits(mask: u64) -> String {
    let (mut parts, mut left) = (Vec::new(), mask);
    while left != 0 {
        let low = left.trailing_zeros();
        let len = (left >> low).trailing_ones();
        parts.push(run(low, len));
        left &= left.wrapping_add(1 << low);
        if low + len == 64 {
            left = 0;
        }
    }
    parts.join(", ")
}

fn runs(field: &Field) -> String {
    field.runs().map(|it| run(it.bit, it.len)).collect::<Vec<_>>().join(", ")
}

fn pattern(pattern: &Pattern) -> String {
    let (ones, zeros) = (pattern.value, pattern.mask & !pattern.value);
    let parts = [("ones", ones), ("zeros", zeros)].into_iter().filter(|(_, mask)| *mask != 0);
    let parts: Vec<_> = parts.map(|(name, mask)| format!("{name} = {}", string(&bits(mask)))).collect();
    format!("{{ {} }}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{bits, pattern};
    use swp_pte::Pattern;

    #[test]
    fn bits_are_written_as_they_are_read() {
        for (mask, text) in
            [(1, "0"), (0x60, "5-6"), (1 << 7 | 0xffff_f000, "7, 12-31"), (u64::MAX, "0-63"), (1 << 63, "63")]
        {
            assert_eq!(bits(mask), text);
        }
        assert_eq!(pattern(&Pattern { mask: 0b1101, value: 0b101 }), r#"{ ones = "0, 2", zeros = "3" }"#);
    }
}
