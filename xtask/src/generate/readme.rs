//! The parts of the README that the atlas has.

use std::fmt::Write;

use anyhow::Result;
use swp_pte::Bytes;
use swp_pte_conformance::Backend;
use swp_pte_draw::Drawing;

use crate::files;

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

/// The README's example: a consumer that is compiled and tested, up to its own tests.
pub(super) fn example() -> Result<String> {
    let source = files::root().join("tests").join("consumers").join("fault-path").join("src").join("lib.rs");
    let text = files::read(&source)?;
    let shown = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    // Not `rust`: the file is a crate of its own, which a documentation test cannot be.
    Ok(format!("```rs\n{shown}```\n"))
}

/// The README's picture: the layout that most readers have under their hands.
pub(super) fn picture() -> String {
    format!(
        "```text\n{}```\n",
        swp_pte_atlas::newest("x86_64").map(|row| Drawing::new(row.layout()).to_string()).unwrap_or_default()
    )
}
