//! The examples of the manual and of the README, run: what a reader sees there is what the program prints.

#[test]
fn every_example_prints_what_the_manual_shows() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // The examples name files as a reader at the top of the repository does.
    std::env::set_current_dir(&root).unwrap();
    trycmd::TestCases::new()
        .case(root.join("docs/cli.md"))
        .case(root.join("README.md"))
        .env("COLUMNS", "80")
        .insert_var("[VERSION]", env!("CARGO_PKG_VERSION"))
        .unwrap();
}
