//! `cargo xtask asm`: compiles every function of every layout (package `probe`) for five machines and reads the machine
//! code: no call, no panic path, no loop, no more branches than the function has questions to ask, and no more
//! instructions than gcc makes of the same function in C, unless `longer.rs` says why.
//!
//! What is read is optimized code as a downstream crate gets it, without link-time optimization: a function that is not
//! inlined across crates shows up here as a call.

mod answers;
mod c;
mod functions;
mod isa;
mod listing;
mod longer;
mod machine;
mod report;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::files;
use c::Form;
use functions::Function;
use isa::Isa;
use listing::Size;
use machine::{MACHINES, Machine};
use report::{Examined, Line, Skipped};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print one JSON object instead of the tables
    #[arg(long)]
    json: bool,
    /// Fail where a machine's compilers are missing, instead of passing it over
    #[arg(long)]
    all: bool,
}

/// How many functions the layouts have.
pub(crate) fn functions() -> usize {
    functions::all().len()
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        bail!(
            "cargo xtask asm takes x86_64 Linux for its first machine, and this host is another; nothing was checked"
        );
    }
    let functions = functions::all();
    let answers = answers::check(&functions)?;
    let (mut machines, mut skipped) = (Vec::new(), Vec::new());
    for machine in &MACHINES {
        let packages = machine.missing();
        if packages.is_empty() {
            let examined = examine(machine, &functions)?;
            if !args.json {
                report::print_table(&examined);
            }
            machines.push(examined);
        } else {
            skipped.push(Skipped { name: machine.name, packages });
        }
    }
    if args.json {
        report::print_json(&functions, &machines, &skipped);
    } else {
        println!("the C functions gave {answers} answers, all as the layouts have them");
        report::print_end(functions.len(), &machines, &skipped);
    }
    let lines: Vec<_> = machines.iter().flat_map(|machine| &machine.lines).collect();
    let mut faults: Vec<_> = lines.iter().filter_map(|line| line.branches()).collect();
    faults.extend(longer::faults(&lines));
    ensure!(faults.is_empty(), "{}", faults.join("\nerror: "));
    ensure!(!args.all || skipped.is_empty(), "{} machines were not looked at", skipped.len());
    Ok(())
}

fn examine(machine: &Machine, functions: &[Function]) -> Result<Examined> {
    let ours = check(machine, &machine.rust()?, functions)?;
    let gcc = gcc(machine, functions)?;
    let lines = functions.iter().zip(ours).zip(gcc);
    let lines =
        lines.map(|((function, size), gcc)| Line { machine: machine.name, function: function.clone(), size, gcc });
    Ok(Examined { name: machine.name, compilers: machine.compilers(), lines: lines.collect() })
}

/// Holds the assembly against the atlas: every function of every row is there, nothing else is, and none has what no
/// function may have.
fn check(machine: &Machine, text: &str, functions: &[Function]) -> Result<Vec<Size>> {
    let mut bodies = listing::bodies(text);
    let (mut sizes, mut broken) = (Vec::new(), Vec::new());
    for Function { symbol, .. } in functions {
        let size = match bodies.remove(symbol.as_str()) {
            None => Err("is not in the probe".to_owned()),
            Some(body) => listing::read(machine.isa, &body),
        };
        match size {
            Ok(size) => sizes.push(size),
            Err(what) => broken.push(format!("{}: {symbol} {what}", machine.name)),
        }
    }
    broken.extend(bodies.keys().map(|symbol| format!("{symbol} is compiled, but no row of the atlas has it")));
    if broken.is_empty() { Ok(sizes) } else { bail!("{}", broken.join("\nerror: ")) }
}

/// The instructions of each function in C, in the shorter of its forms.
fn gcc(machine: &Machine, functions: &[Function]) -> Result<Vec<usize>> {
    let mut shortest = vec![usize::MAX; functions.len()];
    for form in Form::ALL {
        let text = compile(machine, form, functions)?;
        let bodies = listing::bodies(&text);
        for (function, shortest) in functions.iter().zip(&mut shortest) {
            *shortest = count(machine.isa, &bodies, &function.symbol)
                .with_context(|| format!("gcc's code for {}", machine.name))?
                .min(*shortest);
        }
    }
    Ok(shortest)
}

fn count(isa: Isa, bodies: &BTreeMap<&str, Vec<&str>>, symbol: &str) -> Result<usize> {
    let body = bodies.get(symbol).with_context(|| format!("{symbol} is not there"))?;
    listing::count(isa, body).map_err(|what| anyhow::anyhow!("{symbol} {what}"))
}

/// The assembly of the C functions.
fn compile(machine: &Machine, form: Form, functions: &[Function]) -> Result<String> {
    let folder = files::root().join("target").join("asm");
    let name = format!("{}-{form:?}", machine.name).to_lowercase();
    let (source, assembly) = (folder.join(format!("{name}.c")), folder.join(format!("{name}.s")));
    fs::write(&source, c::source(form, functions)?).with_context(|| format!("cannot write {}", source.display()))?;
    let status = Command::new(machine.gcc())
        // Two functions with the same code would become one that jumps to the other.
        .args(["-std=c11", "-O2", "-fno-ipa-icf", "-fno-asynchronous-unwind-tables", "-S", "-o"])
        .arg(&assembly)
        .arg(&source)
        .status()
        .with_context(|| format!("cannot run {}", machine.gcc()))?;
    ensure!(status.success(), "{} does not compile {}", machine.gcc(), source.display());
    files::read(&assembly)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_function_is_named() {
        let error = check(&MACHINES[0], "", &functions::all()).err().unwrap().to_string();
        assert!(error.contains("x86_64__since_5_19__encode is not in the probe"), "{error}");
    }
}
