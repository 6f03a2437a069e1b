//! The number of functions is pinned, and pages that say it say the same.

use std::path::Path;

use swp_pte_prove::{FUNCTIONS, functions};

#[test]
fn the_number_of_functions_is_that_of_the_layouts_and_of_the_pages() {
    assert_eq!(functions().len(), FUNCTIONS);
    let (thousands, rest) = (FUNCTIONS / 1000, FUNCTIONS % 1000);
    let claim = format!("{thousands},{rest:03} functions");
    for page in ["docs/measured.md", "docs/proof.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(&claim), "{page} does not say {claim:?}");
    }
}
