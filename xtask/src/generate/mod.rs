//! `cargo xtask generate`: what can be drawn from the atlas is drawn, not typed.
//!
//! - beside each layout's module, a page with its picture, placement and source, which its documentation includes;
//! - `docs/architectures.md` and `docs/layouts.svg`: all layouts, below each other;
//! - `docs/placement.md`: what each kernel could have chosen for its marker, and what it chose;
//! - `docs/life-cycle.md`: the stories and tables that the model of the marker's life finds;
//! - `docs/oracle.md`: which compiler answered for which configuration, on which kernels;
//! - `docs/five-layouts.svg`, the README's picture;
//! - the example of `docs/library.md`, between `<!-- example -->` and `<!-- end example -->`;
//! - in every page, the numbers that the tables or the tree know.

mod architectures;
mod lifecycle;
mod oracle;
mod placement;
mod readme;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use swp_pte::Level;
use swp_pte_conformance::{Backend, subjects};
use swp_pte_draw::Page;

use crate::{files, prose};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if anything would change
    #[arg(long)]
    check: bool,
}

impl Args {
    /// Only look.
    pub(crate) const CHECK: Self = Self { check: true };
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut stale = Vec::new();
    for (path, text) in wanted()? {
        // A page that is not there yet is as stale as one that differs.
        if fs::read_to_string(&path).is_ok_and(|now| now == text) {
            continue;
        }
        stale.push(files::relative(&path));
        if !args.check {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            println!("wrote {}", files::relative(&path));
        }
    }
    if args.check && !stale.is_empty() {
        bail!("other than the tables say: {}; run `cargo xtask generate`", stale.join(", "));
    }
    Ok(())
}

/// Every generated file with the text that it must have.
fn wanted() -> Result<Vec<(PathBuf, String)>> {
    let backends = subjects();
    let mut wanted = Vec::new();
    for backend in &backends {
        wanted.push((module(backend)?.with_extension("md"), Page(backend.layout).to_string()));
    }
    let backends: Vec<_> = backends.into_iter().filter(|one| one.layout.source.level == Level::Pte).collect();
    wanted.push((files::root().join("docs").join("placement.md"), placement::page(&backends)));
    wanted.push((files::root().join("docs").join("architectures.md"), architectures::page(&backends)));
    wanted.push((files::root().join("docs").join("layouts.svg"), architectures::picture(&backends)));
    let life_cycle = files::root().join("docs").join("life-cycle.md");
    let text = lifecycle::page(&files::read(&life_cycle)?)?;
    wanted.push((life_cycle, text));
    wanted.push((files::root().join("docs").join("five-layouts.svg"), readme::picture()));
    let library = files::root().join("docs").join("library.md");
    let text = replace(&files::read(&library)?, "example", &readme::example()?)?;
    wanted.push((library, text));
    let page = files::root().join("docs").join("oracle.md");
    wanted.push((page.clone(), replace(&files::read(&page)?, "compilers", &oracle::table()?)?));
    for path in prose::pages()? {
        match wanted.iter_mut().find(|(of, _)| *of == path) {
            Some((_, text)) => *text = prose::mended(text)?,
            None => {
                let text = prose::mended(&files::read(&path)?)?;
                wanted.push((path, text));
            }
        }
    }
    Ok(wanted)
}

/// The source file of a backend: `swp_pte_arm64::since_6_10::Pte` is `crates/arch/arm64/src/since_6_10.rs`.
pub(crate) fn module(backend: &Backend) -> Result<PathBuf> {
    // Without the type, which is the last part.
    let (module, _) = backend.path.rsplit_once("::").unwrap_or((backend.path, ""));
    let mut parts = module.split("::");
    let arch = parts.next().and_then(|name| name.strip_prefix("swp_pte_"));
    let arch = arch.with_context(|| format!("{} is in no architecture crate", backend.path))?;
    let mut path = files::root().join("crates").join("arch").join(arch).join("src");
    path.extend(parts);
    path.set_extension("rs");
    if !path.is_file() {
        bail!("{} should be in {}", backend.path, files::relative(&path));
    }
    Ok(path)
}

/// Replaces what stands between the two marks of a name.
fn replace(text: &str, name: &str, new: &str) -> Result<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end {name} -->"));
    let parts = text.split_once(&open).and_then(|(head, rest)| rest.split_once(&close).map(|(_, tail)| (head, tail)));
    let (head, tail) =
        parts.with_context(|| format!("no place for {name:?}: <!-- {name} --> and <!-- end {name} -->"))?;
    Ok(format!("{head}{open}{new}{close}{tail}"))
}
