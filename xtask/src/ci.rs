//! `cargo xtask ci`: everything that CI runs, in order, up to the first failure.

use std::time::Instant;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::files;

pub(crate) fn run() -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(files::root());
    let step = |name: &str, run: &dyn Fn(&Shell) -> xshell::Result<()>| -> Result<()> {
        println!("── {name}");
        let started = Instant::now();
        run(&shell).with_context(|| format!("{name} failed"))?;
        println!("── {name}: {:.1} s", started.elapsed().as_secs_f64());
        Ok(())
    };
    step("fmt", &|sh| cmd!(sh, "cargo fmt --all --check").run())?;
    step("clippy", &|sh| cmd!(sh, "cargo clippy --workspace --all-targets -- -D warnings").run())?;
    // The README's test command.
    step("test", &|sh| cmd!(sh, "cargo test --workspace").run())?;
    step("test, optimized", &|sh| cmd!(sh, "cargo test --workspace --release").run())?;
    step("doc", &|sh| cmd!(sh, "cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings").run())?;
    step("tidy", &|sh| cmd!(sh, "cargo xtask tidy").run())?;
    step("package", &|sh| cmd!(sh, "cargo xtask package").run())?;
    step("foreign machines", &|sh| cmd!(sh, "cargo xtask cross --ci --engine native").run())?;
    step("conformance", &|sh| cmd!(sh, "cargo xtask conformance").run())
}
