//! The machines: which compiler and which emulator Debian has for each architecture.

use swp_pte::KernelVersion;

use super::machine::{Compiler, Machine, Mend};

/// A machine whose names are all the same.
const fn machine(
    arch: &'static str,
    compiler: Compiler,
    emulation: &'static str,
    runs_on: &'static str,
    emulator: &'static [&'static str],
) -> Machine {
    Machine {
        arch,
        kernel_arch: arch,
        folder: arch,
        compiler,
        emulation,
        runs_on,
        emulator,
        flags: &[],
        headers: None,
        mend: None,
        link: &[],
    }
}

/// One for which a host's compiler stands in: a program of the host.
const fn stand_in(arch: &'static str, bits: u32, defines: &'static [&'static str]) -> Machine {
    let compiler = Compiler::StandIn { bits, defines };
    match bits {
        32 => machine(arch, compiler, "elf_i386", "I386", &["qemu-i386"]),
        _ => machine(arch, compiler, "elf_x86_64", "X86_64", &[]),
    }
}

const NO_THUNKS: &[&str] = &["-mfunction-return=keep", "-mindirect-branch=keep"];

pub(super) const X86_64: Machine = Machine {
    folder: "x86",
    flags: NO_THUNKS,
    headers: Some(&[
        "-m64",
        "-mno-sse",
        "-mno-mmx",
        "-mno-80387",
        "-mno-red-zone",
        "-mcmodel=kernel",
        "-mpreferred-stack-boundary=3",
        "-fcf-protection=none",
    ]),
    ..machine("x86_64", Compiler::Gcc(""), "elf_x86_64", "X86_64", &[])
};
pub(super) const I386: Machine = Machine {
    folder: "x86",
    flags: NO_THUNKS,
    headers: Some(&[
        "-m32",
        "-msoft-float",
        "-mregparm=3",
        "-freg-struct-return",
        "-mpreferred-stack-boundary=2",
        "-march=i686",
        "-fcf-protection=none",
    ]),
    ..machine("i386", Compiler::Gcc("i686-linux-gnu-"), "elf_i386", "I386", &["qemu-i386"])
};
pub(super) const UM: Machine = machine("um", Compiler::Gcc(""), "elf_x86_64", "X86_64", &[]);
pub(super) const ARM64: Machine = Machine {
    // Makefiles of some releases define the last two; where no header asks for them, nothing changes.
    headers: Some(&[
        "-mlittle-endian",
        "-mgeneral-regs-only",
        "-mabi=lp64",
        "-DKASAN_SHADOW_SCALE_SHIFT=3",
        "-DARM64_ASM_ARCH='\"armv8.5-a\"'",
    ]),
    ..machine("arm64", Compiler::Gcc("aarch64-linux-gnu-"), "aarch64linux", "ARM64", &["qemu-aarch64"])
};
pub(super) const ARM: Machine = Machine {
    headers: Some(&[
        "-mlittle-endian",
        "-mabi=aapcs-linux",
        "-marm",
        "-march=armv7-a",
        "-msoft-float",
        "-Uarm",
        "-D__LINUX_ARM_ARCH__=7",
    ]),
    ..machine("arm", Compiler::Gcc("arm-linux-gnueabihf-"), "armelf_linux_eabi", "ARM", &["qemu-arm", "-cpu", "max"])
};
pub(super) const S390: Machine = Machine {
    flags: NO_THUNKS,
    headers: Some(&["-m64", "-march=z14", "-msoft-float", "-mbackchain"]),
    ..machine("s390", Compiler::Gcc("s390x-linux-gnu-"), "elf64_s390", "S390", &["qemu-s390x"])
};
pub(super) const PPC: Machine = Machine {
    kernel_arch: "powerpc",
    folder: "powerpc",
    ..machine("ppc", Compiler::Gcc("powerpc-linux-gnu-"), "elf32ppc", "PPC", &["qemu-ppc"])
};
/// A compiler for these cores uses instructions that others do not have.
pub(super) const E500: Machine = Machine { emulator: &["qemu-ppc", "-cpu", "e500v2_v30"], ..PPC };
pub(super) const E500MC: Machine = Machine { emulator: &["qemu-ppc", "-cpu", "e500mc"], ..PPC };
pub(super) const PPC64: Machine = Machine {
    compiler: Compiler::Gcc("powerpc64-linux-gnu-"),
    emulation: "elf64ppc",
    emulator: &["qemu-ppc64"],
    headers: Some(&["-m64", "-mbig-endian", "-mabi=elfv1", "-mcpu=power8", "-msoft-float", "-mno-altivec", "-mno-vsx"]),
    ..PPC
};
pub(super) const PPC64LE: Machine = Machine {
    compiler: Compiler::Gcc("powerpc64le-linux-gnu-"),
    emulation: "elf64lppc",
    emulator: &["qemu-ppc64le"],
    headers: Some(&[
        "-m64",
        "-mlittle-endian",
        "-mabi=elfv2",
        "-mcpu=power8",
        "-msoft-float",
        "-mno-altivec",
        "-mno-vsx",
    ]),
    ..PPC
};
pub(super) const RISCV64: Machine = Machine {
    headers: Some(&[
        "-mabi=lp64",
        "-march=rv64imac_zicsr_zifencei",
        "-mcmodel=medany",
        "-mno-relax",
        "-DKASAN_SHADOW_SCALE_SHIFT=3",
    ]),
    ..machine("riscv", Compiler::Gcc("riscv64-linux-gnu-"), "elf64lriscv", "RISCV", &["qemu-riscv64"])
};
pub(super) const RISCV32: Machine = Machine {
    emulation: "elf32lriscv",
    emulator: &["qemu-riscv32"],
    headers: Some(&["-mabi=ilp32", "-march=rv32imac_zicsr_zifencei", "-mcmodel=medany", "-mno-relax"]),
    ..RISCV64
};
pub(super) const LOONGARCH: Machine = Machine {
    // Functions of 6.1 around instructions whose operand clang wants to be a constant: no instruction at all.
    mend: Some(Mend {
        kernel: KernelVersion::new(6, 1),
        file: "asm/loongarch.h",
        wrong: "/* CSR */\nstatic __always_inline u32 csr_read32(u32 reg)",
        right: "#undef __csrrd_w\n#undef __csrrd_d\n#undef __csrwr_w\n#undef __csrwr_d\n#undef __csrxchg_w\n\
                #undef __csrxchg_d\n#define __csrrd_w(reg) 0\n#define __csrrd_d(reg) 0\n#define __csrwr_w(val, reg)\n\
                #define __csrwr_d(val, reg)\n#define __csrxchg_w(val, mask, reg) 0\n\
                #define __csrxchg_d(val, mask, reg) 0\nstatic __always_inline u32 csr_read32(u32 reg)",
    }),
    ..machine(
        "loongarch",
        Compiler::Clang("loongarch64-linux-gnu"),
        "elf64loongarch",
        "LOONGARCH",
        &["qemu-loongarch64"],
    )
};
pub(super) const MIPS: Machine =
    machine("mips", Compiler::Gcc("mips-linux-gnu-"), "elf32btsmip", "MIPS", &["qemu-mips"]);
pub(super) const MIPSEL: Machine = Machine {
    compiler: Compiler::Gcc("mipsel-linux-gnu-"),
    emulation: "elf32ltsmip",
    emulator: &["qemu-mipsel"],
    ..MIPS
};
pub(super) const MIPS64: Machine = Machine {
    compiler: Compiler::Gcc("mips64-linux-gnuabi64-"),
    emulation: "elf64btsmip",
    emulator: &["qemu-mips64"],
    // Kernel code takes addresses for 32 bits, extended by their sign.
    link: &["-Ttext-segment=0x10000000"],
    ..MIPS
};
pub(super) const SPARC64: Machine = Machine {
    // The code model has addresses of 32 bits.
    link: &["-Ttext-segment=0x100000"],
    ..machine("sparc", Compiler::Gcc("sparc64-linux-gnu-"), "elf64_sparc", "SPARC64", &["qemu-sparc64"])
};
pub(super) const SPARC32: Machine =
    Machine { emulation: "elf32_sparc", runs_on: "SPARC", emulator: &["qemu-sparc"], link: &[], ..SPARC64 };
pub(super) const M68K: Machine = machine("m68k", Compiler::Gcc("m68k-linux-gnu-"), "m68kelf", "M68K", &["qemu-m68k"]);
pub(super) const COLDFIRE: Machine = Machine { emulator: &["qemu-m68k", "-cpu", "cfv4e"], ..M68K };
pub(super) const ALPHA: Machine = Machine {
    // ptep_clear_flush() of 6.1, which calls with an argument too few.
    mend: Some(Mend {
        kernel: KernelVersion::new(6, 1),
        file: "asm/pgtable.h",
        wrong: "page_table_check_pte_clear(mm, pte);",
        right: "page_table_check_pte_clear(mm, addr, pte);",
    }),
    ..machine("alpha", Compiler::Gcc("alpha-linux-gnu-"), "elf64alpha", "ALPHA", &["qemu-alpha"])
};
pub(super) const SH: Machine = machine("sh", Compiler::Gcc("sh4-linux-gnu-"), "shlelf_linux", "SH", &["qemu-sh4"]);
pub(super) const PARISC: Machine =
    machine("parisc", Compiler::Gcc("hppa-linux-gnu-"), "hppalinux", "HPPA", &["qemu-hppa"]);
/// Debian has a compiler, and nothing that runs its programs: qemu-user knows the 32-bit machine only.
pub(super) const PARISC64: Machine =
    Machine { kernel_arch: "parisc64", ..stand_in("parisc", 64, &["-D__hppa__", "-D__hppa64__"]) };
pub(super) const OPENRISC: Machine =
    machine("openrisc", Compiler::Gcc("or1k-elf-"), "elf32or1k", "OPENRISC", &["qemu-or1k"]);
pub(super) const HEXAGON: Machine =
    machine("hexagon", Compiler::Clang("hexagon-linux-musl"), "hexagonelf", "HEXAGON", &["qemu-hexagon"]);
pub(super) const XTENSA: Machine = Machine {
    // Its core is another one, without register windows; headers do not ask for either.
    ..machine("xtensa", Compiler::Gcc("xtensa-lx106-elf-"), "elf32xtensa", "XTENSA", &["qemu-xtensa", "-cpu", "lx106"])
};
pub(super) const MICROBLAZE: Machine = stand_in("microblaze", 32, &["-D__MICROBLAZE__", "-D__MICROBLAZEEL__"]);
pub(super) const NIOS2: Machine = stand_in("nios2", 32, &["-D__nios2__"]);
pub(super) const CSKY: Machine = stand_in("csky", 32, &["-D__csky__", "-D__CSKY__", "-D__CSKYLE__"]);
/// Debian has a compiler, and nothing that runs its programs.
pub(super) const ARC: Machine = stand_in(
    "arc",
    32,
    &[
        "-D__arc__",
        "-D__ARC700__",
        "-D__ARCHS__",
        "-D__builtin_arc_fls(x)=(31-__builtin_clz(x))",
        "-D__builtin_arc_ffs(x)=__builtin_ctz(x)",
    ],
);
