//! The variants that the oracle builds: an architecture's configuration, its compiler, and how its answers are got.

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

/// An architecture as compilers and emulators see it.
#[derive(Debug)]
pub(super) struct Machine {
    /// As in the atlas.
    pub(super) arch: &'static str,
    /// The kernel's `ARCH`.
    pub(super) kernel_arch: &'static str,
    /// The folder below `arch/`.
    pub(super) folder: &'static str,
    /// Prefix of the compiler's programs.
    pub(super) cross: &'static str,
    /// The Debian package with the compiler.
    pub(super) package: &'static str,
    /// What the linker calls the program's format.
    pub(super) emulation: &'static str,
    /// The program that runs it, with its arguments; nothing where the machine itself does.
    pub(super) emulator: &'static [&'static str],
    /// Flags that keep a compiled function free of what only a kernel has: thunks to return through.
    pub(super) flags: &'static [&'static str],
    /// The compiler is one for another machine with words of the same size: the bits are right as far as headers are
    /// plain C, and the order of bytes in memory is not to be had.
    pub(super) stand_in: bool,
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
];

const X86_64: Machine = Machine {
    arch: "x86_64",
    kernel_arch: "x86_64",
    folder: "x86",
    cross: "",
    package: "gcc",
    emulation: "elf_x86_64",
    emulator: &[],
    flags: &["-mfunction-return=keep", "-mindirect-branch=keep"],
    stand_in: false,
};
const ARM64: Machine = Machine {
    arch: "arm64",
    kernel_arch: "arm64",
    folder: "arm64",
    cross: "aarch64-linux-gnu-",
    package: "gcc-aarch64-linux-gnu",
    emulation: "aarch64linux",
    emulator: &["qemu-aarch64"],
    flags: &[],
    stand_in: false,
};
const S390: Machine = Machine {
    arch: "s390",
    kernel_arch: "s390",
    folder: "s390",
    cross: "s390x-linux-gnu-",
    package: "gcc-s390x-linux-gnu",
    emulation: "elf64_s390",
    emulator: &["qemu-s390x"],
    flags: &["-mfunction-return=keep", "-mindirect-branch=keep"],
    stand_in: false,
};
const PPC: Machine = Machine {
    arch: "ppc",
    kernel_arch: "powerpc",
    folder: "powerpc",
    cross: "powerpc-linux-gnu-",
    package: "gcc-powerpc-linux-gnu",
    emulation: "elf32ppc",
    emulator: &["qemu-ppc"],
    flags: &[],
    stand_in: false,
};
/// A compiler for these cores uses instructions that others do not have.
const E500: Machine = Machine { emulator: &["qemu-ppc", "-cpu", "e500v2_v30"], ..PPC };
const E500MC: Machine = Machine { emulator: &["qemu-ppc", "-cpu", "e500mc"], ..PPC };
const PPC64: Machine = Machine {
    cross: "powerpc64-linux-gnu-",
    package: "gcc-powerpc64-linux-gnu",
    emulation: "elf64ppc",
    emulator: &["qemu-ppc64"],
    ..PPC
};
const PPC64LE: Machine = Machine {
    cross: "powerpc64le-linux-gnu-",
    package: "gcc-powerpc64le-linux-gnu",
    emulation: "elf64lppc",
    emulator: &["qemu-ppc64le"],
    ..PPC
};
const RISCV64: Machine = Machine {
    arch: "riscv",
    kernel_arch: "riscv",
    folder: "riscv",
    cross: "riscv64-linux-gnu-",
    package: "gcc-riscv64-linux-gnu",
    emulation: "elf64lriscv",
    emulator: &["qemu-riscv64"],
    flags: &[],
    stand_in: false,
};
const RISCV32: Machine = Machine { emulation: "elf32lriscv", emulator: &["qemu-riscv32"], ..RISCV64 };

const fn variant(
    machine: &'static Machine,
    config: &'static str,
    variant: &'static str,
    defconfig: &'static str,
    options: &'static [&'static str],
) -> Variant {
    Variant { config, variant, defconfig, options, define: None, needs: None, pages: None, machine }
}

const ELF_V1: &str = "?!CONFIG_PPC64_BIG_ENDIAN_ELF_ABI_V2";

/// All of them. The bits of most do not depend on more of the configuration than is chosen here.
pub(super) const VARIANTS: &[Variant] = &[
    variant(&X86_64, "x86_64", "x86_64", "x86_64_defconfig", &["?CONFIG_X86_5LEVEL=y"]),
    variant(
        &ARM64,
        "arm64-4k48",
        "arm64",
        "defconfig",
        &["CONFIG_ARM64_4K_PAGES=y", "CONFIG_ARM64_VA_BITS_48=y", "!CONFIG_ARM64_VA_BITS_52"],
    ),
    Variant {
        pages: Some((16, 12)),
        ..variant(
            &ARM64,
            "arm64-64k52",
            "arm64",
            "defconfig",
            &[
                "CONFIG_ARM64_64K_PAGES=y",
                "!CONFIG_ARM64_4K_PAGES",
                "CONFIG_ARM64_VA_BITS_52=y",
                "CONFIG_ARM64_PA_BITS_52=y",
                "!CONFIG_ARM64_VA_BITS_48",
            ],
        )
    },
    variant(&S390, "s390", "s390", "defconfig", &[]),
    variant(
        &PPC64LE,
        "ppc64le-4k",
        "ppc-book3s64-4k",
        "ppc64le_defconfig",
        &["CONFIG_PPC_4K_PAGES=y", "!CONFIG_PPC_64K_PAGES"],
    ),
    variant(&PPC64LE, "ppc64le-64k", "ppc-book3s64-64k", "ppc64le_defconfig", &["CONFIG_PPC_64K_PAGES=y"]),
    variant(&PPC64, "ppc64be-64k", "ppc-book3s64-64k", "ppc64_defconfig", &["CONFIG_PPC_64K_PAGES=y", ELF_V1]),
    variant(&PPC64, "ppc64-nohash-corenet64", "ppc-nohash64", "corenet64_smp_defconfig", &[ELF_V1]),
    variant(&PPC, "ppc32-book3s-pmac32", "ppc-book3s32", "pmac32_defconfig", &[]),
    variant(&PPC, "ppc32-8xx-4k", "ppc-nohash32-8xx", "mpc885_ads_defconfig", &["CONFIG_PPC_4K_PAGES=y"]),
    Variant {
        pages: Some((14, 12)),
        ..variant(
            &PPC,
            "ppc32-8xx-16k",
            "ppc-nohash32-8xx",
            "mpc885_ads_defconfig",
            &["CONFIG_PPC_16K_PAGES=y", "!CONFIG_PPC_4K_PAGES"],
        )
    },
    variant(
        &E500,
        "ppc32-85xx-pte32",
        "ppc-nohash32-85xx",
        "mpc85xx_defconfig",
        &["!CONFIG_PHYS_64BIT", "!CONFIG_PTE_64BIT"],
    ),
    variant(&E500MC, "ppc32-85xx-pte64", "ppc-nohash32-pte64", "corenet32_smp_defconfig", &["CONFIG_PHYS_64BIT=y"]),
    variant(&PPC, "ppc32-44x", "ppc-nohash32-pte64", "44x/canyonlands_defconfig", &[]),
    variant(&PPC, "ppc32-40x", "ppc-nohash32-40x", "40x/walnut_defconfig", &[]),
    variant(&RISCV64, "riscv64", "riscv-rv64", "defconfig", &[]),
    Variant {
        define: Some("-DORACLE_SVRSW60T59B"),
        needs: Some(("arch/riscv/include/asm/hwcap.h", "RISCV_ISA_EXT_SVRSW60T59B")),
        ..variant(&RISCV64, "riscv64-svrsw", "riscv-rv64-svrsw60t59b", "defconfig", &[])
    },
    variant(&RISCV32, "riscv32", "riscv-rv32", "rv32_defconfig", &[]),
];

impl Variant {
    /// What was added to the defconfig, as the header of a vector file says it.
    pub(super) fn kconfig(&self) -> String {
        let options: Vec<_> = self.options.iter().map(|option| option.trim_start_matches('?')).collect();
        format!("{} {}", self.defconfig, options.join(";")).trim_end().into()
    }

    /// The compiler.
    pub(super) fn compiler(&self) -> String {
        format!("{}gcc", self.machine.cross)
    }
}
