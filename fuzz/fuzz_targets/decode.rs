//! The lines of `swp-pte decode`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::decode(bytes));
