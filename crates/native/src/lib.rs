//! The swap PTE of the target being compiled for: `Pte` is the newest layout of its architecture.
//!
//! This is the one place where the target chooses anything; every backend is a crate of its own and compiles on every
//! host. What the target alone cannot tell is chosen as most kernels have it:
//!
//! | target | `Pte` | what else the kernel may have |
//! |---|---|---|
//! | x86_64 | `swp_pte_x86_64::Pte` | |
//! | aarch64 | `swp_pte_arm64::Pte` | |
//! | s390x | `swp_pte_s390::Pte` | |
//! | powerpc64, powerpc64le | `swp_pte_ppc::book3s64_64k::Pte` | 4K pages; Book3E |
//! | powerpc | `swp_pte_ppc::book3s32::Pte` | 8xx, 85xx, 44x |
//! | riscv64 | `swp_pte_riscv::rv64::Pte` | harts with Svrsw60t59b |
//! | riscv32 | `swp_pte_riscv::rv32::Pte` | |
//! | arm | `swp_pte_arm::two_level::Pte` | LPAE |
//! | x86 | `swp_pte_i386::pae::Pte` | two levels of page tables |
//! | loongarch64 | `swp_pte_loongarch::Pte` | |
//! | mips, mips32r6 | `swp_pte_mips::mips32::Pte` | R3000, XPA, Alchemy |
//! | mips64, mips64r6 | `swp_pte_mips::mips64::Pte` | |
//! | sparc | `swp_pte_sparc::sparc32::Pte` | |
//! | sparc64 | `swp_pte_sparc::sparc64::Pte` | |
//! | xtensa | `swp_pte_xtensa::Pte` | |
//! | m68k | `swp_pte_m68k::motorola::Pte` | Sun-3, `ColdFire` |
//! | csky | `swp_pte_csky::abiv2::Pte` | |
//! | hexagon | `swp_pte_hexagon::Pte` | |
//!
//! On any other target there is nothing to import, and the crate still compiles: a program that supports other
//! targets too can depend on it and use `Pte` behind its own `cfg`. A kernel that knows its page size or its MMU
//! family names the type in the architecture's crate instead.
//!
#![cfg_attr(
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "s390x", target_arch = "riscv64"),
    doc = "```",
    doc = "use swp_pte_native::{Pte, swp_pte::SwpEntry};",
    doc = "",
    doc = "let pte = Pte::encode(SwpEntry::from_parts(1, 0x1234)?)?.mk_exclusive();",
    doc = "assert!(pte.is_exclusive());",
    doc = "# Ok::<(), Box<dyn std::error::Error>>(())",
    doc = "```"
)]
#![no_std]

pub use swp_pte;

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        pub use swp_pte_x86_64::Pte;
    } else if #[cfg(target_arch = "aarch64")] {
        pub use swp_pte_arm64::Pte;
    } else if #[cfg(target_arch = "s390x")] {
        pub use swp_pte_s390::Pte;
    } else if #[cfg(target_arch = "powerpc64")] {
        // The page size is a choice of the kernel's configuration; distributions choose 64K.
        pub use swp_pte_ppc::book3s64_64k::Pte;
    } else if #[cfg(target_arch = "powerpc")] {
        // The target says nothing of the MMU family; this one is what distributions still run on.
        pub use swp_pte_ppc::book3s32::Pte;
    } else if #[cfg(target_arch = "riscv64")] {
        // Svrsw60t59b is found out at run time, hart by hart.
        pub use swp_pte_riscv::rv64::Pte;
    } else if #[cfg(target_arch = "riscv32")] {
        pub use swp_pte_riscv::rv32::Pte;
    } else if #[cfg(target_arch = "arm")] {
        // What distributions build beside it, for machines with LPAE, is a kernel of its own.
        pub use swp_pte_arm::two_level::Pte;
    } else if #[cfg(target_arch = "x86")] {
        // Distributions have PAE for the sake of the execute-disable bit.
        pub use swp_pte_i386::pae::Pte;
    } else if #[cfg(target_arch = "loongarch64")] {
        pub use swp_pte_loongarch::Pte;
    } else if #[cfg(any(target_arch = "mips", target_arch = "mips32r6"))] {
        pub use swp_pte_mips::mips32::Pte;
    } else if #[cfg(any(target_arch = "mips64", target_arch = "mips64r6"))] {
        pub use swp_pte_mips::mips64::Pte;
    } else if #[cfg(target_arch = "sparc")] {
        pub use swp_pte_sparc::sparc32::Pte;
    } else if #[cfg(target_arch = "sparc64")] {
        pub use swp_pte_sparc::sparc64::Pte;
    } else if #[cfg(target_arch = "xtensa")] {
        pub use swp_pte_xtensa::Pte;
    } else if #[cfg(target_arch = "m68k")] {
        // The target says nothing of the MMU; Sun-3 and ColdFire have others.
        pub use swp_pte_m68k::motorola::Pte;
    } else if #[cfg(target_arch = "csky")] {
        // Rust has targets of ABI v2 only.
        pub use swp_pte_csky::abiv2::Pte;
    } else if #[cfg(target_arch = "hexagon")] {
        pub use swp_pte_hexagon::Pte;
    }
}
