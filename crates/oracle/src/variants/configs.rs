//! The configurations: what makes each variant out of which defconfig.

use super::machines::{
    ALPHA, ARC, ARM, ARM64, COLDFIRE, CSKY, E500, E500MC, HEXAGON, I386, LOONGARCH, M68K, MICROBLAZE, MIPS, MIPS64,
    MIPSEL, NIOS2, OPENRISC, PARISC, PARISC64, PPC, PPC64, PPC64LE, RISCV32, RISCV64, S390, SH, SPARC32, SPARC64, UM,
    X86_64, XTENSA,
};
use super::{Machine, Variant};

const fn variant(
    machine: &'static Machine,
    config: &'static str,
    variant: &'static str,
    defconfig: &'static str,
    options: &'static [&'static str],
) -> Variant {
    Variant { config, variant, defconfig, options, define: None, needs: None, pages: None, machine }
}

const BIG_ENDIAN: &[&str] = &["CONFIG_CPU_BIG_ENDIAN=y", "!CONFIG_CPU_LITTLE_ENDIAN"];
const ELF_V1: &str = "?!CONFIG_PPC64_BIG_ENDIAN_ELF_ABI_V2";

/// All of them. The bits of most do not depend on more of the configuration than is chosen here.
pub(crate) const VARIANTS: &[Variant] = &[
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
    variant(
        &I386,
        "i386-2level",
        "i386",
        "i386_defconfig",
        &["!CONFIG_X86_PAE", "?CONFIG_HIGHMEM4G=y", "!CONFIG_HIGHMEM64G"],
    ),
    variant(
        &I386,
        "i386-pae",
        "i386-pae",
        "i386_defconfig",
        &[
            "CONFIG_X86_PAE=y",
            "?CONFIG_HIGHMEM64G=y",
            "!CONFIG_HIGHMEM4G",
            "!CONFIG_NOHIGHMEM",
            "!CONFIG_M486",
            "!CONFIG_M486SX",
            "?CONFIG_M686=y",
        ],
    ),
    variant(&ARM, "arm-2level", "arm", "multi_v7_defconfig", &["!CONFIG_ARM_LPAE"]),
    variant(&ARM, "arm-lpae", "arm-lpae", "multi_v7_defconfig", &["CONFIG_ARM_LPAE=y", "!CONFIG_ARCH_MULTI_V6"]),
    variant(&MIPS, "mips32-std", "mips32", "maltaup_defconfig", BIG_ENDIAN),
    variant(&MIPSEL, "mips32-r3k", "mips32-r3k", "decstation_defconfig", &[]),
    Variant {
        pages: Some((14, 12)),
        ..variant(&MIPS, "mips32-xpa", "mips32-xpa", "maltaup_xpa_defconfig", BIG_ENDIAN)
    },
    variant(&MIPSEL, "mips32-phys64", "mips32-phys64", "db1xxx_defconfig", &[]),
    variant(&MIPS64, "mips64-4k", "mips64", "ip27_defconfig", &["CONFIG_PAGE_SIZE_4KB=y"]),
    Variant {
        pages: Some((16, 12)),
        ..variant(
            &MIPS64,
            "mips64-64k",
            "mips64",
            "ip27_defconfig",
            &["CONFIG_PAGE_SIZE_64KB=y", "!CONFIG_PAGE_SIZE_4KB"],
        )
    },
    variant(&SPARC64, "sparc64", "sparc64", "sparc64_defconfig", &[]),
    variant(&SPARC32, "sparc32", "sparc32", "sparc32_defconfig", &[]),
    variant(&M68K, "m68k-motorola", "m68k-motorola", "multi_defconfig", &[]),
    variant(&M68K, "m68k-sun3", "m68k-sun3", "sun3_defconfig", &[]),
    variant(&COLDFIRE, "m68k-coldfire", "m68k-coldfire", "m5475evb_defconfig", &["CONFIG_MMU=y", "CONFIG_COLDFIRE=y"]),
    variant(&ALPHA, "alpha", "alpha", "defconfig", &[]),
    variant(&SH, "sh4", "sh", "rts7751r2d1_defconfig", &[]),
    variant(&SH, "sh-x2tlb", "sh-x2tlb", "ecovec24_defconfig", &["CONFIG_X2TLB=y"]),
    variant(&PARISC, "parisc32", "parisc32", "generic-32bit_defconfig", &[]),
    variant(&PARISC64, "parisc64", "parisc64", "generic-64bit_defconfig", &[]),
    variant(&UM, "um-64", "um", "defconfig", &[]),
    variant(&OPENRISC, "openrisc", "openrisc", "defconfig", &[]),
    variant(&LOONGARCH, "loongarch64", "loongarch64", "defconfig", &[]),
    variant(&HEXAGON, "hexagon", "hexagon", "comet_defconfig", &[]),
    variant(&MICROBLAZE, "microblaze", "microblaze", "defconfig", &[]),
    variant(&NIOS2, "nios2", "nios2", "10m50_defconfig", &[]),
    variant(&CSKY, "csky", "csky", "defconfig", &["CONFIG_CPU_CK860=y", "!CONFIG_CPU_CK610"]),
    variant(&CSKY, "csky-ck610", "csky-ck610", "defconfig", &["CONFIG_CPU_CK610=y", "!CONFIG_CPU_CK860"]),
    variant(&XTENSA, "xtensa", "xtensa", "generic_kc705_defconfig", &[]),
    variant(&ARC, "arc", "arc", "haps_hs_smp_defconfig", &["!CONFIG_ARC_HAS_PAE40"]),
    variant(&ARC, "arc-pae40", "arc-pae40", "haps_hs_smp_defconfig", &["CONFIG_ARC_HAS_PAE40=y", "CONFIG_HIGHMEM=y"]),
];
