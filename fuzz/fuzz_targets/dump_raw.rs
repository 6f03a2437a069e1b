//! Memory as it is, by a base and a map.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::scan::fuzzing::dump_raw(bytes));
