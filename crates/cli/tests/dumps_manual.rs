//! The examples of docs/dumps.md, run on the dumps of this repository.

#![cfg(unix)]

use std::path::Path;

#[test]
fn every_example_of_the_page_on_dumps_prints_what_it_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["x86_64", "arm64", "s390"] {
        let packed = std::fs::File::open(root.join(format!("tests/dumps/{name}.elf.gz"))).unwrap();
        let mut whole = std::fs::File::create(folder.path().join(format!("{name}.elf"))).unwrap();
        std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut whole).unwrap();
    }
    // The examples name dumps as a reader beside them does.
    std::env::set_current_dir(folder.path()).unwrap();
    trycmd::TestCases::new().case(root.join("docs/dumps.md")).env("COLUMNS", "80");
}
