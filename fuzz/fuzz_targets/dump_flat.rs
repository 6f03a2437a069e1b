//! Flattened files, whatever is in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::scan::fuzzing::dump_flat(bytes));
