//! The machines that Debian has a kernel for and qemu emulates whole.

use crate::debian::{Apart, Kernel};

/// One of them, with what starts it.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) name: &'static str,
    /// Debian's name of the architecture.
    pub(crate) debian: &'static str,
    /// The package that depends on the newest kernel.
    pub(crate) kernel: &'static str,
    /// The newest stable suite that has it.
    pub(crate) suite: &'static str,
    /// The compiler for the guest's program, and its packages.
    pub(crate) compiler: &'static str,
    pub(crate) compiler_packages: &'static str,
    pub(crate) qemu: &'static str,
    pub(crate) qemu_package: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) console: &'static str,
    /// The physical address of the first byte of memory.
    pub(crate) base: u64,
    /// qemu gives it two nodes of memory, between which pages can be moved.
    pub(crate) nodes: bool,
    /// Its firmware can carry VMCOREINFO into the dump (`fw_cfg` with DMA); without it, `walk` finds the text in memory.
    pub(crate) vmcoreinfo: bool,
    /// Memory as it is does not say that it is of this machine: `walk` is told this.
    pub(crate) unsaid: Option<&'static str>,
    /// From this release on `walk` asks for a layout, as the dump does not say which the processor has: this one.
    pub(crate) layout: Option<((u32, u32), &'static str)>,
    /// The first kernel with the exclusive marker.
    pub(crate) exclusive: (u32, u32),
    /// What its Debian kernels do not have in memory.
    pub(crate) apart: Apart,
}

/// MiB of memory of every guest. Above 256, radix tables of ppc64 and the kernels' own pages leave room everywhere.
pub(crate) const MEMORY: u64 = 512;

const X86_64: Machine = Machine {
    name: "x86_64",
    debian: "amd64",
    kernel: "linux-image-cloud-amd64",
    suite: "trixie",
    compiler: "x86_64-linux-gnu-gcc",
    compiler_packages: "gcc libc6-dev",
    qemu: "qemu-system-x86_64",
    qemu_package: "qemu-system-x86",
    arguments: &["-M", "pc", "-cpu", "qemu64"],
    console: "ttyS0",
    base: 0,
    nodes: true,
    vmcoreinfo: true,
    unsaid: None,
    layout: None,
    exclusive: (5, 19),
    apart: Apart::Nothing,
};

const I386: Machine = Machine {
    name: "i386",
    debian: "i386",
    kernel: "linux-image-686",
    suite: "bookworm",
    compiler: "i686-linux-gnu-gcc",
    compiler_packages: "gcc-i686-linux-gnu libc6-dev-i386-cross",
    qemu: "qemu-system-i386",
    qemu_package: "qemu-system-x86",
    arguments: &["-M", "pc", "-cpu", "qemu32"],
    console: "ttyS0",
    base: 0,
    nodes: false,
    vmcoreinfo: true,
    unsaid: Some("i386"),
    layout: None,
    exclusive: (6, 3),
    apart: Apart::Debug,
};

const ARM64: Machine = Machine {
    name: "arm64",
    debian: "arm64",
    kernel: "linux-image-cloud-arm64",
    suite: "trixie",
    compiler: "aarch64-linux-gnu-gcc",
    compiler_packages: "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
    qemu: "qemu-system-aarch64",
    qemu_package: "qemu-system-arm",
    arguments: &["-M", "virt", "-cpu", "cortex-a72"],
    console: "ttyAMA0",
    base: 0x4000_0000,
    nodes: true,
    vmcoreinfo: true,
    unsaid: None,
    layout: None,
    exclusive: (5, 19),
    apart: Apart::Nothing,
};

/// In the order in which they run.
pub(crate) const MACHINES: [Machine; 9] = [
    X86_64,
    Machine {
        name: "x86_64-la57",
        // With five levels.
        arguments: &["-M", "pc", "-cpu", "max"],
        ..X86_64
    },
    I386,
    Machine { name: "i386-pae", kernel: "linux-image-686-pae", unsaid: None, ..I386 },
    Machine {
        name: "s390x",
        debian: "s390x",
        kernel: "linux-image-s390x",
        suite: "trixie",
        compiler: "s390x-linux-gnu-gcc",
        compiler_packages: "gcc-s390x-linux-gnu libc6-dev-s390x-cross",
        qemu: "qemu-system-s390x",
        qemu_package: "qemu-system-misc",
        arguments: &["-M", "s390-ccw-virtio", "-cpu", "max"],
        console: "ttysclp0",
        base: 0,
        nodes: false,
        vmcoreinfo: false,
        unsaid: None,
        layout: None,
        exclusive: (5, 19),
        apart: Apart::Nothing,
    },
    ARM64,
    Machine {
        name: "arm64-16k",
        kernel: "linux-image-arm64-16k",
        // The Cortex has no pages of 16K.
        arguments: &["-M", "virt", "-cpu", "max,pauth-impdef=on"],
        // With two, to make room for what moves the guest moves also pages of which it has told.
        nodes: false,
        apart: Apart::Config,
        ..ARM64
    },
    Machine {
        name: "riscv64",
        debian: "riscv64",
        kernel: "linux-image-riscv64",
        suite: "trixie",
        compiler: "riscv64-linux-gnu-gcc",
        compiler_packages: "gcc-riscv64-linux-gnu libc6-dev-riscv64-cross",
        qemu: "qemu-system-riscv64",
        qemu_package: "qemu-system-misc opensbi",
        arguments: &["-M", "virt"],
        console: "ttyS0",
        base: 0x8000_0000,
        // qemu wants a processor for each node there.
        nodes: false,
        vmcoreinfo: false,
        // Without Svrsw60t59b, which qemu's newer processors have.
        unsaid: None,
        layout: Some(((6, 19), "riscv-rv64")),
        exclusive: (6, 3),
        apart: Apart::Nothing,
    },
    Machine {
        name: "ppc64le",
        debian: "ppc64el",
        kernel: "linux-image-powerpc64le",
        suite: "trixie",
        compiler: "powerpc64le-linux-gnu-gcc",
        compiler_packages: "gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross",
        qemu: "qemu-system-ppc64",
        qemu_package: "qemu-system-ppc qemu-slof",
        // POWER9 is the first with the radix MMU.
        arguments: &["-M", "pseries", "-cpu", "power9"],
        console: "hvc0",
        base: 0,
        nodes: true,
        vmcoreinfo: false,
        unsaid: None,
        layout: None,
        exclusive: (5, 19),
        apart: Apart::Nothing,
    },
];

impl Machine {
    /// What `walk` must be told besides the file and the process.
    pub(crate) fn told(&self, kernel: &Kernel) -> Vec<String> {
        let mut told = kernel.given.clone();
        if let Some((_, layout)) = self.layout.filter(|(since, _)| version(&kernel.release) >= *since) {
            told.extend(["--arch".to_owned(), layout.to_owned()]);
        }
        told
    }

    /// Whether a kernel's entries have the exclusive marker.
    pub(crate) fn has_exclusive(&self, release: &str) -> bool {
        version(release) >= self.exclusive
    }

    /// Whether a program of this machine, the one that qemu runs on, runs in the guest.
    pub(crate) fn runs_here(&self) -> bool {
        self.compiler.starts_with(&format!("{}-linux-", std::env::consts::ARCH))
    }

    /// The Debian packages whose programs are not here.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let tools = [
            (self.compiler, self.compiler_packages),
            (self.qemu, self.qemu_package),
            ("apt-get", "apt"),
            ("dpkg-deb", "dpkg"),
            ("xz", "xz-utils"),
        ];
        let debug = [("pahole", "pahole"), ("tar", "tar")].into_iter().filter(|_| self.apart == Apart::Debug);
        tools.into_iter().chain(debug).filter(|(program, _)| !on_path(program)).map(|(_, packages)| packages).collect()
    }
}

/// The first two numbers of a release.
fn version(release: &str) -> (u32, u32) {
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map_while(|number| number.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walk_is_told_only_what_dumps_do_not_say() {
        let told = |name: &str, release: &str| {
            let machine = MACHINES.iter().find(|machine| machine.name == name).unwrap();
            let given = if name == "i386" { vec!["--btf".to_owned()] } else { Vec::new() };
            machine.told(&Kernel { release: release.to_owned(), image: "".into(), modules: "".into(), given })
        };
        assert_eq!(told("riscv64", "7.2.13+deb14-riscv64"), ["--arch", "riscv-rv64"]);
        assert!(told("riscv64", "6.12.117+deb13-riscv64").is_empty());
        let has = |name: &str, release| MACHINES.iter().any(|one| one.name == name && one.has_exclusive(release));
        assert!(has("x86_64", "6.1.0-50-amd64") && !has("i386", "6.1.0-50-686"));
        assert_eq!(told("i386", "6.1.0-50-686"), ["--btf"]);
        assert!(told("x86_64", "7.2.13+deb14-cloud-amd64").is_empty());
    }
}
