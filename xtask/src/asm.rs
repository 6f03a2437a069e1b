//! `cargo xtask asm`: compiles every function of every layout (package `probe`) and reads the machine code: no call, no
//! panic path, no loop, and no more branches than the function has questions to ask.
//!
//! What is read is optimized code as a downstream crate gets it, without link-time optimization: a function that is not
//! inlined across crates shows up here as a call.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::{Value, json};
use swp_pte::{EncodeError, Layout, SwpEntry};
use swp_pte_atlas::{ROWS, Row};
use xshell::{Shell, cmd};

use crate::files;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print one JSON object instead of the table
    #[arg(long)]
    json: bool,
}

const EXCLUSIVE: [&str; 3] = ["is_exclusive", "mk_exclusive", "clear_exclusive"];
const SOFT_DIRTY: [&str; 3] = ["is_soft_dirty", "mk_soft_dirty", "clear_soft_dirty"];
const UFFD_WP: [&str; 3] = ["is_uffd_wp", "mk_uffd_wp", "clear_uffd_wp"];

/// The functions of a layout, each with the most conditional jumps that it may have.
pub(crate) fn functions_of(layout: &Layout<'_>) -> impl Iterator<Item = (&'static str, usize)> {
    // A field that is read wider than it is written is one more question, for what cannot have been written.
    let wider =
        [&layout.swp_type, &layout.swp_offset].iter().filter(|field| field.width() > field.written_bits()).count();
    // encode: does the entry fit? would it read as none, where one does? decode: none? present? kind: the same two, at
    // least one of them a selection.
    let own = [("encode", 1 + usize::from(has_empty(layout))), ("decode", 2 + wider), ("kind", 1)];
    let markers = [Some(EXCLUSIVE), layout.soft_dirty.map(|_| SOFT_DIRTY), layout.uffd_wp.map(|_| UFFD_WP)];
    own.into_iter().chain(markers.into_iter().flatten().flatten().map(|name| (name, 0)))
}

/// Whether an entry encodes to the word that means none; it is at an edge of the offset.
fn has_empty(layout: &Layout<'_>) -> bool {
    let entries = [0, layout.max_offset()].map(|offset| SwpEntry::from_parts(0, offset));
    entries.into_iter().flatten().any(|entry| matches!(layout.encode(entry), Err(EncodeError::EncodesToNone { .. })))
}

/// A function of the probe, and what its code came to.
struct Function {
    row: &'static Row,
    name: &'static str,
    size: Size,
}

#[derive(Clone, Copy, Default)]
struct Size {
    instructions: usize,
    branches: usize,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        bail!("cargo xtask asm reads the assembly of x86_64 Linux only, and this host is another; nothing was checked");
    }
    let text = build()?;
    let functions = check(&text)?;
    if args.json {
        print_json(&functions);
    } else {
        print_table(&functions);
    }
    Ok(())
}

/// Compiles the probe, in a target folder of its own, and reads the assembly.
fn build() -> Result<String> {
    let shell = Shell::new()?;
    shell.change_dir(files::root());
    let target = files::root().join("target").join("asm");
    let messages = cmd!(shell, "cargo rustc --quiet --release --package swp-pte-probe --target-dir {target}")
        .args(["--message-format=json-render-diagnostics", "--", "--emit=asm", "-Ccodegen-units=1", "-Cdebuginfo=0"])
        // The caller's flags are not what is measured here.
        .env_remove("RUSTFLAGS")
        .quiet()
        .read()
        .context("the probe does not compile")?;
    // Cargo names the metadata file; the assembly lies beside it under the same hash, also when nothing was rebuilt.
    let metadata = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "swp_pte_probe")
        .find_map(|message| {
            let names = message["filenames"].as_array()?;
            names.iter().filter_map(Value::as_str).find(|name| name.ends_with(".rmeta")).map(str::to_owned)
        })
        .context("cargo did not say where it put the probe")?;
    let assembly = metadata.replace("libswp_pte_probe", "swp_pte_probe").replace(".rmeta", ".s");
    files::read(Path::new(&assembly))
}

/// The name of a row's function in the probe: `<variant>__<module>__<function>`.
fn symbol(row: &Row, function: &str) -> String {
    let kernels = row.layout().source.kernels;
    // The record of a variant begins with the kernels up to a change, and goes on with those since.
    let oldest = ROWS.iter().find(|other| other.variant() == row.variant());
    let era = match kernels.last {
        Some(last) if oldest.is_some_and(|oldest| oldest.layout().source.kernels == kernels) => format!("until_{last}"),
        _ => format!("since_{}", kernels.first),
    };
    format!("{}__{}__{function}", row.variant().replace('-', "_"), era.replace('.', "_"))
}

/// Holds the assembly against the atlas: every function of every row is there, nothing else is, and each is clean.
fn check(text: &str) -> Result<Vec<Function>> {
    let mut bodies = bodies(text);
    let (mut functions, mut broken) = (Vec::new(), Vec::new());
    for row in ROWS {
        for (name, limit) in functions_of(row.layout()) {
            let symbol = symbol(row, name);
            let size = match bodies.remove(symbol.as_str()) {
                None => Err("is not in the probe".to_owned()),
                Some(body) => read(&body).and_then(|size| match size.branches {
                    branches if branches > limit => Err(format!("has {branches} branches, {limit} allowed")),
                    _ => Ok(size),
                }),
            };
            match size {
                Ok(size) => functions.push(Function { row, name, size }),
                Err(what) => broken.push(format!("{symbol} {what}")),
            }
        }
    }
    broken.extend(bodies.keys().map(|symbol| format!("{symbol} is compiled, but no row of the atlas has it")));
    if broken.is_empty() { Ok(functions) } else { bail!("{}", broken.join("\nerror: ")) }
}

/// The lines of each function of an assembly file, by symbol.
fn bodies(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut bodies = BTreeMap::<_, Vec<_>>::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(symbol) = line.strip_suffix(':').filter(|symbol| !symbol.starts_with('.')) {
            current = Some(symbol);
            bodies.insert(symbol, Vec::new());
        } else if line.starts_with(".Lfunc_end") {
            current = None;
        } else if let Some(body) = current.and_then(|symbol| bodies.get_mut(symbol)) {
            body.push(line.trim());
        }
    }
    // Two functions with the same code may share it: `.set alias, function`, or in newer compilers `alias = function`.
    for line in text.lines() {
        let alias =
            line.strip_prefix("\t.set").and_then(|line| line.split_once(',')).or_else(|| line.split_once(" = "));
        if let Some((alias, symbol)) = alias
            && let Some(body) = bodies.get(symbol.trim()).cloned()
        {
            bodies.insert(alias.trim(), body);
        }
    }
    bodies
}

/// Reads one function, or says what it must not have.
fn read(body: &[&str]) -> Result<Size, String> {
    let mut size = Size::default();
    let (mut above, mut returns) = (BTreeSet::new(), false);
    for line in body {
        if line.contains("panic") {
            return Err(format!("has a panic path: {line}"));
        }
        if let Some(label) = line.strip_suffix(':') {
            above.insert(label);
            continue;
        }
        if line.is_empty() || line.starts_with('.') {
            continue;
        }
        size.instructions += 1;
        let (mnemonic, operand) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let operand = operand.trim();
        match mnemonic {
            _ if mnemonic.starts_with("call") => return Err(format!("calls another function: {line}")),
            _ if mnemonic.starts_with("ud2") => return Err(format!("has a trap: {line}")),
            _ if mnemonic.starts_with("rep") => return Err(format!("has a loop: {line}")),
            _ if mnemonic.starts_with("ret") => returns = true,
            _ if !mnemonic.starts_with('j') => {}
            _ if !operand.starts_with(".L") => return Err(format!("jumps out of itself: {line}")),
            _ if above.contains(operand) => return Err(format!("has a loop: {line}")),
            _ => size.branches += usize::from(!mnemonic.starts_with("jmp")),
        }
    }
    // What never returns was not understood.
    if returns { Ok(size) } else { Err("never returns".to_owned()) }
}

fn print_table(functions: &[Function]) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["instructions, branches", "encode", "decode", "kind", "exclusive", "soft-dirty", "uffd-wp"]);
    for row in ROWS {
        let of =
            |name: &'static str| functions.iter().filter(move |f| std::ptr::eq(f.row, row) && f.name.ends_with(name));
        let cell = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let both = |name| cell(of(name).map(|f| format!("{}, {}", f.size.instructions, f.size.branches)).collect());
        // Is, set, clear; without branches, see the limits.
        let marker = |name| {
            let sizes: Vec<_> = of(name).map(|f| f.size.instructions.to_string()).collect();
            cell(if sizes.is_empty() { "-".to_owned() } else { sizes.join(" ") })
        };
        let layout = Cell::new(format!("{} {}", row.variant(), row.layout().source.kernels));
        table.add_row([
            layout,
            both("encode"),
            both("decode"),
            both("kind"),
            marker("_exclusive"),
            marker("_soft_dirty"),
            marker("_uffd_wp"),
        ]);
    }
    println!("{table}");
    println!("a marker's functions, is, mk and clear, have no branch");
    // More than none would have been an error.
    println!("asm: {} functions in {} layouts, 0 calls, 0 panic paths", functions.len(), ROWS.len());
}

fn print_json(functions: &[Function]) {
    let rows: Vec<_> = functions
        .iter()
        .map(|function| {
            json!({
                "variant": function.row.variant(),
                "kernels": function.row.layout().source.kernels.to_string(),
                "function": function.name,
                "instructions": function.size.instructions,
                "branches": function.size.branches,
            })
        })
        .collect();
    let object = json!({
        "layouts": ROWS.len(),
        "functions": functions.len(),
        "calls": 0,
        "panic_paths": 0,
        "rows": rows,
    });
    println!("{object}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str =
        "\ttestq\t%rdi, %rdi\n\tje\t.LBB0_1\n\tjmp\t.LBB0_2\n.LBB0_1:\n\tincq\t%rax\n.LBB0_2:\n\tretq\n";

    fn read_text(code: &str) -> Result<Size, String> {
        let text = format!("a__b__encode:\n\t.cfi_startproc\n{code}.Lfunc_end0:\n\t.size\ta, 1\n");
        read(&bodies(&text)["a__b__encode"])
    }

    #[test]
    fn counts_instructions_and_conditional_jumps() {
        let size = read_text(CLEAN).unwrap();
        assert_eq!((size.instructions, size.branches), (5, 1));
    }

    #[test]
    fn each_fault_is_found() {
        for (code, fault) in [
            ("\tcallq\t*f@GOTPCREL(%rip)\n", "calls"),
            ("\tjmpq\t*f@GOTPCREL(%rip)\n", "jumps out"),
            ("\tjmp\tother\n", "jumps out"),
            ("\tleaq\t_ZN4core9panicking5panic(%rip), %rdi\n", "panic"),
            (".LBB0_9:\n\tjne\t.LBB0_9\n", "loop"),
            ("\tud2\n", "trap"),
        ] {
            let error = read_text(&(code.to_owned() + CLEAN)).err().unwrap();
            assert!(error.contains(fault), "{error}");
        }
        assert!(read_text("\tnop\n").err().unwrap().contains("never returns"));
    }

    #[test]
    fn an_alias_has_the_code_of_its_function() {
        let text = "f:\n\tretq\n.Lfunc_end0:\n\t.globl\tg\n\t.set g, f\nh = f\n";
        assert_eq!((&bodies(text)["g"][..], &bodies(text)["h"][..]), (&["retq"][..], &["retq"][..]));
    }

    #[test]
    fn a_missing_function_is_named() {
        let error = check("").err().unwrap().to_string();
        assert!(error.contains("x86_64__since_5_19__encode is not in the probe"), "{error}");
    }
}
