//! The machine as a dump's header names it.

use object::elf;

/// Which byte of a word comes first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ByteOrder {
    /// The least significant one.
    Little,
    /// The most significant one.
    Big,
}

impl ByteOrder {
    /// A number of two bytes.
    #[must_use]
    pub const fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    /// A number of four bytes.
    #[must_use]
    pub const fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    /// A number of eight bytes.
    #[must_use]
    pub const fn u64(self, bytes: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(bytes),
            Self::Big => u64::from_be_bytes(bytes),
        }
    }
}

/// A machine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Machine {
    /// Its name here: `x86_64`, `i386`, `arm64`, `arm`, `s390`, `ppc64`, `ppc32`, `riscv64`, `riscv32`, `mips64`, `mips32`,
    /// `loongarch64`, `sparc64`.
    pub name: &'static str,
    /// Bits of a long, 32 or 64.
    pub bits: u32,
    /// The byte order.
    pub order: ByteOrder,
}

impl Machine {
    /// By `e_machine` of an ELF header (include/uapi/linux/elf-em.h). Of a dump written by a 64-bit tool for a 32-bit machine, as
    /// `/proc/vmcore` of i386 with PAE is, the bits are the machine's.
    pub(crate) const fn of_elf(machine: u16, bits: u32, order: ByteOrder) -> Option<Self> {
        let (name, bits) = match machine {
            elf::EM_X86_64 => ("x86_64", 64),
            elf::EM_386 => ("i386", 32),
            elf::EM_AARCH64 => ("arm64", 64),
            elf::EM_ARM => ("arm", 32),
            elf::EM_S390 => ("s390", bits),
            elf::EM_PPC64 => ("ppc64", 64),
            elf::EM_PPC => ("ppc32", 32),
            elf::EM_RISCV if bits == 32 => ("riscv32", 32),
            elf::EM_RISCV => ("riscv64", 64),
            elf::EM_MIPS if bits == 32 => ("mips32", 32),
            elf::EM_MIPS => ("mips64", 64),
            elf::EM_LOONGARCH => ("loongarch64", 64),
            elf::EM_SPARCV9 => ("sparc64", 64),
            _ => return None,
        };
        Some(Self { name, bits, order })
    }
}
