//! The C library on machines without an operating system: compiled, linked to a program in C that calls all of it, with nothing else
//! to link to, and run under qemu's user emulation.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use object::{Object, ObjectSymbol};
use rustc_demangle::demangle;

use super::log::{self, tail};
use super::native;
use super::targets::{Kind, Target};
use crate::files;

/// What is said of a machine on which the program ran.
pub(super) fn link(target: &Target, bar: &ProgressBar) -> Result<String> {
    let Kind::Bare { emulation, clang, qemu } = target.kind else { bail!("{} has an operating system", target.triple) };
    let library = compile(target, bar)?;
    let folder = library.parent().context("a file lies in a folder")?;
    let (object, program) = (folder.join("freestanding.o"), folder.join("freestanding.elf"));
    let sources = files::root().join("bindings/c");
    let mut compiler = Command::new("clang");
    compiler.args(clang).args(["-std=gnu99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2", "-ffreestanding"]);
    compiler.args(["-fno-pic", "-c", "-I"]).arg(sources.join("include")).arg(sources.join("tests/freestanding.c"));
    succeed(compiler.arg("-o").arg(&object), "bindings/c/tests/freestanding.c does not compile")?;
    let mut linker = Command::new("ld.lld");
    linker.args(["-m", emulation, "--gc-sections", "--no-undefined", "--entry=_start", "-o"]).arg(&program);
    succeed(linker.arg(&object).arg(&library), "the C library is not whole without an operating system")?;
    let data = fs::read(&program)?;
    let file = object::File::parse(data.as_slice())?;
    let mut bytes = 0;
    for symbol in file.symbols().filter(|symbol| symbol.kind() == object::SymbolKind::Text) {
        let name = format!("{:#}", demangle(symbol.name()?));
        bytes += symbol.size();
        // The panics of what searches a text are linked; `cargo xtask c` shows that nothing else has any.
        if ["alloc::", "__rust_alloc", "std::"].iter().any(|part| name.starts_with(part)) {
            bail!("the C library links {name}");
        }
    }
    let qemu = format!("qemu-{qemu}");
    let output = Command::new(&qemu).arg(&program).output().with_context(|| format!("cannot run {qemu}"))?;
    match output.status.code() {
        Some(0) => Ok(format!("the C library and a program in C linked, {bytes} bytes; ran in {qemu}")),
        Some(check) => bail!("bindings/c/tests/freestanding.c in {qemu}: check {check} failed, or one 255 after it"),
        None => bail!("bindings/c/tests/freestanding.c in {qemu}: {}", output.status),
    }
}

/// The static library.
fn compile(target: &Target, bar: &ProgressBar) -> Result<PathBuf> {
    // The same standard library as that of the fault paths, which is there already.
    let mut build = native::cargo(&files::root(), target, "rustc", "core,alloc");
    build.args(["--profile", "bare-metal", "--locked", "--lib", "--package", "swp-pte-c"]);
    build.args(["--crate-type", "staticlib", "--features", "freestanding"]);
    let (text, succeeded) = log::run(&mut build, &log::path(&format!("{}.c", target.triple)), bar)?;
    if !succeeded {
        bail!("swp-pte-c does not compile\n{}", tail(&text));
    }
    Ok(native::target_dir().join(target.triple).join("bare-metal/libswp_pte_c.a"))
}

fn succeed(command: &mut Command, what: &str) -> Result<()> {
    let Output { status, stderr, .. } =
        command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{what}: {}", String::from_utf8_lossy(&stderr).trim());
    }
    Ok(())
}
