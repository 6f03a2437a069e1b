//! A kernel's log, as `swp-pte log` reads it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::log(bytes));
