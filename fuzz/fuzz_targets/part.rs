//! `--start`, `--length` and `--shard` of `swp-pte scan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::scan::fuzzing::part(bytes));
