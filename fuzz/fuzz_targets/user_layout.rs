//! A user-defined layout, in TOML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::user_layout(bytes));
