//! The foreign machines: what each is, and which Debian packages compile and run for it.

use std::path::Path;

/// A target, with what its tests must find themselves to be.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) triple: &'static str,
    /// `target_arch`, as the compiler names it.
    pub(crate) arch: &'static str,
    pub(crate) pointer_width: u8,
    pub(crate) byte_order: &'static str,
    pub(crate) kind: Kind,
}

/// With an operating system, or without.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Linux: tests run, under qemu's user emulation.
    Hosted {
        /// The prefix of Debian's cross compiler, and the folder of its libraries below `/usr`.
        gnu: &'static str,
        /// The suffix of qemu's program.
        qemu: &'static str,
        /// The architecture in the name of Debian's libc package.
        debian: &'static str,
    },
    /// No std: a static library is linked and looked into.
    Bare {
        /// The linker's name for this machine (`ld.lld -m`).
        emulation: &'static str,
        /// What makes clang compile C for it.
        clang: &'static [&'static str],
        /// The suffix of the qemu that runs programs of its processor.
        qemu: &'static str,
    },
}

macro_rules! targets {
    ($($triple:literal, $arch:literal, $width:literal, $order:literal, $kind:ident $fields:tt;)*) => {
        &[$(Target {
            triple: $triple, arch: $arch, pointer_width: $width, byte_order: $order, kind: Kind::$kind $fields,
        }),*]
    };
}

/// All of them, big-endian ones first among the hosted.
#[rustfmt::skip]
pub(crate) const TARGETS: &[Target] = targets! {
    "s390x-unknown-linux-gnu", "s390x", 64, "big", Hosted { gnu: "s390x-linux-gnu", qemu: "s390x", debian: "s390x" };
    "powerpc-unknown-linux-gnu", "powerpc", 32, "big", Hosted { gnu: "powerpc-linux-gnu", qemu: "ppc", debian: "powerpc" };
    "powerpc64-unknown-linux-gnu", "powerpc64", 64, "big", Hosted { gnu: "powerpc64-linux-gnu", qemu: "ppc64", debian: "ppc64" };
    "powerpc64le-unknown-linux-gnu", "powerpc64", 64, "little", Hosted { gnu: "powerpc64le-linux-gnu", qemu: "ppc64le", debian: "ppc64el" };
    "riscv64gc-unknown-linux-gnu", "riscv64", 64, "little", Hosted { gnu: "riscv64-linux-gnu", qemu: "riscv64", debian: "riscv64" };
    "aarch64-unknown-linux-gnu", "aarch64", 64, "little", Hosted { gnu: "aarch64-linux-gnu", qemu: "aarch64", debian: "arm64" };
    "i686-unknown-linux-gnu", "x86", 32, "little", Hosted { gnu: "i686-linux-gnu", qemu: "i386", debian: "i386" };
    "mips-unknown-linux-gnu", "mips", 32, "big", Hosted { gnu: "mips-linux-gnu", qemu: "mips", debian: "mips" };
    "sparc64-unknown-linux-gnu", "sparc64", 64, "big", Hosted { gnu: "sparc64-linux-gnu", qemu: "sparc64", debian: "sparc64" };
    "armv7-unknown-linux-gnueabihf", "arm", 32, "little", Hosted { gnu: "arm-linux-gnueabihf", qemu: "arm", debian: "armhf" };
    "x86_64-unknown-none", "x86_64", 64, "little", Bare { emulation: "elf_x86_64", clang: &["--target=x86_64-unknown-none"], qemu: "x86_64" };
    "aarch64-unknown-none", "aarch64", 64, "little", Bare { emulation: "aarch64elf", clang: &["--target=aarch64-unknown-none"], qemu: "aarch64" };
    "riscv64gc-unknown-none-elf", "riscv64", 64, "little", Bare { emulation: "elf64lriscv", clang: &["--target=riscv64-unknown-elf", "-march=rv64gc", "-mabi=lp64d"], qemu: "riscv64" };
    "riscv32imac-unknown-none-elf", "riscv32", 32, "little", Bare { emulation: "elf32lriscv", clang: &["--target=riscv32-unknown-elf", "-march=rv32imac", "-mabi=ilp32"], qemu: "riscv32" };
    "thumbv7em-none-eabihf", "arm", 32, "little", Bare { emulation: "armelf", clang: &["--target=thumbv7em-none-eabihf"], qemu: "arm" };
};

/// The hosted targets that CI runs: building a standard library for each of the others would add minutes.
pub(crate) const CI: [&str; 3] =
    ["s390x-unknown-linux-gnu", "powerpc-unknown-linux-gnu", "riscv64gc-unknown-linux-gnu"];

/// A thing that the native engine needs, by the file that shows that it is there, and the package that brings it.
#[derive(Debug)]
pub(crate) struct Need {
    pub(crate) path: String,
    pub(crate) package: String,
}

impl Need {
    fn new(path: impl Into<String>, package: impl Into<String>) -> Self {
        Self { path: path.into(), package: package.into() }
    }

    pub(crate) fn is_missing(&self) -> bool {
        !Path::new(&self.path).exists()
    }
}

/// What every target needs: a toolchain that can build its own standard library.
pub(crate) fn toolchain_needs() -> Vec<Need> {
    vec![
        Need::new("/usr/bin/rustc", "rustc-web"),
        Need::new("/usr/bin/cargo", "cargo-web"),
        Need::new("/usr/lib/rustlib/src/rust/library/Cargo.lock", "rust-web-src"),
        // Build scripts and derive macros run here.
        Need::new("/usr/bin/cc", "gcc"),
    ]
}

impl Target {
    pub(crate) const fn is_bare(&self) -> bool {
        matches!(self.kind, Kind::Bare { .. })
    }

    /// The prefix of Debian's cross compiler, where there is an operating system.
    pub(crate) const fn gnu(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Hosted { gnu, .. } => Some(gnu),
            Kind::Bare { .. } => None,
        }
    }

    /// What compiles C for this target, where there is an operating system.
    pub(crate) fn compiler(&self) -> Option<Need> {
        self.gnu().map(|gnu| Need::new(format!("/usr/bin/{gnu}-gcc"), format!("gcc-{gnu}")))
    }

    /// What this target needs beside the toolchain.
    pub(crate) fn needs(&self) -> Vec<Need> {
        let compiler = self.compiler().into_iter();
        compiler.chain(self.runs_with()).collect()
    }

    /// What links and runs, beside compilers.
    fn runs_with(&self) -> Vec<Need> {
        match self.kind {
            Kind::Hosted { gnu, qemu, debian } => vec![
                Need::new(format!("/usr/{gnu}/lib/libc.so"), format!("libc6-dev-{debian}-cross")),
                Need::new(format!("/usr/bin/qemu-{qemu}"), "qemu-user"),
            ],
            Kind::Bare { qemu, .. } => vec![
                Need::new("/usr/bin/ld.lld", "lld"),
                Need::new("/usr/bin/clang", "clang"),
                Need::new(format!("/usr/bin/qemu-{qemu}"), "qemu-user"),
            ],
        }
    }

    /// What the tests of `tests/tests/machine.rs` are told to find, by variable.
    pub(crate) fn claims(&self) -> [(&'static str, String); 3] {
        [
            ("SWP_PTE_EXPECT_ARCH", self.arch.into()),
            ("SWP_PTE_EXPECT_POINTER_WIDTH", self.pointer_width.to_string()),
            ("SWP_PTE_EXPECT_BYTE_ORDER", self.byte_order.into()),
        ]
    }

    /// `CARGO_TARGET_<TRIPLE>_<what>`
    pub(crate) fn cargo_variable(&self, what: &str) -> String {
        format!("CARGO_TARGET_{}_{what}", self.triple.to_uppercase().replace('-', "_"))
    }
}
