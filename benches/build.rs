//! Compiles the C side with the system's compiler at -O2, as the kernel is, loops over slices at -O3 too, and notes who
//! compiled what.

use std::process::Command;

fn main() {
    for file in ["layouts.h", "macros.c", "slices.c"] {
        println!("cargo::rerun-if-changed=src/{file}");
    }
    compile("macros", "macros.c", 2);
    compile("slices_o2", "slices.c", 2);
    compile("slices_o3", "slices.c", 3);
    let cc = cc::Build::new().try_get_compiler();
    let cc = cc.map(|tool| first_line(tool.path().as_os_str())).unwrap_or_default();
    println!("cargo::rustc-env=BENCH_CC={cc}");
    println!(
        "cargo::rustc-env=BENCH_RUSTC={}",
        first_line(&std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
    );
}

fn compile(library: &str, file: &str, level: u32) {
    let mut build = cc::Build::new();
    // Debug information would bring frame pointers with it.
    build.file(format!("src/{file}")).opt_level(level).debug(false).define("LEVEL", format!("o{level}").as_str());
    // Without a C compiler this package is still checked and linted; only the benchmark itself does not link.
    if let Err(error) = build.try_compile(library) {
        println!("cargo::warning=no C compiler, so cargo bench cannot link: {error}");
    }
}

/// The first line of what a compiler says to `--version`.
fn first_line(program: &std::ffi::OsStr) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown compiler").to_owned()
}
