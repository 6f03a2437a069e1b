//! The kernel's helpers, proved on this tree's machine code: for every word what the layout of the atlas says.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use swp_pte::{Level, Release};
use swp_pte_atlas::{Row, find_release_at};
use swp_pte_prove::bits::Bits;
use swp_pte_prove::kernel::{self, Helper, Refuted};
use swp_pte_prove::{Facts, I386, Image, Isa, Listing, Machine, X86, patched, unresolved};

use super::ask::Constants;
use super::build::Build;
use super::variants::{CLANG, Compiler, Variant};

/// What became of the helpers of one build.
#[derive(Default, Debug)]
pub(super) struct Proof {
    /// How many were read.
    pub(super) helpers: usize,
    pub(super) refuted: Vec<Refuted>,
    /// Why none was: nobody here reads this machine's code.
    pub(super) unread: Option<String>,
    /// What was taken to be so, where a running kernel can have it otherwise.
    pub(super) assumed: Vec<String>,
}

impl Proof {
    /// Proves each of these, and keeps those that are not.
    fn hold(&mut self, bits: &Bits, machine: &dyn Machine, image: &Image, row: &Row, helpers: &[Helper]) {
        self.helpers += helpers.len();
        let failures = helpers.iter().filter_map(|it| kernel::prove(bits, machine, image, row.layout(), it).err());
        self.refuted.extend(failures.map(|refuted| *refuted));
    }

    /// For people.
    pub(super) fn lines(&self) -> Vec<String> {
        if let Some(reason) = &self.unread {
            return vec![format!("nothing is proved: {reason}")];
        }
        let proved = self.helpers - self.refuted.len();
        let mut lines =
            vec![format!("{proved} of {} helpers are proved: for every word what the layout says", self.helpers)];
        lines.extend(self.assumed.iter().map(|what| format!("assumed: {what}")));
        lines.extend(self.refuted.iter().map(ToString::to_string));
        lines
    }
}

/// How a machine's code is read.
enum Reader {
    /// Of x86, in 64 bits or in 32.
    Instructions,
    Instructions32,
    Listing(Isa),
}

/// By what the linker calls the program's format, which of a compiler that stands in is the host's.
fn reader(variant: &Variant) -> Option<Reader> {
    Some(match variant.machine.emulation {
        "elf_x86_64" => Reader::Instructions,
        "elf_i386" => Reader::Instructions32,
        format => Reader::Listing(match format {
            "aarch64linux" => Isa::Arm64,
            "armelf_linux_eabi" => Isa::Arm,
            "elf32btsmip" | "elf32ltsmip" => Isa::Mips,
            "elf32lriscv" => Isa::Riscv32,
            "elf32or1k" => Isa::Openrisc,
            "elf32ppc" => Isa::Ppc,
            "elf32xtensa" => Isa::Xtensa,
            "elf32_sparc" => Isa::Sparc,
            "elf64alpha" => Isa::Alpha,
            "elf64btsmip" => Isa::Mips64,
            "elf64loongarch" => Isa::Loongarch64,
            "elf64lppc" | "elf64ppc" => Isa::Ppc64,
            "elf64lriscv" => Isa::Riscv64,
            "elf64_s390" => Isa::S390,
            "elf64_sparc" => Isa::Sparc64,
            "hppalinux" => Isa::Parisc,
            "m68kelf" => Isa::M68k,
            "shlelf_linux" => Isa::Sh,
            _ => return None,
        }),
    })
}

/// Builds the helpers and proves each.
pub(super) fn prove(
    build: &Build<'_>,
    variant: &Variant,
    row: &'static Row,
    release: &Release,
    constants: &Constants,
) -> Result<Proof> {
    let Some(reader) = reader(variant) else {
        let unread = Some(format!("the code of {} is not read", variant.machine.emulation));
        return Ok(Proof { unread, ..Proof::default() });
    };
    let path = build.helpers()?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let image = Image::program(&bytes).with_context(|| format!("cannot read {}", path.display()))?;
    let machine: Box<dyn Machine> = match reader {
        Reader::Instructions => Box::new(X86),
        Reader::Instructions32 => Box::new(I386),
        Reader::Listing(isa) => Box::new(Listing::parse(isa, &disassembly(variant, &path)?)),
    };
    let bits = Bits::new();
    let mut proof = Proof::default();
    if variant.machine.stands_in() {
        let arch = variant.machine.arch;
        proof.assumed.push(format!("the host's compiler stands in for that of {arch}: it is its code that is read"));
    }
    let (mut facts, markers) = (Facts::new(row.layout()), constants.flags());
    // A build without a marker has the kernel's stubs.
    for ((place, have), name) in facts.markers.iter_mut().zip(markers).zip(["exclusive", "soft-dirty", "uffd-wp"]) {
        if !have && place.take().is_some() {
            proof.assumed.push(format!("this build has no {name} marker: its helpers do nothing"));
        }
    }
    let unseen_exclusive = row.layout().unseen_exclusive.is_some_and(|kernels| kernels.contains(release.series()));
    if unseen_exclusive {
        proof.assumed.push("is_exclusive never sees the marker, as the layout says of this kernel".into());
    }
    let type_shift = usize::try_from(constants.get("SWP_TYPE_SHIFT")?)?;
    let of = kernel::Build { width: machine.width(), type_shift, unseen_exclusive };
    let helpers = kernel::helpers(&bits, &facts, of);
    proof.hold(&bits, &*machine, &image, row, &helpers);
    // Where huge pages can be swapped; what is not in the record then, the comparison has said.
    if image.symbol("kernel__pmd_encode").is_ok()
        && let Ok(found) = find_release_at(variant.variant, Level::Pmd, release)
    {
        let mut facts = Facts::new(found.row.layout());
        for (place, have) in facts.markers.iter_mut().zip(markers) {
            place.take_if(|_| !have);
        }
        let helpers = kernel::pmd_helpers(&bits, &facts, machine.width());
        proof.hold(&bits, &*machine, &image, found.row, &helpers);
    }
    for (helper, section) in patched(&bytes).with_context(|| format!("cannot read {}", path.display()))? {
        let what = if section == "__jump_table" { "a static branch" } else { "code" };
        proof.assumed.push(format!("{helper}: {what} that a kernel patches at boot ({section}) is as it was compiled"));
    }
    let object = build.helpers_object();
    let object = fs::read(&object).with_context(|| format!("cannot read {}", object.display()))?;
    for (helper, symbol) in unresolved(&object).with_context(|| format!("cannot read {}", path.display()))? {
        // What the compiler's own library has is code like any other.
        if image.symbol(&symbol).is_err() {
            proof.assumed.push(format!("{helper}: {symbol}, which is the rest of the kernel's, is at address 0"));
        }
    }
    Ok(proof)
}

/// The instructions as the machine's own binutils list them.
fn disassembly(variant: &Variant, path: &Path) -> Result<String> {
    let program = match variant.machine.compiler {
        Compiler::Gcc(cross) => format!("{cross}objdump"),
        Compiler::Clang(_) => format!("llvm-objdump-{CLANG}"),
        Compiler::StandIn { .. } => bail!("no disassembler for {}", variant.machine.emulation),
    };
    let output = Command::new(&program).args(["-d", "--no-show-raw-insn"]).arg(path).env("LC_ALL", "C").output();
    let output = output.with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} does not read {}", path.display());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
