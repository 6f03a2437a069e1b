//! The lines of `swp-pte encode --json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::encode(bytes));
