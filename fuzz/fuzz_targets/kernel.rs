//! What a kernel in a dump says of itself: VMCOREINFO, kallsyms, BTF, tasks, swap files, its configuration.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = swp_pte_cli::walk::fuzzing::kernel(bytes);
});
