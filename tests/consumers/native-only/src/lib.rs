//! A swap cache's keys on the machine at hand: depends on `swp-pte-native` alone, and compiles for each target
//! that it knows. Elsewhere it is empty, as the documentation of that crate has it.
#![no_std]
#![cfg(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "s390x",
    target_arch = "powerpc64",
    target_arch = "powerpc",
    target_arch = "riscv64",
    target_arch = "riscv32",
    target_arch = "arm",
    target_arch = "x86",
    target_arch = "loongarch64",
    target_arch = "mips",
    target_arch = "mips64",
    target_arch = "sparc",
    target_arch = "sparc64"
))]

use swp_pte_native::Pte;
use swp_pte_native::swp_pte::{DecodeError, SwpPte};

/// A machine word of this target's page tables.
pub type Bits = <Pte as SwpPte>::Bits;

/// The page that a word stands for, whoever owns it: the index of its entry.
///
/// # Errors
/// A word that is no swap PTE.
pub fn key(word: Bits) -> Result<u64, DecodeError> {
    Ok(Pte::from_bits(word).decode()?.index())
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use swp_pte_native::swp_pte::SwpEntry;

    #[test]
    fn the_backend_is_this_architectures() {
        let (arch, width) = match std::env::consts::ARCH {
            "x86_64" => ("x86_64", 64),
            "aarch64" => ("arm64", 64),
            "s390x" => ("s390", 64),
            "powerpc64" => ("ppc", 64),
            "powerpc" => ("ppc", 32),
            "riscv64" => ("riscv", 64),
            "riscv32" => ("riscv", 32),
            "arm" => ("arm", 32),
            "x86" => ("i386", 64),
            "loongarch64" => ("loongarch", 64),
            "mips" => ("mips", 32),
            "mips64" => ("mips", 64),
            "sparc" => ("sparc", 32),
            "sparc64" => ("sparc", 64),
            other => unreachable!("no backend is known for {other}"),
        };
        assert_eq!((Pte::LAYOUT.source.arch, Bits::BITS), (arch, width));
    }

    #[test]
    fn markers_do_not_change_the_key() {
        let entry = SwpEntry::from_parts(1, 0x1234).unwrap();
        let pte = Pte::encode(entry).unwrap();
        assert_eq!(key(pte.to_bits()), Ok(entry.index()));
        assert_eq!(key(pte.mk_exclusive().to_bits()), Ok(entry.index()));
    }
}
