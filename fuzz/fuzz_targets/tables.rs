//! Page tables of every geometry, in memory that is anything.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = swp_pte_cli::walk::fuzzing::tables(bytes);
});
