//! `cargo xtask package`: what users of the published crates meet. Every feature alone and none at all, the oldest
//! compiler that is here, and the packages as cargo would upload them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::files;

/// What every package must contain beside its sources.
const REQUIRED: [&str; 4] = ["LICENSE", "README.md", "Cargo.toml", "src/lib.rs"];

/// What docs.rs and crates.io show or need.
const METADATA: [&str; 4] = ["description", "license", "rust_version", "readme"];

/// A crate that may be published.
struct Crate {
    name: String,
    features: Vec<String>,
    missing: Vec<&'static str>,
    /// The program of one that has no library.
    program: bool,
}

pub(crate) fn run() -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(files::root());
    let metadata = cmd!(shell, "cargo metadata --format-version 1 --no-deps").quiet().read()?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata is no JSON")?;
    let crates = publishable(&metadata);
    if crates.is_empty() {
        bail!("no crate may be published: nothing was checked");
    }
    let checks = features(&shell, &crates)?;
    let oldest = oldest(&shell, &crates)?;
    contents(&shell, &crates)?;
    println!("package: {} crates, {checks} feature checks, {oldest}", crates.len());
    Ok(())
}

/// The crates that may be published, by the manifests.
fn publishable(metadata: &Value) -> Vec<Crate> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let public =
        packages.filter(|package| package["publish"].as_array().is_none_or(|registries| !registries.is_empty()));
    public
        .map(|package| Crate {
            name: package["name"].as_str().unwrap_or_default().to_owned(),
            features: package["features"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect(),
            missing: METADATA.into_iter().filter(|field| package[*field].is_null()).collect(),
            program: package["targets"]
                .as_array()
                .is_some_and(|targets| targets.iter().all(|target| target["kind"][0] != "lib")),
        })
        .collect()
}

/// Each crate by itself without its default features, with each feature alone, and with all. Linted, since clippy's flags
/// reach this workspace's crates alone: a flag of rustc would have every dependency checked once more.
fn features(shell: &Shell, crates: &[Crate]) -> Result<usize> {
    let mut checks = 0;
    for Crate { name, features, .. } in crates {
        let alone = features.iter().filter(|feature| *feature != "default");
        let mut selections = vec![vec!["--no-default-features".to_owned()], vec!["--all-features".to_owned()]];
        selections.extend(alone.map(|feature| vec!["--no-default-features".into(), format!("--features={feature}")]));
        for selection in selections {
            cmd!(shell, "cargo clippy --quiet --package {name} {selection...} -- -D warnings").run()?;
            checks += 1;
        }
    }
    Ok(checks)
}

/// Checks with the minimum supported version where that toolchain is here, else says with what it was checked.
fn oldest(shell: &Shell, crates: &[Crate]) -> Result<String> {
    let text = files::read(&files::root().join("Cargo.toml"))?;
    let minimum = text.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.split('"').next());
    let minimum = minimum.context("Cargo.toml has no rust-version")?;
    // Only what is installed: asking rustup for a version that is not would fetch it.
    let installed = cmd!(shell, "rustup toolchain list").quiet().ignore_stderr().read().unwrap_or_default();
    let toolchain = installed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| *name == minimum || name.strip_prefix(minimum).is_some_and(|rest| rest.starts_with(['.', '-'])));
    let Some(toolchain) = toolchain else {
        let used = cmd!(shell, "rustc --version").quiet().read()?;
        let version = used.split_whitespace().nth(1).unwrap_or("unknown").to_owned();
        return Ok(format!("Rust {minimum} is not installed: the minimum version was NOT checked, {version} was"));
    };
    let packages = crates.iter().flat_map(|one| ["--package", one.name.as_str()]);
    cmd!(shell, "cargo check --quiet --target-dir target/minimum")
        .args(packages)
        .env("RUSTUP_TOOLCHAIN", toolchain)
        .run()
        .with_context(|| format!("does not compile with Rust {minimum}"))?;
    Ok(format!("minimum version {minimum} checked"))
}

/// Makes the packages, compiles them from what is in them, and looks at the lists.
fn contents(shell: &Shell, crates: &[Crate]) -> Result<()> {
    let target = files::root().join("target").join("package-check");
    shell.remove_path(&target)?;
    let packages: Vec<&str> = crates.iter().flat_map(|one| ["--package", one.name.as_str()]).collect();
    // In one call, which lets them depend on each other before any is published.
    cmd!(shell, "cargo package --quiet --no-verify --allow-dirty --target-dir {target} {packages...}").run()?;
    compile(shell, crates, &target)?;
    let mut broken = Vec::new();
    for Crate { name, missing, program, .. } in crates {
        broken.extend(missing.iter().map(|field| format!("{name}: no {field} in its manifest")));
        let list = cmd!(shell, "cargo package --quiet --list --allow-dirty --package {name}").quiet().read()?;
        let has = |file: &str| list.lines().any(|line| line == file) || (*program && file == "src/lib.rs");
        broken
            .extend(REQUIRED.iter().filter(|file| !has(file)).map(|file| format!("{name}: no {file} in the package")));
        let bytes = size(&packed(&target, name))?;
        println!("{name}: {} files, {bytes}", list.lines().count());
    }
    if broken.is_empty() { Ok(()) } else { bail!("{}", broken.join("\nerror: ")) }
}

/// Compiles the packages from what is in them, as one workspace.
///
/// cargo's own verification is not used: it unpacks each package into cargo's home, once for a path, name and version,
/// and then compiles what an earlier run left there although the package has changed.
fn compile(shell: &Shell, crates: &[Crate], target: &Path) -> Result<()> {
    let workspace = target.join("unpacked");
    shell.create_dir(&workspace)?;
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n".to_owned();
    for Crate { name, .. } in crates {
        let package = packed(target, name);
        // Unpacked with the time of now: the time in a package is the same for all, and cargo compares times.
        cmd!(shell, "tar --extract --touch --gzip --file {package} --directory {workspace}").quiet().run()?;
        manifest += &format!("{name} = {{ path = \"{name}-{VERSION}\" }}\n");
    }
    shell.write_file(workspace.join("Cargo.toml"), manifest)?;
    // The versions that everything else is tested with, and the dependencies that are compiled already.
    shell.copy_file(files::root().join("Cargo.lock"), &workspace)?;
    let built = files::root().join("target");
    let manifest = workspace.join("Cargo.toml");
    cmd!(shell, "cargo check --quiet --workspace --manifest-path {manifest} --target-dir {built}")
        .run()
        .context("the packages do not compile from what is in them")
}

/// The version that all crates of the workspace share.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where cargo puts a package.
fn packed(target: &Path, name: &str) -> PathBuf {
    target.join("package").join(format!("{name}-{VERSION}.crate"))
}

/// How large a file is.
fn size(package: &Path) -> Result<String> {
    let file = std::fs::metadata(package).with_context(|| format!("{} is not there", package.display()))?;
    Ok(format!("{:.1} KiB packed", file.len() as f64 / 1024.0))
}
