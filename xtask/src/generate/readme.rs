//! The parts of the README that the atlas has.

use std::fmt::Write;

use swp_pte::Bytes;
use swp_pte_conformance::Backend;

/// The README's table: one line a layout.
pub(super) fn layouts_table(backends: &[Backend]) -> String {
    let mut table = String::from(
        "| variant | kernels | word | marker | cost of the marker | soft-dirty | uffd-wp | largest swap file |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for backend in backends {
        let layout = backend.layout;
        let bit = |bit: Option<u32>| bit.map_or_else(|| "-".into(), |bit| format!("bit {bit}"));
        let marker = layout.exclusive.map_or_else(|| "-".into(), |e| format!("bit {}, {}", e.bit, e.placement));
        let _ = writeln!(
            table,
            "| {} | {} | {} | {marker} | {} | {} | {} | {} |",
            layout.source.variant,
            layout.source.kernels,
            layout.width,
            layout.marker_cost().map_or_else(|| "-".into(), |cost| cost.to_string()),
            bit(layout.soft_dirty),
            bit(layout.uffd_wp),
            Bytes(layout.max_swap_file()),
        );
    }
    table
}

/// The README's picture: the layout that most readers have under their hands.
pub(super) fn picture() -> String {
    format!(
        "```text\n{}```\n",
        swp_pte_atlas::newest("x86_64").map(|row| row.layout().picture().to_string()).unwrap_or_default()
    )
}
