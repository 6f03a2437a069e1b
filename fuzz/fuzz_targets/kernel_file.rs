//! Files of a kernel: vmlinux, BTF, tables of symbols, configurations.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| swp_pte_cli::fuzzing::kernel_file(bytes));
