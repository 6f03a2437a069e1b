//! The machines whose code is read, and who compiles for each.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::isa::Isa;
use crate::cross::native;
use crate::cross::targets::{Need, TARGETS, Target, toolchain_needs};
use crate::files;

/// A machine.
#[derive(Debug)]
pub(super) struct Machine {
    /// The name that the table and `--json` have for it.
    pub(super) name: &'static str,
    pub(super) isa: Isa,
    /// `None` is the host: its own toolchain and its own gcc.
    triple: Option<&'static str>,
}

/// The host first: it is looked at wherever this task runs.
pub(super) const MACHINES: [Machine; 5] = [
    Machine { name: "x86_64", isa: Isa::X86_64, triple: None },
    Machine { name: "arm64", isa: Isa::Arm64, triple: Some("aarch64-unknown-linux-gnu") },
    Machine { name: "s390x", isa: Isa::S390x, triple: Some("s390x-unknown-linux-gnu") },
    Machine { name: "riscv64", isa: Isa::Riscv64, triple: Some("riscv64gc-unknown-linux-gnu") },
    Machine { name: "ppc64le", isa: Isa::Ppc64le, triple: Some("powerpc64le-unknown-linux-gnu") },
];

const PROBE: &str = "swp-pte-probe";

impl Machine {
    fn target(&self) -> Option<&'static Target> {
        TARGETS.iter().find(|target| Some(target.triple) == self.triple)
    }

    /// What is not here and is needed to look at this machine, as Debian packages.
    pub(super) fn missing(&self) -> Vec<String> {
        let needs = match self.target() {
            None => return if version("gcc").is_some() { Vec::new() } else { vec!["gcc".into()] },
            Some(target) => toolchain_needs().into_iter().chain(target.compiler()),
        };
        needs.filter(Need::is_missing).map(|need| need.package).collect()
    }

    /// The C compiler.
    pub(super) fn gcc(&self) -> String {
        self.target().and_then(Target::gnu).map_or_else(|| "gcc".into(), |gnu| format!("{gnu}-gcc"))
    }

    /// What compiled, as `rustc 1.96.0, gcc 12.2.0`.
    pub(super) fn compilers(&self) -> String {
        let rustc = if self.triple.is_some() { native::toolchain() } else { version("rustc").unwrap_or_default() };
        let gcc = version(&self.gcc()).unwrap_or_default();
        let rustc: Vec<_> = rustc.split_whitespace().take(2).collect();
        format!("{}, gcc {}", rustc.join(" "), gcc.split_whitespace().last().unwrap_or("of unknown version"))
    }

    /// Compiles the probe and reads the assembly: optimized code as a downstream crate gets it, without link-time
    /// optimization, so that a function that is not inlined across crates shows up as a call.
    pub(super) fn rust(&self) -> Result<String> {
        let mut command = match self.target() {
            Some(target) => native::cargo(&files::root(), target, "rustc", "core"),
            None => {
                let mut command = Command::new("cargo");
                command.current_dir(files::root()).args(["rustc", "--target-dir", "target/asm"]);
                // The caller's flags are not what is measured here.
                command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
                command
            }
        };
        command.args(["--quiet", "--release", "--package", PROBE, "--message-format=json-render-diagnostics"]);
        command.args(["--", "--emit=asm", "-Ccodegen-units=1", "-Cdebuginfo=0"]);
        let output = command.stderr(std::process::Stdio::inherit()).output().context("cannot run cargo")?;
        if !output.status.success() {
            bail!("the probe does not compile for {}", self.name);
        }
        // Cargo names the metadata file; the assembly lies beside it under the same hash, also when nothing was rebuilt.
        let messages = String::from_utf8_lossy(&output.stdout);
        let metadata = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["target"]["name"] == "swp_pte_probe")
            .find_map(|message| {
                let names = message["filenames"].as_array()?;
                names.iter().filter_map(Value::as_str).find(|name| name.ends_with(".rmeta")).map(PathBuf::from)
            })
            .context("cargo did not say where it put the probe")?;
        let name = metadata.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        files::read(&metadata.with_file_name(format!("{}.s", name.trim_start_matches("lib"))))
    }
}

/// The first line of what a compiler says to `--version`, if it is there.
fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
}
