//! Every backend through the whole suite, and every vector file of this repository: what `cargo xtask conformance`
//! runs, as a test.
#![expect(clippy::expect_used, reason = "in a test, a panic is the failure")]

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use swp_pte::Placement;
use swp_pte_atlas::{ROWS, SECOND_FORMS, rows_of};
use swp_pte_conformance::{Options, Report, VectorFile, history, subjects};

const SEED: u64 = 0x5345_4544;

fn assert_clean(report: &Report) {
    let all: Vec<_> = report.failures.iter().map(ToString::to_string).collect();
    assert_eq!(report.failed, 0, "{}", all.join("\n"));
    assert!(report.checks > 0);
}

fn vector_files() -> Vec<PathBuf> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> = [vectors.clone(), vectors.join("captures")]
        .iter()
        .flat_map(|dir| fs::read_dir(dir).expect("tests/vectors is part of the repository"))
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_backend_holds_the_contract() {
    // Optimized, the two smallest layouts, R3000's, are enumerated too, which `cargo xtask conformance` leaves to --full; the
    // affine argument covers every encoding anyway.
    let options = if cfg!(debug_assertions) {
        Options { random: 512, ..Options::quick(SEED) }
    } else {
        Options { enumerate_up_to: 1 << 22, ..Options::quick(SEED) }
    };
    let (mut layouts, mut checks, mut enumerated) = (0, 0, 0);
    for backend in subjects() {
        let (mut report, coverage) = backend.run(&options);
        report.merge(history(backend.layout));
        assert_clean(&report);
        layouts += 1;
        checks += report.checks;
        enumerated += usize::from(coverage.encodings <= options.enumerate_up_to);
    }
    assert_eq!(enumerated, if cfg!(debug_assertions) { 0 } else { 2 }, "as many as CONTRIBUTING.md says");
    println!("suite: {layouts} layouts, {checks} checks, {enumerated} enumerated");
}

#[test]
fn every_row_of_the_atlas_has_joined_the_suite_once() {
    let backends = subjects();
    for row in ROWS.iter().chain(SECOND_FORMS) {
        let joined = backends.iter().filter(|backend| backend.layout.source == row.layout().source).count();
        assert_eq!(joined, 1, "{} {}", row.variant(), row.layout().source.kernels);
    }
    assert_eq!(backends.len(), ROWS.len() + SECOND_FORMS.len());
}

/// Of the first layout with the marker and of those after it, wherever the record has a layout from before.
#[test]
fn a_placement_of_another_kind_is_caught_in_every_era() {
    let kinds = [Placement::UnusedBit, Placement::StolenTypeBit, Placement::StolenOffsetBit];
    let mut caught = 0;
    for row in ROWS {
        let has_before = rows_of(row.variant()).any(|other| other.layout().exclusive.is_none());
        let Some(chosen) = row.layout().exclusive.filter(|_| has_before) else { continue };
        for kind in kinds.into_iter().filter(|kind| *kind != chosen.placement) {
            let (mut wrong, mut marker) = (*row.layout(), chosen);
            marker.placement = kind;
            wrong.exclusive = Some(marker);
            let report = history(Box::leak(Box::new(wrong)));
            assert!(report.failed > 0, "{} {}: {kind}", row.variant(), row.layout().source.kernels);
            caught += 1;
        }
    }
    assert!(caught > 0, "no layout with a marker");
}

#[test]
fn every_answer_of_the_kernel_holds() {
    let mut cases = 0;
    for path in vector_files() {
        let file = File::open(&path).expect("a vector file");
        let vectors = VectorFile::read(&path.display().to_string(), BufReader::new(file)).expect("a vector file");
        assert_clean(&vectors.run());
        cases += vectors.len();
    }
    assert!(cases > 0, "no vectors");
    println!("vectors: {cases} cases");
}
