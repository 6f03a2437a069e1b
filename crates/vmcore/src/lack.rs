//! What a dump does not have, and what takes its place.

use std::fmt::Display;

/// Something that is needed and not there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what}: {why}; {instead}")]
pub struct Lack {
    /// What was looked for: `the symbols of the kernel`.
    pub what: String,
    /// Why it is not there.
    pub why: String,
    /// What to give instead.
    pub instead: &'static str,
}

impl Lack {
    /// Not there, for a reason.
    pub(crate) fn new(what: impl Into<String>, why: impl Display, instead: &'static str) -> Self {
        Self { what: what.into(), why: why.to_string(), instead }
    }
}

/// Instead of VMCOREINFO.
pub(crate) const GIVE_VMCOREINFO: &str =
    "give --vmcoreinfo FILE (the text of VMCOREINFO), or --pgd with --arch and --kernel, which need nothing of it";
/// Instead of how the kernel is mapped.
pub(crate) const GIVE_PHYS_BASE: &str = "give --phys-base, or --pgd with --arch and --kernel";
/// Instead of symbols.
pub(crate) const GIVE_SYMBOLS: &str =
    "give --symbols FILE (System.map or /proc/kallsyms of that kernel), or --pgd of the process";
/// Instead of types.
pub(crate) const GIVE_BTF: &str =
    "give --btf FILE (/sys/kernel/btf/vmlinux of that kernel, or vmlinux made with BTF), or --pgd of the process";
/// Instead of a process that is found.
pub(crate) const GIVE_PGD: &str = "give --pgd, the physical address of its highest page table";
