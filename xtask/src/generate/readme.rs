//! The README's picture, and the example of the page on the library.

use anyhow::Result;

use crate::files;

/// The library's example: a consumer that is compiled and tested, up to its own tests.
pub(super) fn example() -> Result<String> {
    let source = files::root().join("tests").join("consumers").join("fault-path").join("src").join("lib.rs");
    let text = files::read(&source)?;
    let shown = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    // Not `rust`: the file is a crate of its own, which a documentation test cannot be.
    Ok(format!("```rs\n{shown}```\n"))
}

/// The variants of the README's picture: those that most readers have under their hands.
const VARIANTS: [&str; 5] = ["x86_64", "arm64", "s390", "ppc-book3s64-64k", "riscv-rv64"];

/// The README's picture: how much the same entry differs from one architecture to the next.
pub(super) fn picture() -> String {
    let newest = VARIANTS.iter().filter_map(|variant| swp_pte_atlas::newest(variant).ok());
    swp_pte_draw::matrix(newest.map(|row| row.layout()))
}
