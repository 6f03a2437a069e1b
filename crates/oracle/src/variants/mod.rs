//! The variants that the oracle builds: an architecture's configuration, its compiler, and how its answers are got.

mod configs;
mod machine;
mod machines;

pub(super) use configs::VARIANTS;
pub(super) use machine::{BINUTILS, CLANG, Compiler, Machine};

/// One configuration of one architecture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant {
    /// The configuration's name, as in the names of vector files.
    pub(super) config: &'static str,
    /// The family of layouts, as in the atlas.
    pub(super) variant: &'static str,
    /// The target that makes the first configuration.
    pub(super) defconfig: &'static str,
    /// What is changed in it: `CONFIG_X=y`, or `!CONFIG_X` for an option that must be off. A tree that does not let it
    /// be so does not have the variant; what begins with `?` is only wished for, and changes no bit.
    pub(super) options: &'static [&'static str],
    /// Given to our C file beside the kernel's own flags.
    pub(super) define: Option<&'static str>,
    /// A file of the tree and a word in it without which the tree does not have the variant.
    pub(super) needs: Option<(&'static str, &'static str)>,
    /// Where a layout is said for pages of one size and holds for this build's as well: the page shifts of build and
    /// layout.
    pub(super) pages: Option<(u32, u32)>,
    pub(super) machine: &'static Machine,
}

/// Everything that takes swap types or has bits of its own, where it can be selected; what cannot is off, and the
/// constants say so.
pub(super) const FRAGMENT: &[&str] = &[
    "CONFIG_SWAP=y",
    "CONFIG_COMPACTION=y",
    "CONFIG_MIGRATION=y",
    "CONFIG_PROC_FS=y",
    "CONFIG_CHECKPOINT_RESTORE=y",
    "CONFIG_MEM_SOFT_DIRTY=y",
    "CONFIG_USERFAULTFD=y",
    "CONFIG_PTE_MARKER=y",
    "CONFIG_PTE_MARKER_UFFD_WP=y",
    "CONFIG_SPARSEMEM_MANUAL=y",
    "CONFIG_SPARSEMEM_VMEMMAP=y",
    "CONFIG_MEMORY_HOTPLUG=y",
    "CONFIG_MEMORY_HOTREMOVE=y",
    "CONFIG_ZONE_DEVICE=y",
    "CONFIG_DEVICE_PRIVATE=y",
    "CONFIG_MEMORY_FAILURE=y",
    "CONFIG_TRANSPARENT_HUGEPAGE=y",
    // Without it, pte_protnone() is a stub.
    "CONFIG_NUMA=y",
    "CONFIG_NUMA_BALANCING=y",
    // Programs of the build that no header needs.
    "!CONFIG_MODVERSIONS",
    "!CONFIG_SECURITY_SELINUX",
];

impl Variant {
    /// What was added to the defconfig, as the header of a vector file says it.
    pub(super) fn kconfig(&self) -> String {
        let options: Vec<_> = self.options.iter().map(|option| option.trim_start_matches('?')).collect();
        format!("{} {}", self.defconfig, options.join(";")).trim_end().into()
    }
}
