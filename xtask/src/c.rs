//! `cargo xtask c`: the C library of `bindings/c` with its header and pkg-config file; what it links; and its tests in C, with every
//! compiler that is here, under sanitizers, and on foreign machines.

mod lines;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSymbol};
use xshell::{Shell, cmd};
use xtask_shared::files;

use crate::cross::native;
use crate::cross::targets::{Kind, TARGETS};

/// The options of `c`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without options: builds target/c (include, lib, lib/pkgconfig) and runs the tests in C. Needs gcc; clang and pkg-config
are used where they are.")]
pub(crate) struct Args {
    /// Fail where a compiler or pkg-config is missing, or the header is not of these sources
    #[arg(long)]
    all: bool,
    /// Only write the header into `bindings/c/include`
    #[arg(long, conflicts_with = "all")]
    header: bool,
}

/// What every translation unit must bear.
const WARNINGS: [&str; 5] = ["-std=gnu99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
const SANITIZERS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
/// It searches a text with core's own functions, which are compiled with the checks of their bounds.
const READS_TEXT: &str = "swp_pte_find";
const TESTS: [&str; 2] = ["vectors", "hostile"];

pub(crate) fn run(args: &Args) -> Result<()> {
    let header = folder().join("include/swp_pte.h");
    let text = header_text()?;
    if args.all {
        if files::read(&header).ok().as_deref() != Some(text.as_str()) {
            bail!("{} is not of these sources: run `cargo xtask c --header`", files::relative(&header));
        }
    } else {
        fs::write(&header, &text)?;
    }
    if args.header {
        return Ok(());
    }
    let built = build()?;
    let functions = functions(&text);
    let without: Vec<&str> = functions.iter().copied().filter(|name| *name != READS_TEXT).collect();
    if without.len() + 1 != functions.len() {
        bail!("the header does not declare {READS_TEXT}");
    }
    let (bytes, panics) = look_into(&built, &without)?;
    if !panics.is_empty() {
        bail!("the C library links {}", panics.join(", "));
    }
    let (all, _) = look_into(&built, &functions)?;
    println!(
        "c: {} functions, {all} bytes of code; {bytes} without {READS_TEXT}, and no panic in them",
        functions.len()
    );
    let lines = lines::all()?;
    let mut tried = 0;
    for compiler in ["gcc", "clang"] {
        if !is_here(compiler) {
            if args.all {
                bail!("{compiler} is not here: install Debian's package {compiler}");
            }
            println!("c: NOT tried with {compiler}, which is not here");
            continue;
        }
        test(compiler, &[], &built, &lines, &[])?;
        if can_sanitize(compiler)? {
            test(compiler, &SANITIZERS, &built, &lines, &[])?;
        } else if args.all {
            bail!("{compiler} has no sanitizers here: install Debian's libclang-rt-14-dev, or of its version");
        } else {
            println!("c: NOT tried under {compiler}'s sanitizers, whose runtime is not here");
        }
        tried += 1;
    }
    if tried == 0 {
        bail!("no C compiler is here: install gcc");
    }
    languages()?;
    pkg_config(args.all)?;
    crash(&built, args.all)?;
    foreign(&lines, args.all)
}

fn folder() -> PathBuf {
    files::root().join("bindings/c")
}

/// What is installed: `include`, `lib`, `lib/pkgconfig`.
fn output() -> PathBuf {
    files::root().join("target/c")
}

/// The header, from the sources.
fn header_text() -> Result<String> {
    let config = cbindgen::Config::from_file(folder().join("cbindgen.toml")).map_err(anyhow::Error::msg)?;
    // It follows the modules from there.
    let builder = cbindgen::Builder::new().with_config(config).with_src(folder().join("src/lib.rs"));
    let mut text = Vec::new();
    builder.generate().context("cbindgen cannot read bindings/c/src")?.write(&mut text);
    // Rust's headings mean nothing in C.
    let text =
        String::from_utf8(text)?.replace("// # Errors\n", "// Errors:\n").replace("// # Safety\n", "// Pointers:\n");
    plain_enums(&text)
}

/// An enumeration of a size is, for cbindgen, an enum or an integer by the language, in thirteen lines of preprocessor. In any
/// language it is an integer with names for its values.
fn plain_enums(text: &str) -> Result<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("\nenum ") {
        let (name, from) = from.split_once("\n#if ").context("an enum without a size")?;
        let (size, from) = from.split_once("\n  : ").and_then(|(_, from)| from.split_once('\n')).context("likewise")?;
        let (_, from) = from.split_once("\n {\n").context("an enum without a body")?;
        let (body, from) = from.split_once("\n};\n").context("an enum without an end")?;
        let end = "#endif // __cplusplus\n";
        let (_, after) = from.split_once(end).context("an enum without its typedef")?;
        writeln!(plain, "{before}\ntypedef {size} {name};\nenum {{\n{body}\n}};")?;
        rest = after;
    }
    plain.push_str(rest);
    if plain.contains("__STDC_VERSION__") {
        bail!("cbindgen writes enums in another way than before: see plain_enums in xtask/src/c.rs");
    }
    Ok(plain)
}

/// The functions that a header declares.
fn functions(header: &str) -> Vec<&str> {
    let names = header.lines().filter(|line| !line.starts_with([' ', '*', '/', '#'])).filter_map(|line| {
        let (before, _) = line.split_once('(')?;
        let name = before.rsplit([' ', '*']).next()?;
        name.starts_with("swp_pte_").then_some(name)
    });
    names.collect()
}

/// The static library, and what is installed beside it.
fn build() -> Result<PathBuf> {
    let shell = Shell::new()?;
    shell.change_dir(files::root());
    let build = output().join("build");
    cmd!(shell, "cargo rustc --package swp-pte-c --lib --crate-type staticlib --features freestanding")
        .args(["--profile", "bare-metal", "--target-dir"])
        .arg(&build)
        .run()?;
    let (lib, include) = (output().join("lib"), output().join("include"));
    fs::create_dir_all(lib.join("pkgconfig"))?;
    fs::create_dir_all(&include)?;
    let library = lib.join("libswp_pte.a");
    fs::copy(build.join("bare-metal/libswp_pte_c.a"), &library).context("cargo made no static library")?;
    fs::copy(folder().join("include/swp_pte.h"), include.join("swp_pte.h"))?;
    let template = files::read(&folder().join("swp_pte.pc.in"))?;
    fs::write(lib.join("pkgconfig/swp_pte.pc"), template.replace("@VERSION@", env!("CARGO_PKG_VERSION")))?;
    Ok(library)
}

/// Links functions and nothing else: how many bytes that is, and what of it can panic, allocate or unwind.
fn look_into(library: &Path, functions: &[&str]) -> Result<(u64, Vec<String>)> {
    let program = output().join("linked.elf");
    let first = functions.first().context("the header declares no function")?;
    let mut ld = Command::new("ld");
    ld.args(["--gc-sections", "--no-undefined", "-o"]).arg(&program).arg(format!("--entry={first}"));
    // What a compiler calls by itself, wherever it compiles for; the program brings it.
    ld.args(["memcpy", "memmove", "memset", "memcmp", "bcmp"].map(|name| format!("--defsym={name}=0")));
    ld.args(functions.iter().map(|name| format!("--undefined={name}"))).arg(library);
    succeed(&mut ld, "the library is not whole without libc")?;
    let data = fs::read(&program)?;
    let file = object::File::parse(data.as_slice())?;
    let (mut bytes, mut found) = (0, Vec::new());
    for symbol in file.symbols().filter(|symbol| symbol.kind() == object::SymbolKind::Text) {
        let name = format!("{:#}", rustc_demangle::demangle(symbol.name()?));
        bytes += symbol.size();
        if ["panic", "alloc", "unwind"].iter().any(|part| name.contains(part)) {
            found.push(name);
        }
    }
    Ok((bytes, found))
}

/// Compiles and runs the tests in C against a library.
fn test(compiler: &str, flags: &[&str], library: &Path, lines: &str, runner: &[String]) -> Result<()> {
    for name in TESTS {
        let program = output().join(format!("{name}-{compiler}{}", if flags.is_empty() { "" } else { "-sanitized" }));
        let mut compile = Command::new(compiler);
        compile.args(WARNINGS).args(["-D_GNU_SOURCE", "-O1", "-g"]).args(flags).arg("-I").arg(folder().join("include"));
        compile.arg(folder().join("tests").join(format!("{name}.c"))).arg(library).arg("-o").arg(&program);
        succeed(&mut compile, name)?;
        let mut command = match runner {
            [] => Command::new(&program),
            [runner, arguments @ ..] => {
                let mut command = Command::new(runner);
                command.args(arguments).arg(&program);
                command
            }
        };
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().context("no pipe")?;
        // A test that does not read its input closes it.
        let fed = (name == "vectors").then(|| stdin.write_all(lines.as_bytes()));
        drop(stdin);
        let output = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!("bindings/c/tests/{name}.c with {compiler} {}: {said}", flags.join(" "));
        }
        fed.transpose()?;
        println!("c: {name}.c, {compiler} {}: {}", flags.join(" "), said.trim());
    }
    Ok(())
}

/// Whether the header is C99, C of 2023 and C++ for clang, if that is here.
fn languages() -> Result<()> {
    if !is_here("clang") {
        return Ok(());
    }
    let header = folder().join("include/swp_pte.h");
    for language in [["-xc", "-std=c99"], ["-xc", "-std=c2x"], ["-xc++", "-std=c++11"], ["-xc++", "-std=c++20"]] {
        let mut compile = Command::new("clang");
        compile.args(language).args(["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]).arg(&header);
        succeed(&mut compile, &format!("the header as {}", language[1]))?;
    }
    println!("c: the header is C99, C of 2023, C++11 and C++20");
    Ok(())
}

/// Whether pkg-config finds the library by its own means.
fn pkg_config(must: bool) -> Result<()> {
    if !is_here("pkg-config") {
        if must {
            bail!("pkg-config is not here: install Debian's package pkg-config");
        }
        println!("c: NOT tried with pkg-config, which is not here");
        return Ok(());
    }
    let mut command = Command::new("pkg-config");
    command.env("PKG_CONFIG_PATH", output().join("lib/pkgconfig"));
    let said = command.args(["--cflags", "--libs", "swp_pte"]).output()?;
    let said = String::from_utf8(said.stdout)?;
    // The program of the README, which says what it prints.
    let readme = files::read(&folder().join("README.md"))?;
    let example = readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next());
    let (source, program) = (output().join("example.c"), output().join("example"));
    fs::write(&source, example.context("bindings/c/README.md has no program")?)?;
    let mut compile = Command::new("gcc");
    compile.args(WARNINGS).arg(source).args(said.split_whitespace()).arg("-o").arg(&program);
    succeed(&mut compile, "the README's program, with pkg-config")?;
    let printed = String::from_utf8(Command::new(program).output()?.stdout)?;
    if printed.trim().is_empty() || !readme.contains(&format!("`{}`", printed.trim())) {
        bail!("the README's program prints {printed:?}, which the README does not say");
    }
    println!("c: the README's program, by pkg-config: {}", printed.trim());
    Ok(())
}

/// The extension for crash, against its own header, if that is here.
fn crash(library: &Path, must: bool) -> Result<()> {
    // A name that the atlas does not have would be met on that machine alone.
    let source = files::read(&folder().join("crash/swapent.c"))?;
    let names =
        source.split("machine_type(").skip(1).filter_map(|rest| rest.split("return ").nth(1)?.split(';').next());
    for name in names.flat_map(|line| line.split('"').skip(1).step_by(2)) {
        if swp_pte_atlas::newest(name).is_err() {
            bail!("crash/swapent.c: the atlas has no variant {name:?}");
        }
    }
    const HEADERS: &str = "/usr/include/crash";
    if !Path::new(HEADERS).join("defs.h").exists() || !cfg!(target_arch = "x86_64") {
        if must {
            bail!("crash's header is not here: install Debian's package crash");
        }
        println!("c: NOT compiled: crash/swapent.c, for want of crash's header");
        return Ok(());
    }
    let mut compile = Command::new("gcc");
    compile.args(WARNINGS.iter().filter(|flag| **flag != "-Wpedantic")).args(["-O2", "-shared", "-fPIC", "-DX86_64"]);
    compile.args(["-DGDB_10_2", "-isystem", HEADERS, "-I"]).arg(folder().join("include"));
    compile.arg(folder().join("crash/swapent.c")).arg(library).arg("-o").arg(output().join("lib/swapent.so"));
    succeed(&mut compile, "crash/swapent.c")?;
    println!("c: crash/swapent.c, against crash's header");
    Ok(())
}

/// The machines whose byte order, and whose words and pointers, are others than those here.
const FOREIGN: [&str; 2] = ["s390x-unknown-linux-gnu", "powerpc-unknown-linux-gnu"];

/// The library and its tests on foreign machines whose tools are here.
fn foreign(lines: &str, must: bool) -> Result<()> {
    for target in TARGETS.iter().filter(|target| FOREIGN.contains(&target.triple)) {
        let Kind::Hosted { gnu, qemu, .. } = target.kind else { continue };
        if !native::missing([target]).is_empty() {
            if must {
                bail!("the tools for {} are not here: run `cargo xtask cross --setup --ci`", target.triple);
            }
            println!("c: NOT tried on {}, whose tools are not here", target.triple);
            continue;
        }
        let mut build = native::cargo(&files::root(), target, "rustc", "core");
        build.args(["--package", "swp-pte-c", "--lib", "--crate-type", "staticlib", "--features", "freestanding"]);
        build.args(["--profile", "bare-metal", "--locked"]);
        succeed(&mut build, target.triple)?;
        let library = native::target_dir().join(target.triple).join("bare-metal/libswp_pte_c.a");
        let runner = [format!("qemu-{qemu}"), "-L".to_owned(), format!("/usr/{gnu}")];
        test(&format!("{gnu}-gcc"), &[], &library, lines, &runner)?;
    }
    Ok(())
}

/// Whether a compiler has the runtime of its sanitizers.
fn can_sanitize(compiler: &str) -> Result<bool> {
    let source = output().join("empty.c");
    fs::write(&source, "int main(void) { return 0; }\n")?;
    let mut compile = Command::new(compiler);
    compile.args(SANITIZERS).arg(source).arg("-o").arg(output().join("empty"));
    Ok(compile.output()?.status.success())
}

fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

fn succeed(command: &mut Command, what: &str) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !output.status.success() {
        bail!("{what}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
