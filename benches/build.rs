//! Compiles the C side with the system's compiler at -O2, as the kernel is, and notes who compiled what.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=src/macros.c");
    let mut build = cc::Build::new();
    // Debug information would bring frame pointers with it.
    build.file("src/macros.c").opt_level(2).debug(false);
    // Without a C compiler this package is still checked and linted; only the benchmark itself does not link.
    if let Err(error) = build.try_compile("macros") {
        println!("cargo::warning=no C compiler, so cargo bench cannot link: {error}");
    }
    let cc = build.try_get_compiler().map(|tool| first_line(tool.path().as_os_str())).unwrap_or_default();
    println!("cargo::rustc-env=BENCH_CC={cc}");
    println!(
        "cargo::rustc-env=BENCH_RUSTC={}",
        first_line(&std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
    );
}

/// The first line of what a compiler says to `--version`.
fn first_line(program: &std::ffi::OsStr) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown compiler").to_owned()
}
