//! The tests of the Python package under the address sanitizer: the extension compiled with its checks, its runtime loaded before
//! Python, Python's own allocator out of the way.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSymbol};
use xtask_shared::files;

use super::{Args, package, pytest, python, succeed};

/// The standard library is not compiled anew: what is watched is each read and write of this project and of the crates that it links,
/// pyo3 among them, and every block of memory that Rust, Python or numpy takes.
pub(super) fn run(args: &Args) -> Result<()> {
    let runtime = runtime()?;
    let place = files::root().join("target/python-sanitized");
    let triple = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--package", "swp-pte-python", "--target", &triple, "--target-dir"]).arg(&place);
    // Sanitizers are not stable. With `--target`, build scripts and macros go without.
    build.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=address").env_remove("CARGO_ENCODED_RUSTFLAGS");
    // Everything of this workspace compiles on a machine without Python: here nobody may look for one.
    build.env("PYO3_NO_PYTHON", "1").env_remove("PYO3_PYTHON");
    succeed(build.current_dir(files::root()), "the Python package does not compile with the address sanitizer")?;
    let library = place.join(triple).join("debug/lib_native.so");
    if !is_watched(&library)? {
        bail!("{} has no calls of the sanitizer in it", files::relative(&library));
    }
    let sources = package().join("python/swp_pte");
    let copy = place.join("package/swp_pte");
    fs::create_dir_all(&copy)?;
    for path in files::below(&sources, &["py", "pyi"])? {
        fs::copy(&path, copy.join(path.file_name().context("a file has a name")?))?;
    }
    fs::copy(&library, copy.join("_native.abi3.so"))?;
    let reports = place.join("reports");
    let watched = |command: &mut Command| {
        command.env("LD_PRELOAD", &runtime).env("PYTHONPATH", place.join("package")).env("PYTHONMALLOC", "malloc");
        // Python itself leaks what lives until its end; an allocation that is too large is an error, not the end.
        // pytest keeps what is written to stderr, and dies with it.
        let log = reports.join("report").display().to_string();
        command.env("ASAN_OPTIONS", format!("detect_leaks=0:allocator_may_return_null=1:log_path={log}"));
    };
    if reports.exists() {
        fs::remove_dir_all(&reports)?;
    }
    fs::create_dir_all(&reports)?;
    // The environment has the other one.
    let mut which = python();
    watched(&mut which);
    let which = which.args(["-c", "import swp_pte; print(swp_pte._native.__file__)"]).output()?;
    let loaded = String::from_utf8_lossy(&which.stdout).trim().to_owned();
    if !Path::new(&loaded).starts_with(&copy) {
        bail!("Python loads {loaded:?}, not what is watched: {}", String::from_utf8_lossy(&which.stderr).trim());
    }
    let mut tests = pytest(args);
    watched(&mut tests);
    // mypy reads texts, in programs of its own.
    tests.arg("--ignore=tests/test_types.py");
    let passed = succeed(&mut tests, "a test of the Python package failed under the address sanitizer");
    let mut said = 0;
    for report in fs::read_dir(&reports)? {
        let text = fs::read(report?.path())?;
        let text = String::from_utf8_lossy(&text);
        // Memory that was asked for and is not there is a warning, and an exception in Python.
        if text.contains("ERROR: AddressSanitizer") {
            eprintln!("{text}");
            said += 1;
        }
    }
    passed?;
    if said > 0 {
        bail!("the address sanitizer reported, and the tests passed all the same");
    }
    println!("python: the same under the address sanitizer, {}", runtime.display());
    Ok(())
}

/// The sanitizer's runtime as a shared object, of the compiler with which Rust links, or clang's.
fn runtime() -> Result<PathBuf> {
    let clang = format!("libclang_rt.asan-{}.so", env::consts::ARCH);
    for (compiler, name) in [("cc", "libasan.so"), ("gcc", "libasan.so"), ("clang", &clang)] {
        let asked = Command::new(compiler).arg(format!("-print-file-name={name}")).output();
        let Ok(asked) = asked else { continue };
        // A compiler that does not have it repeats the name.
        let path = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
        if path.is_absolute()
            && let Ok(path) = path.canonicalize()
        {
            return Ok(path);
        }
    }
    bail!(
        "no runtime of the address sanitizer is here: install Debian's gcc, or libclang-rt-14-dev or of clang's version"
    )
}

/// Whether an extension was compiled with the sanitizer's checks.
fn is_watched(library: &Path) -> Result<bool> {
    let data = fs::read(library)?;
    let file = object::File::parse(data.as_slice())?;
    Ok(file.dynamic_symbols().any(|symbol| symbol.is_undefined() && symbol.name() == Ok("__asan_report_load8")))
}
