//! The native engine: Debian's own toolchain and cross compilers, the standard library built from source, qemu's user
//! emulation. No container, no network.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::targets::{Kind, Need, Target, toolchain_needs};
use crate::files;

/// What others link, beside the architectures' own crates, and the consumers that do so.
const LINKED: [&str; 8] = [
    "swp-pte",
    "swp-pte-native",
    "swp-pte-atlas",
    "swp-pte-scan",
    "swp-pte-tests",
    "fault-path",
    "bare-metal",
    "convert-image",
];

/// The packages that others link, and the consumers that do so.
pub(crate) fn linked() -> Vec<String> {
    let architectures = swp_pte_atlas::ARCHES.iter().map(|arch| format!("swp-pte-{}", arch.name));
    LINKED.iter().map(|name| (*name).to_owned()).chain(architectures).collect()
}

/// The arguments that name the packages whose tests run on every hosted machine.
pub(super) fn tested() -> Vec<String> {
    let packages = linked().into_iter().chain(["native-only".to_owned()]);
    packages.flat_map(|package| ["--package".to_owned(), package]).collect()
}

/// The folder of everything that is built for foreign machines, one below it for each target.
pub(crate) fn target_dir() -> PathBuf {
    files::root().join("target").join("cross")
}

/// What is missing for these targets, each package once.
pub(crate) fn missing<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Vec<Need> {
    let needs = toolchain_needs().into_iter().chain(targets.into_iter().flat_map(Target::needs));
    let mut missing: Vec<Need> = needs.filter(Need::is_missing).collect();
    missing.sort_by(|a, b| a.package.cmp(&b.package));
    missing.dedup_by(|a, b| a.package == b.package);
    missing
}

/// Debian's cargo, in a tree, for one target, with nothing of the caller's toolchain in its way.
pub(crate) fn cargo(tree: &Path, target: &Target, subcommand: &str, std: &str) -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command
        .current_dir(tree)
        .args([subcommand, "--target", target.triple, "--target-dir"])
        .arg(target_dir())
        .arg(format!("-Zbuild-std={std}"));
    debian(&mut command);
    if let Kind::Hosted { gnu, qemu, .. } = target.kind {
        command
            .env(target.cargo_variable("LINKER"), format!("{gnu}-gcc"))
            .env(target.cargo_variable("RUNNER"), format!("qemu-{qemu} -L /usr/{gnu}"))
            .envs(target.claims());
    }
    command
}

/// The environment in which Debian's toolchain runs, whatever toolchain the task itself was started by.
pub(crate) fn debian(command: &mut Command) {
    let path = env::var("PATH").unwrap_or_default();
    command
        .env("PATH", format!("/usr/bin:{path}"))
        // Building std is not stable; the compiler is the distribution's, and says so in the table.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTUP_DIST_SERVER", "file:///nonexistent");
    for variable in
        ["RUSTC", "RUSTDOC", "CARGO", "RUSTUP_TOOLCHAIN", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH"]
    {
        command.env_remove(variable);
    }
}

/// The tests of a hosted target; with `check`, they are only compiled.
pub(super) fn tests(tree: &Path, target: &Target, check: bool) -> Command {
    let mut command = cargo(tree, target, if check { "check" } else { "test" }, "std,panic_abort,test");
    command.args(["--profile", "cross", "--tests", "--locked"]);
    command.args(tested());
    if !check {
        command.args(["--no-fail-fast", "--", "--show-output"]);
    }
    command
}

/// The version of Debian's compiler, as it says it.
pub(crate) fn toolchain() -> String {
    let output = Command::new("/usr/bin/rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}
