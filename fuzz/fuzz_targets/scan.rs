//! The words of an image, under any layout: summary, rows and evidence.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::scan::fuzzing::image(bytes));
