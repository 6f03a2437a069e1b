//! The machines that Debian has a kernel for and qemu emulates whole.

/// One of them, with what starts it.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) name: &'static str,
    /// Debian's name of the architecture.
    pub(crate) debian: &'static str,
    /// The package that depends on the newest kernel.
    pub(crate) kernel: &'static str,
    /// The compiler for the guest's program, and its packages.
    pub(crate) compiler: &'static str,
    pub(crate) compiler_packages: &'static str,
    pub(crate) qemu: &'static str,
    pub(crate) qemu_package: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) console: &'static str,
    /// The physical address of the first byte of memory.
    pub(crate) base: u64,
    /// Its firmware can carry VMCOREINFO into the dump (`fw_cfg` with DMA); without it, `walk` finds the text in memory.
    pub(crate) vmcoreinfo: bool,
    /// From this release on `walk` asks for a layout, as the dump does not say which the processor has: this one.
    pub(crate) layout: Option<((u32, u32), &'static str)>,
}

/// MiB of memory of every guest. Above 256, radix tables of ppc64 and the kernels' own pages leave room everywhere.
pub(crate) const MEMORY: u64 = 512;

/// In the order in which they run.
pub(crate) const MACHINES: [Machine; 5] = [
    Machine {
        name: "x86_64",
        debian: "amd64",
        kernel: "linux-image-cloud-amd64",
        compiler: "x86_64-linux-gnu-gcc",
        compiler_packages: "gcc libc6-dev",
        qemu: "qemu-system-x86_64",
        qemu_package: "qemu-system-x86",
        arguments: &["-M", "pc,memory-backend=memory", "-cpu", "qemu64"],
        console: "ttyS0",
        base: 0,
        vmcoreinfo: true,
        layout: None,
    },
    Machine {
        name: "s390x",
        debian: "s390x",
        kernel: "linux-image-s390x",
        compiler: "s390x-linux-gnu-gcc",
        compiler_packages: "gcc-s390x-linux-gnu libc6-dev-s390x-cross",
        qemu: "qemu-system-s390x",
        qemu_package: "qemu-system-misc",
        arguments: &["-M", "s390-ccw-virtio,memory-backend=memory", "-cpu", "max"],
        console: "ttysclp0",
        base: 0,
        vmcoreinfo: false,
        layout: None,
    },
    Machine {
        name: "arm64",
        debian: "arm64",
        kernel: "linux-image-cloud-arm64",
        compiler: "aarch64-linux-gnu-gcc",
        compiler_packages: "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
        qemu: "qemu-system-aarch64",
        qemu_package: "qemu-system-arm",
        arguments: &["-M", "virt,memory-backend=memory", "-cpu", "cortex-a72"],
        console: "ttyAMA0",
        base: 0x4000_0000,
        vmcoreinfo: true,
        layout: None,
    },
    Machine {
        name: "riscv64",
        debian: "riscv64",
        kernel: "linux-image-riscv64",
        compiler: "riscv64-linux-gnu-gcc",
        compiler_packages: "gcc-riscv64-linux-gnu libc6-dev-riscv64-cross",
        qemu: "qemu-system-riscv64",
        qemu_package: "qemu-system-misc opensbi",
        arguments: &["-M", "virt,memory-backend=memory"],
        console: "ttyS0",
        base: 0x8000_0000,
        vmcoreinfo: false,
        // Without Svrsw60t59b, which qemu's newer processors have.
        layout: Some(((6, 19), "riscv-rv64")),
    },
    Machine {
        name: "ppc64le",
        debian: "ppc64el",
        kernel: "linux-image-powerpc64le",
        compiler: "powerpc64le-linux-gnu-gcc",
        compiler_packages: "gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross",
        qemu: "qemu-system-ppc64",
        qemu_package: "qemu-system-ppc qemu-slof",
        // POWER9 is the first with the radix MMU.
        arguments: &["-M", "pseries,memory-backend=memory", "-cpu", "power9"],
        console: "hvc0",
        base: 0,
        vmcoreinfo: false,
        layout: None,
    },
];

impl Machine {
    /// What `walk` must be told besides the file and the process.
    pub(crate) fn told(&self, release: &str) -> Vec<String> {
        let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map_while(|number| number.parse::<u32>().ok());
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        match self.layout {
            Some((since, layout)) if version >= since => vec!["--arch".to_owned(), layout.to_owned()],
            _ => Vec::new(),
        }
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
        tools.iter().filter(|(program, _)| !on_path(program)).map(|&(_, packages)| packages).collect()
    }
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walk_is_told_only_what_dumps_do_not_say() {
        let told = |name: &str, release| MACHINES.iter().find(|machine| machine.name == name).unwrap().told(release);
        assert_eq!(told("riscv64", "7.2.13+deb14-riscv64"), ["--arch", "riscv-rv64"]);
        assert!(told("riscv64", "6.12.117+deb13-riscv64").is_empty());
        assert!(told("x86_64", "7.2.13+deb14-cloud-amd64").is_empty());
    }
}
