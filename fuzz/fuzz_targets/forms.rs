//! Numbers in every form, and sizes of swap files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::forms(bytes));
