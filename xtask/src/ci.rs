//! `cargo xtask ci`: everything that CI runs, in order, up to the first failure.
//!
//! Two steps need more than a Rust toolchain: foreign machines, and a kernel's source with its compilers. Where their
//! packages are missing, the run says that they were not run; with `--all`, which is what `.ci/run` says after it has
//! installed them, that is a failure.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::cross::native;
use crate::files;

/// What is tested optimized beside what others link: what reads whole images, and what holds it all against the kernel's
/// answers.
const ALSO_OPTIMIZED: [&str; 2] = ["swp-pte-image", "swp-pte-conformance"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where a step cannot run for want of packages, instead of passing it over
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
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
    // Optimized as users compile them: the crates that they link, and the consumers. The programs are the same lines of
    // Rust in both profiles, and take longest to compile.
    let packages = native::linked().into_iter().chain(ALSO_OPTIMIZED.map(str::to_owned));
    let linked: Vec<_> = packages.flat_map(|package| ["--package".to_owned(), package]).collect();
    step("test, optimized", &|sh| cmd!(sh, "cargo test --release").args(&linked).run())?;
    step("doc", &|sh| cmd!(sh, "cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings").run())?;
    step("tidy", &|sh| cmd!(sh, "cargo xtask tidy").run())?;
    step("page", &|sh| cmd!(sh, "cargo xtask page --check").run())?;
    // It looks at the machines whose compilers are here, and says which are not.
    let all = args.all.then_some("--all");
    step("asm", &|sh| cmd!(sh, "cargo xtask asm {all...}").run())?;
    // Only x86_64 is read.
    if cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        step("prove", &|sh| cmd!(sh, "cargo xtask prove").run())?;
        step("proofs that must fail", &|sh| cmd!(sh, "cargo xtask prove --planted").run())?;
        // Every changed fact, and 10^5 words for each function beside the processor; `cargo test` takes a part of them.
        step("proofs, held to account", &|sh| cmd!(sh, "cargo test -p swp-pte-prove --test own -- --ignored").run())?;
    }
    step("C library", &|sh| cmd!(sh, "cargo xtask c {all...}").run())?;
    step("Python package", &|sh| cmd!(sh, "cargo xtask python --sanitize").run())?;
    step("package", &|sh| cmd!(sh, "cargo xtask package").run())?;
    step("conformance", &|sh| cmd!(sh, "cargo xtask conformance").run())?;
    step("lifecycle", &|sh| cmd!(sh, "cargo xtask lifecycle").run())?;

    // What is missing is said on stderr, and so is what cargo builds for the question.
    let found = |command: xshell::Cmd<'_>| command.ignore_stdout().run().is_ok();
    let kernel = Path::new("/usr/src/linux-source-6.12.tar.xz").exists();
    let oracle = kernel && found(cmd!(shell, "cargo xtask oracle --check-tools --variant x86_64 --variant s390"));
    let foreign = found(cmd!(shell, "cargo xtask cross --check-tools --ci"));
    let mut skipped = Vec::new();
    if foreign {
        step("foreign machines", &|sh| cmd!(sh, "cargo xtask cross --ci --engine native").run())?;
        step("planted mistakes", &|sh| cmd!(sh, "cargo xtask cross --planted --engine native").run())?;
    } else {
        skipped.push("foreign machines and planted mistakes");
    }
    if oracle {
        step("oracle", &|sh| cmd!(sh, "cargo test -p swp-pte-oracle --test oracle -- --ignored").run())?;
    } else {
        skipped.push("oracle");
    }
    if skipped.is_empty() {
        return Ok(());
    }
    let skipped = skipped.join(", ");
    if args.all {
        bail!("not run: {skipped}; their packages are missing, and .ci/run has the list");
    }
    println!("── NOT RUN for want of packages, which .ci/run lists: {skipped}");
    Ok(())
}
