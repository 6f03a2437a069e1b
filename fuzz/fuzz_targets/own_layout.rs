//! A layout of one's own, in TOML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::hostile::own_layout(bytes));
