//! Machines without an operating system: links the fault-path functions of each backend alone (consumer `bare-metal`),
//! and looks at what came along.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use object::{Object, ObjectSymbol, SymbolKind};
use rustc_demangle::demangle;
use serde_json::Value;

use super::log::{self, tail};
use super::native;
use super::targets::{Kind, Target};

/// The functions of each layout in the consumer.
const FUNCTIONS: [&str; 3] = ["swap_out", "swap_in", "fork"];

/// The most bytes that the three functions of one layout may have, on any machine.
const MOST_BYTES: u64 = 1024;

/// The fault path of one backend, linked.
#[derive(Debug)]
pub(super) struct Linked {
    pub(super) layout: String,
    /// Bytes of our own functions.
    pub(super) bytes: u64,
    /// What the compiler's runtime library was asked for: copies, shifts of numbers wider than a register.
    pub(super) runtime: Vec<String>,
}

/// Compiles and links the consumers in a tree; an error names the backend and what it does that a fault path may not.
pub(super) fn link(tree: &Path, target: &Target, bar: &ProgressBar) -> Result<Vec<Linked>> {
    let path = log::path(target.triple);
    let archive = compile(tree, target, &path, bar)?;
    let folder = archive.parent().context("a file lies in a folder")?;
    let data = fs::read(&archive).with_context(|| format!("cannot read {}", archive.display()))?;
    let (mut linked, mut broken) = (Vec::new(), Vec::new());
    for layout in layouts(&data)? {
        let program = folder.join(format!("{layout}.elf"));
        match link_one(target, &archive, &program, &layout) {
            Ok(one) => linked.push(one),
            Err(error) => broken.push(format!("{}, layout {layout}: {error:#}", target.triple)),
        }
    }
    match (broken.is_empty(), linked.is_empty()) {
        (false, _) => bail!("{}", broken.join("\n  ")),
        (true, true) => bail!("{} has no fault path in it", archive.display()),
        _ => Ok(linked),
    }
}

/// The static library, and the consumers without std that are no static libraries.
fn compile(tree: &Path, target: &Target, path: &Path, bar: &ProgressBar) -> Result<PathBuf> {
    const STD: &str = "core,alloc";
    let mut check = native::cargo(tree, target, "build", STD);
    check.args(["--profile", "bare-metal", "--locked", "--lib", "--package", "fault-path", "--package", "native-only"]);
    let (text, succeeded) = log::run(&mut check, path, bar)?;
    if !succeeded {
        bail!("{}\n{}", refused(&text), tail(&text));
    }
    let mut build = native::cargo(tree, target, "rustc", STD);
    build.args(["--profile", "bare-metal", "--locked", "--lib", "--package", "bare-metal"]);
    build.args(["--crate-type", "staticlib", "--message-format", "json-render-diagnostics"]);
    let (text, succeeded) = log::run(&mut build, path, bar)?;
    if !succeeded {
        bail!("{}\n{}", refused(&text), tail(&text));
    }
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut files = messages
        .filter(|message| message["target"]["name"] == "bare_metal")
        .filter_map(|message| message["filenames"][0].as_str().map(PathBuf::from));
    files
        .find(|file| file.extension().is_some_and(|extension| extension == "a"))
        .context("cargo made no static library")
}

/// Which crate did not compile without std.
fn refused(text: &str) -> String {
    let name = text.lines().find_map(|line| line.strip_prefix("error: could not compile `")?.split('`').next());
    name.map_or_else(
        || "the consumers do not compile".to_owned(),
        |name| format!("{name} does not compile without std"),
    )
}

/// The layouts that have functions in the static library.
fn layouts(archive: &[u8]) -> Result<Vec<String>> {
    let mut layouts = Vec::new();
    for member in object::read::archive::ArchiveFile::parse(archive)?.members() {
        let Ok(file) = object::File::parse(member?.data(archive)?) else { continue };
        let defined = file.symbols().filter(ObjectSymbol::is_definition);
        let names = defined.filter_map(|symbol| symbol.name().ok().map(str::to_owned));
        layouts.extend(names.filter_map(|name| layout(&name).map(str::to_owned)));
    }
    layouts.sort();
    layouts.dedup();
    Ok(layouts)
}

/// The layout of `swp_pte_<layout>_<function>`.
fn layout(symbol: &str) -> Option<&str> {
    let rest = symbol.strip_prefix("swp_pte_")?;
    FUNCTIONS.iter().find_map(|function| rest.strip_suffix(function)?.strip_suffix('_'))
}

/// Links the functions of one layout, and nothing that they do not reach.
fn link_one(target: &Target, archive: &Path, program: &Path, layout: &str) -> Result<Linked> {
    let Kind::Bare { emulation, .. } = target.kind else { bail!("{} has an operating system", target.triple) };
    let mut command = Command::new("ld.lld");
    command.args(["-m", emulation, "--gc-sections", "--no-undefined", "-o"]).arg(program);
    command.arg(format!("--entry=swp_pte_{layout}_swap_out"));
    command.args(FUNCTIONS.map(|function| format!("--undefined=swp_pte_{layout}_{function}")));
    let output = command.arg(archive).output().context("cannot run ld.lld (Debian package lld)")?;
    if !output.status.success() {
        bail!("does not link: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let data = fs::read(program)?;
    let file = object::File::parse(data.as_slice())?;
    let (wide, big) = (file.is_64(), !file.is_little_endian());
    if wide != (target.pointer_width == 64) || big != (target.byte_order == "big") {
        bail!("was linked for another machine");
    }
    look_into(&file, layout)
}

/// Our own functions, the compiler's runtime library, and nothing else.
fn look_into(file: &object::File<'_>, layout: &str) -> Result<Linked> {
    let mut linked = Linked { layout: layout.into(), bytes: 0, runtime: Vec::new() };
    let (mut own, mut foreign) = (0, Vec::new());
    for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0) {
        let raw = symbol.name()?;
        let name = format!("{:#}", demangle(raw));
        if self::layout(raw) == Some(layout) {
            own += 1;
            linked.bytes += symbol.size();
        } else if name.starts_with("swp_pte") || name.starts_with("<swp_pte") || name.starts_with("bare_metal::") {
            // Not inlined, but ours.
            if name.contains("panic") {
                foreign.push(name);
            } else {
                linked.bytes += symbol.size();
            }
        } else if name.starts_with("compiler_builtins::") || is_runtime(&name) {
            linked.runtime.push(name);
        } else {
            foreign.push(name);
        }
    }
    if !foreign.is_empty() {
        foreign.sort();
        bail!("{}: {}", verdict(&foreign), foreign.join(", "));
    }
    if own != FUNCTIONS.len() {
        bail!("{own} of its {} functions were linked", FUNCTIONS.len());
    }
    if linked.bytes > MOST_BYTES {
        bail!("{} bytes of code, {MOST_BYTES} allowed", linked.bytes);
    }
    Ok(linked)
}

/// Names that the compiler itself calls.
fn is_runtime(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    ["memcpy", "memset", "memmove", "memcmp", "bcmp", "aeabi_", "ashl", "lshr", "ashr"]
        .iter()
        .any(|n| name.starts_with(n))
}

/// What a fault path must not do, by the names that came along.
fn verdict(foreign: &[String]) -> &'static str {
    let any = |part: &str| foreign.iter().any(|name| name.contains(part));
    if any("alloc") {
        "allocates"
    } else if any("panic") || any("begin_unwind") {
        "can panic"
    } else {
        "links what is not its own"
    }
}
