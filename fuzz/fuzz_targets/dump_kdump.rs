//! kdump-compressed dumps.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::scan::fuzzing::dump_kdump(bytes));
