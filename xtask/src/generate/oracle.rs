//! The table of `docs/oracle.md`: who answered for each configuration, and on which kernels, as the vector files say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context, Result};
use serde::Deserialize;
use swp_pte::KernelVersion;

use crate::files;

/// What the first line of a vector file says of its build.
#[derive(Deserialize)]
struct Header {
    kernel: String,
    arch: String,
    variant: String,
    config: Option<String>,
    compiler: Option<String>,
    consts: Option<BTreeMap<String, serde_json::Value>>,
}

/// A configuration: its compilers, each with the kernels that it answered for, and those with entries in PMDs.
#[derive(Default)]
struct Config {
    variant: String,
    compilers: BTreeSet<String>,
    kernels: BTreeSet<KernelVersion>,
    pmds: BTreeSet<KernelVersion>,
}

/// The release without its stable number, which is a column.
fn series(kernel: &str) -> Result<KernelVersion> {
    let version: KernelVersion = kernel.parse().map_err(|error| anyhow::anyhow!("kernel {kernel:?}: {error}"))?;
    Ok(KernelVersion::new(version.major, version.minor))
}

/// `gcc 12.2.0`, of what the compiler says of itself.
fn short(compiler: &str) -> String {
    let word = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    let number =
        compiler.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'));
    let number = number.last().unwrap_or_default();
    match compiler.split_once(", standing in for ") {
        Some((own, _)) => format!("{} {number}{} †", word(own), if own.ends_with(" -m32") { " -m32" } else { "" }),
        None if compiler.contains("clang") => format!("clang {number}"),
        None => format!("{} {number}", word(compiler)),
    }
}

/// One line a configuration, by architecture.
pub(super) fn table() -> Result<String> {
    let mut configs: BTreeMap<(String, String), Config> = BTreeMap::new();
    for path in files::below(&files::vectors(), &["jsonl"])? {
        let text = files::read(&path)?;
        let line = text.lines().next().unwrap_or_default();
        let header: Header = serde_json::from_str(line).with_context(|| files::relative(&path))?;
        // Words of a running kernel have no compiler.
        let (Some(name), Some(compiler), Some(consts)) = (header.config, header.compiler, header.consts) else {
            continue;
        };
        let config = configs.entry((header.arch, name)).or_default();
        let kernel = series(&header.kernel)?;
        config.variant = header.variant;
        config.compilers.insert(short(&compiler));
        config.kernels.insert(kernel);
        if consts.get("HAVE_PMD").and_then(serde_json::Value::as_u64) == Some(1) {
            config.pmds.insert(kernel);
        }
    }
    let kernels: BTreeSet<_> = configs.values().flat_map(|config| &config.kernels).copied().collect();
    let mut table = String::from("| configuration | variant | answered by |");
    kernels.iter().for_each(|kernel| table.push_str(&format!(" {kernel} |")));
    table.push_str("\n|---|---|---|");
    kernels.iter().for_each(|_| table.push_str(":-:|"));
    table.push('\n');
    for ((_, name), config) in &configs {
        let compilers: Vec<_> = config.compilers.iter().cloned().collect();
        let _ = write!(table, "| {name} | {} | {} |", config.variant, compilers.join(", "));
        for kernel in &kernels {
            let answered = match (config.kernels.contains(kernel), config.pmds.contains(kernel)) {
                (true, true) => "yes, PMD",
                (true, false) => "yes",
                (false, _) => "-",
            };
            let _ = write!(table, " {answered} |");
        }
        table.push('\n');
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_compiler_is_named_in_short() {
        for (long, name) in [
            ("gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "gcc 12.2.0"),
            ("aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0", "aarch64-linux-gnu-gcc 12.2.0"),
            ("or1k-elf-gcc (GCC 12.2.0-14+deb12u1 Debian 1.0.4+b2) 12.2.0", "or1k-elf-gcc 12.2.0"),
            ("Debian clang version 19.1.7 (3~deb12u1) --target=hexagon-linux-musl", "clang 19.1.7"),
            ("gcc (Debian 12.2.0-14+deb12u1) 12.2.0 -m32, standing in for csky", "gcc 12.2.0 -m32 †"),
        ] {
            assert_eq!(short(long), name);
        }
    }
}
