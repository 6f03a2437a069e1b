//! `cargo xtask vectors`: the vector files of this repository, and the manifest that pins them.

use anyhow::Result;
use xtask_shared::vectors::{check_manifest, load, pin};

use crate::files;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write counts and hashes of the files as they are now into the manifest
    #[arg(long)]
    pin: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let files = load(&files::vectors())?;
    for file in &files {
        println!("{:6}  {:?}  {}  {}", file.len(), file.kind(), file.row().variant(), file.name());
    }
    println!("{} files, {} cases", files.len(), files.iter().map(|file| file.len()).sum::<usize>());
    if args.pin { pin(&files) } else { check_manifest(&files) }
}
