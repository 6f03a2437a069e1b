//! The kernel's helpers, proved on this tree's machine code: for every word what the layout of the atlas says.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use swp_pte_atlas::Row;
use swp_pte_prove::bits::Bits;
use swp_pte_prove::kernel::{self, Refuted};
use swp_pte_prove::{Facts, Image, Isa, Listing, Machine, X86, patched};

use super::build::Build;
use super::variants::{Compiler, Variant};

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
    Instructions,
    Listing(Isa),
}

fn reader(variant: &Variant) -> Option<Reader> {
    let machine = variant.machine;
    Some(match (machine.arch, machine.emulation) {
        ("x86_64", _) => Reader::Instructions,
        ("arm64", _) => Reader::Listing(Isa::Arm64),
        ("s390", _) => Reader::Listing(Isa::S390),
        (_, "elf64ppc" | "elf64lppc") => Reader::Listing(Isa::Ppc64),
        (_, "elf64lriscv") => Reader::Listing(Isa::Riscv64),
        _ => return None,
    })
}

/// Builds the helpers and proves each.
pub(super) fn prove(build: &Build<'_>, variant: &Variant, row: &'static Row, markers: [bool; 3]) -> Result<Proof> {
    let Some(reader) = reader(variant) else {
        let unread = Some(format!("the code of {} is not read", variant.machine.emulation));
        return Ok(Proof { unread, ..Proof::default() });
    };
    let path = build.helpers()?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let image = Image::program(&bytes).with_context(|| format!("cannot read {}", path.display()))?;
    let machine: Box<dyn Machine> = match reader {
        Reader::Instructions => Box::new(X86),
        Reader::Listing(isa) => Box::new(Listing::parse(isa, &disassembly(variant, &path)?)),
    };
    let (layout, mut facts, bits) = (row.layout(), Facts::new(row.layout()), Bits::new());
    let mut proof = Proof::default();
    // A build without a marker has the kernel's stubs.
    for ((place, have), name) in facts.markers.iter_mut().zip(markers).zip(["exclusive", "soft-dirty", "uffd-wp"]) {
        if !have && place.take().is_some() {
            proof.assumed.push(format!("this build has no {name} marker: its helpers do nothing"));
        }
    }
    for helper in kernel::helpers(&bits, &facts) {
        proof.helpers += 1;
        if let Err(refuted) = kernel::prove(&bits, &*machine, &image, layout, &helper) {
            proof.refuted.push(*refuted);
        }
    }
    for place in patched(&bytes).with_context(|| format!("cannot read {}", path.display()))? {
        proof.assumed.push(format!(
            "{} has code that a kernel patches at boot, {} bytes into it ({}): it is as it is before that",
            place.helper, place.offset, place.section
        ));
    }
    Ok(proof)
}

/// The instructions as the machine's own binutils list them.
fn disassembly(variant: &Variant, path: &Path) -> Result<String> {
    let Compiler::Gcc(cross) = variant.machine.compiler else {
        bail!("no disassembler for {}", variant.machine.emulation);
    };
    let program = format!("{cross}objdump");
    let output = Command::new(&program).args(["-d", "--no-show-raw-insn"]).arg(path).env("LC_ALL", "C").output();
    let output = output.with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} does not read {}", path.display());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
