//! Releases, as machines and logs print them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::release(bytes));
