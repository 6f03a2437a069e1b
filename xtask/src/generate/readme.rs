//! The parts of the README that the atlas has.

use anyhow::Result;
use swp_pte_draw::Drawing;

use crate::files;

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
