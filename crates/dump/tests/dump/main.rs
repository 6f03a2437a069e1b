//! Dumps of every format, written here, and what is read of them.
#![cfg(test)]

mod elf;
mod files;
mod hostile;
mod kdump;
mod ranges;
mod write;

use swp_pte_dump::{Dump, Memory, Missing, Options};

/// A dump that must be one.
fn opened(bytes: Vec<u8>) -> Dump {
    Dump::of_bytes(bytes, &Options::default()).unwrap()
}

fn read(dump: &Dump, at: u64, length: usize) -> Result<Vec<u8>, Missing> {
    let mut bytes = vec![0; length];
    dump.read(at, &mut bytes).map(|()| bytes)
}
