//! An architecture as compilers and emulators see it.

use std::fs;
use std::path::Path;

use swp_pte::KernelVersion;

use crate::tree::Tree;

/// What builds a kernel's answers, and what runs them.
#[derive(Debug)]
pub(crate) struct Machine {
    /// As in the atlas.
    pub(crate) arch: &'static str,
    /// The kernel's `ARCH`.
    pub(crate) kernel_arch: &'static str,
    /// The folder below `arch/`.
    pub(crate) folder: &'static str,
    pub(crate) compiler: Compiler,
    /// What the linker calls the program's format.
    pub(crate) emulation: &'static str,
    /// Whose system calls the program makes, as `calls.h` has it.
    pub(crate) runs_on: &'static str,
    /// The program that runs it, with its arguments; nothing where the machine itself does.
    pub(crate) emulator: &'static [&'static str],
    /// Flags that keep a compiled function free of what only a kernel has: thunks to return through.
    pub(crate) flags: &'static [&'static str],
    /// Flags with which its headers compile where no build of the kernel recorded them; `None` if nobody tried.
    pub(crate) headers: Option<&'static [&'static str]>,
    /// A header that the compiler does not accept, in some trees.
    pub(crate) mend: Option<Mend>,
    /// What the linker must know beyond the format: where a program may lie.
    pub(crate) link: &'static [&'static str],
}

/// Something outside the swap path in a header of a released kernel, with which it does not compile, or not by this
/// compiler: the build includes a copy without it, and the vector files say so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mend {
    /// The only series that has it.
    pub(crate) kernel: KernelVersion,
    /// Below `arch/FOLDER/include`.
    pub(crate) file: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) right: &'static str,
}

/// What compiles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Compiler {
    /// gcc for the architecture: the prefix of its programs.
    Gcc(&'static str),
    /// clang, for this target.
    Clang(&'static str),
    /// The host's gcc, for want of one that compiles for the architecture and of a program that runs it: the bits are
    /// right as far as headers are plain C, and the order of bytes in memory is not to be had.
    StandIn {
        /// As wide as the architecture's words: 32 or 64.
        bits: u32,
        /// What the architecture's own compiler defines and its headers ask for, as flags.
        defines: &'static [&'static str],
    },
}

/// The release of clang in Debian whose programs are asked for by their full names, as `clang-19`.
pub(crate) const CLANG: &str = "19";

/// The programs that a kernel build wants beside the compiler.
pub(crate) const BINUTILS: [&str; 7] = ["ld", "nm", "ar", "objcopy", "objdump", "readelf", "strip"];

impl Machine {
    /// Nothing measured with it says how words lie in memory.
    pub(crate) const fn stands_in(&self) -> bool {
        matches!(self.compiler, Compiler::StandIn { .. })
    }

    /// The compiler's program.
    pub(crate) fn program(&self) -> String {
        match self.compiler {
            Compiler::Gcc(cross) => format!("{cross}gcc"),
            Compiler::Clang(_) => format!("clang-{CLANG}"),
            Compiler::StandIn { .. } => "gcc".into(),
        }
    }

    /// The linker's program.
    pub(crate) fn linker(&self) -> String {
        match self.compiler {
            Compiler::Gcc(cross) => format!("{cross}ld"),
            Compiler::Clang(_) => format!("ld.lld-{CLANG}"),
            Compiler::StandIn { .. } => "ld".into(),
        }
    }

    /// The programs of the build, each with its Debian package.
    pub(crate) fn programs(&self) -> Vec<(String, String)> {
        let mut programs = match self.compiler {
            // Its package brings the linker along, and has its prefix for a name; of this one Debian leaves the end out.
            Compiler::Gcc("xtensa-lx106-elf-") => vec![(self.program(), "gcc-xtensa-lx106".into())],
            Compiler::Gcc(cross) => vec![(self.program(), format!("gcc-{cross}").trim_end_matches('-').to_owned())],
            Compiler::Clang(_) => vec![
                (self.program(), self.program()),
                (self.linker(), format!("lld-{CLANG}")),
                (format!("llvm-nm-{CLANG}"), format!("llvm-{CLANG}")),
            ],
            Compiler::StandIn { .. } => vec![(self.program(), "gcc".into())],
        };
        programs.extend(self.emulator.first().map(|qemu| ((*qemu).into(), "qemu-user".into())));
        programs
    }

    /// The header of this tree that has it, relative to its top, and its text without it.
    pub(crate) fn mended(&self, tree: &Tree) -> Option<(String, String)> {
        let series = KernelVersion::new(tree.version.major, tree.version.minor);
        let mend = self.mend.filter(|mend| mend.kernel == series)?;
        let path = format!("arch/{}/include/{}", self.folder, mend.file);
        let text = fs::read_to_string(tree.path.join(&path)).ok()?;
        text.contains(mend.wrong).then(|| (path, text.replace(mend.wrong, mend.right)))
    }

    /// What the tree calls the architecture: trees that have no `ARCH` of its own for one of two word sizes tell them apart by
    /// the defconfig.
    pub(crate) fn kernel_arch(&self, tree: &Path) -> &'static str {
        let own = format!("ifeq ($(ARCH),{})", self.kernel_arch);
        let known = || fs::read_to_string(tree.join("Makefile")).is_ok_and(|makefile| makefile.contains(&own));
        if tree.join("arch").join(self.kernel_arch).is_dir() || known() { self.kernel_arch } else { self.folder }
    }

    /// What `make` is told of the compiler; the stand-ins lie in a folder of their own.
    pub(crate) fn make(&self, stand_ins: &Path) -> Vec<String> {
        match self.compiler {
            Compiler::Gcc(cross) => vec![format!("CROSS_COMPILE={cross}")],
            Compiler::Clang(target) => {
                // By name: LLVM=-19 is not known to every tree that clang can compile.
                let tools = BINUTILS.iter().filter(|tool| **tool != "ld");
                let mut make = vec![
                    format!("CROSS_COMPILE={target}-"),
                    format!("CC={}", self.program()),
                    format!("LD={}", self.linker()),
                    // Its own assembler: trees before 5.15 would look for another.
                    "LLVM_IAS=1".into(),
                ];
                make.extend(tools.map(|tool| format!("{}=llvm-{tool}-{CLANG}", tool.to_uppercase())));
                make
            }
            Compiler::StandIn { .. } => {
                vec![format!("CROSS_COMPILE={}/{}-", stand_ins.display(), self.kernel_arch)]
            }
        }
    }
}
