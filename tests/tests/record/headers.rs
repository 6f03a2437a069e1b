//! The headers of the vector files against the tables: which kernels were measured, and what each build says of words,
//! pages and page frame numbers. Each file alone is held by the conformance suite; here is what they say together.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use swp_pte::{KernelVersion, Release};
use swp_pte_atlas::{OLDER, ROWS, Row, find_release, rows_of, variants};

/// What the first line of a vector file says.
struct Header {
    file: String,
    row: &'static Row,
    kernel: KernelVersion,
    page_shift: u64,
    pte_bits: u64,
    pfn_bits: Option<u64>,
}

/// The headers of all files that compiled headers answered.
fn headers() -> Vec<Header> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let paths = fs::read_dir(folder).expect("tests/vectors is part of the repository");
    let paths = paths.map(|entry| entry.expect("a directory entry").path());
    let headers: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a vector file");
            let header: Value = serde_json::from_str(text.lines().next().expect("a first line")).expect("JSON");
            let release: Release = header["kernel"].as_str().expect("a kernel").parse().expect("a release");
            let variant = header["variant"].as_str().expect("a variant");
            Header {
                file: path.display().to_string(),
                row: find_release(variant, &release).expect("a known layout").row,
                kernel: release.series(),
                page_shift: header["page_shift"].as_u64().expect("a number"),
                pte_bits: header["pte_bits"].as_u64().expect("a number"),
                pfn_bits: header["consts"]["SWP_PFN_BITS"].as_u64(),
            }
        })
        .collect();
    assert!(!headers.is_empty(), "no vector file was read");
    headers
}

/// No kernel too many and none too few.
#[test]
fn measured_kernels_are_those_of_the_vector_files() {
    let headers = headers();
    for row in ROWS.iter().chain(OLDER) {
        let source = row.layout().source;
        let asked: BTreeSet<_> =
            headers.iter().filter(|header| header.row.layout().source == source).map(|header| header.kernel).collect();
        let asked: Vec<_> = asked.into_iter().collect();
        assert_eq!(source.measured, asked, "{} {}", source.variant, source.kernels);
    }
}

/// Sizes in bytes are given for the smallest page of a variant that was measured.
#[test]
fn a_layouts_page_is_the_smallest_of_its_variant() {
    let headers = headers();
    for variant in variants() {
        let smallest = headers.iter().filter(|h| h.row.variant() == variant).map(|h| h.page_shift).min();
        for row in rows_of(variant) {
            let layout = row.layout();
            assert_eq!(Some(u64::from(layout.page_shift)), smallest, "{variant} {}", layout.source.kernels);
        }
    }
}

/// `SWP_PFN_BITS`, which kernels have from 6.1 on, of every build; and the width of its words.
#[test]
fn words_and_frame_numbers_are_as_wide_as_in_the_builds() {
    let mut seen = BTreeSet::new();
    for header in headers() {
        assert_eq!(header.pte_bits, u64::from(header.row.layout().width), "{}", header.file);
        if let Some(bits) = header.pfn_bits {
            let known: Vec<_> = header.row.facts().pfn_bits.iter().map(|known| u64::from(known.bits)).collect();
            assert!(known.contains(&bits), "{}: SWP_PFN_BITS {bits}, of {known:?}", header.file);
            seen.insert(header.row.variant());
        }
    }
    // The eras of a variant share the number, so that one build speaks for all of them.
    assert!(variants().all(|variant| seen.contains(variant)), "of all variants, builds speak for {seen:?} only");
}
