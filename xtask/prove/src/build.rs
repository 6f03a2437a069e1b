//! Has cargo compile the functions, in the ways in which they are proved.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use xtask_shared::files;

/// A way to compile.
#[derive(Debug)]
pub(super) struct Build {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The level of optimization; what the profile says, if there is none.
    level: Option<&'static str>,
    /// The processor; the oldest of x86_64, if there is none.
    processor: Option<&'static str>,
}

/// As users compile it, and the others.
pub(super) const BUILDS: [Build; 6] = [
    Build { name: "release", about: "as users compile it", level: None, processor: None },
    Build { name: "O1", about: "opt-level 1", level: Some("1"), processor: None },
    Build { name: "O2", about: "opt-level 2", level: Some("2"), processor: None },
    Build { name: "O3", about: "opt-level 3", level: Some("3"), processor: None },
    Build { name: "Os", about: "opt-level s", level: Some("s"), processor: None },
    Build { name: "x86-64-v3", about: "for x86-64-v3, without vectors", level: None, processor: Some("x86-64-v3") },
];

impl Build {
    /// Compiles, with cargo's progress in view, and gives the libraries of this project as they lie in their files.
    pub(super) fn compile(&self) -> Result<Vec<Vec<u8>>> {
        // Beside the assembly that `cargo xtask asm` looks at, which is compiled in the same way.
        let own = self.level.is_some() || self.processor.is_some();
        let folder = if own { format!("prove-{}", self.name) } else { "asm".to_owned() };
        self.compile_in(&files::root(), &files::root().join("target").join(folder))
    }

    /// The same of the sources of a folder.
    pub(super) fn compile_in(&self, tree: &Path, target: &Path) -> Result<Vec<Vec<u8>>> {
        ensure!(
            cfg!(all(target_arch = "x86_64", target_os = "linux")),
            "cargo xtask prove reads the ELF objects of x86_64 Linux, and this host makes others; nothing was proved"
        );
        let mut command = Command::new("cargo");
        command.current_dir(tree).args(["build", "--release", "--package", "swp-pte-probe"]);
        command.args(["--features", "outcomes", "--target-dir"]).arg(target);
        command.arg("--message-format=json-render-diagnostics");
        // The caller's flags are not what is proved here; increments keep small functions from being inlined.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").env("CARGO_INCREMENTAL", "0");
        if let Some(level) = self.level {
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level);
        }
        if let Some(processor) = self.processor {
            // With vectors LLVM makes some of the interpreter of them, which are not known to the reader.
            let flags = format!("-Ctarget-cpu={processor} -Cno-vectorize-slp -Cno-vectorize-loops");
            command.env("RUSTFLAGS", flags);
        }
        let output = command.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
        if !output.status.success() {
            bail!("the functions do not compile ({})", self.about);
        }
        let libraries = libraries(&String::from_utf8_lossy(&output.stdout));
        ensure!(!libraries.is_empty(), "cargo did not say where it put what it compiled");
        let read = |path: &PathBuf| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        libraries.iter().map(read).collect()
    }
}

/// The libraries of this project among what cargo says that it made.
fn libraries(messages: &str) -> Vec<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ours = |message: &Value| message["target"]["name"].as_str().is_some_and(|name| name.starts_with("swp_pte"));
    let files = messages.filter(ours).flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default());
    files.filter_map(|file| file.as_str().filter(|name| name.ends_with(".rlib")).map(PathBuf::from)).collect()
}
