//! Plants mistakes in a copy of the sources, each in another layout, and demands that each is refuted and nothing else is: a
//! proof that never fails would be none.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail, ensure};
use swp_pte_prove::{Failure, Image, broken, functions};
use xtask_shared::files;

use crate::build;

/// A mistake: what is changed where, and what must be refuted for it.
struct Fault {
    about: &'static str,
    file: &'static str,
    changes: &'static [(&'static str, &'static str)],
    /// The layout, as the functions are named.
    module: &'static str,
    /// One of its functions that must be refuted.
    function: &'static str,
}

const SKELETON: &str = "crates/core/src/backend.rs";

const FAULTS: [Fault; 9] = [
    Fault {
        about: "one bit is wrong, for one entry of 2^55",
        file: SKELETON,
        changes: &[(
            "Ok(Self::pack(index))",
            "let one = LAYOUT.source.variant.len() == 5 && LAYOUT.uffd_wp.is_some() && index == 0x0012_3456_789a_bcde;\n                \
             Ok(Self::pack(index ^ (one as u64) << 7))",
        )],
        module: "arm64__since_6_10",
        function: "encode",
    },
    Fault {
        about: "a bit of the offset is not inverted",
        file: SKELETON,
        changes: &[(
            "const INVERSION: u64 = Self::READ_INVERSION & Self::MAX_OFFSET;",
            "const INVERSION: u64 = Self::READ_INVERSION & Self::MAX_OFFSET\n                \
             & !(((LAYOUT.source.variant.len() == 6 && LAYOUT.exclusive.is_some()) as u64) << 10);",
        )],
        module: "x86_64__since_5_19",
        function: "encode",
    },
    Fault {
        about: "clearing one marker clears another",
        file: "crates/arch/s390/src/since_5_19.rs",
        changes: &[
            ("    exclusive: bool,", "    own: bool,"),
            (
                "const LAYOUT: Layout<'static>",
                "impl Raw {\n    const fn exclusive(self) -> bool {\n        self.own()\n    }\n\n    \
                 const fn with_exclusive(self, exclusive: bool) -> Self {\n        \
                 self.with_own(exclusive).with_soft_dirty(self.soft_dirty() & exclusive)\n    }\n}\n\n\
                 const LAYOUT: Layout<'static>",
            ),
        ],
        module: "s390__since_5_19",
        function: "clear_exclusive",
    },
    Fault {
        about: "a pattern of present is forgotten",
        file: "crates/arch/ppc/src/book3s64_4k/since_5_19.rs",
        changes: &[("raw.leaf() & (raw.present() | raw.invalid())", "raw.leaf() & raw.present()")],
        module: "ppc_book3s64_4k__since_5_19",
        function: "kind",
    },
    Fault {
        about: "one entry of 2^45 gets the offset of its neighbour",
        file: "crates/arch/loongarch/src/since_6_3.rs",
        changes: &[
            ("    swp_offset: u64,", "    own: u64,"),
            (
                "const LAYOUT: Layout<'static>",
                "impl Raw {\n    const SWP_OFFSET_OFFSET: usize = Self::OWN_OFFSET;\n    \
                 const SWP_OFFSET_BITS: usize = Self::OWN_BITS;\n\n    \
                 const fn swp_offset(self) -> u64 {\n        self.own()\n    }\n\n    \
                 const fn with_swp_offset(self, offset: u64) -> Self {\n        \
                 let one = self.swp_type() == 19 && offset == 0x5a_1234_5678;\n        \
                 self.with_own(offset ^ one as u64)\n    }\n}\n\n\
                 const LAYOUT: Layout<'static>",
            ),
        ],
        module: "loongarch64__since_6_3",
        function: "encode",
    },
    Fault {
        about: "one word of 2^64 is present",
        file: "crates/arch/mips/src/mips32_xpa/since_6_3.rs",
        changes: &[(
            "present: |raw| raw.present();",
            "present: |raw| raw.present() | (raw.into_bits() == 0x0123_4560_0200_0000);",
        )],
        module: "mips32_xpa__since_6_3",
        function: "kind",
    },
    Fault {
        about: "none is decoded",
        file: "crates/arch/riscv/src/rv32/since_6_3.rs",
        changes: &[("none: |raw| raw.into_bits() == 0;", "none: |raw| (raw.into_bits() == 0) & raw.present();")],
        module: "riscv_rv32__since_6_3",
        function: "decode",
    },
    Fault {
        about: "a marker cannot be set if the offset has certain bits",
        file: "crates/arch/parisc/src/parisc32/since_6_4.rs",
        changes: &[
            ("    exclusive: bool,", "    own: bool,"),
            (
                "const LAYOUT: Layout<'static>",
                "impl Raw {\n    const fn exclusive(self) -> bool {\n        self.own()\n    }\n\n    \
                 const fn with_exclusive(self, exclusive: bool) -> Self {\n        \
                 self.with_own(exclusive & (self.offset_high() != 0x2a_aaaa))\n    }\n}\n\n\
                 const LAYOUT: Layout<'static>",
            ),
        ],
        module: "parisc32__since_6_4",
        function: "mk_exclusive",
    },
    Fault {
        about: "one entry of 2^27 gets the offset of its neighbour",
        file: "crates/arch/hexagon/src/since_6_3.rs",
        changes: &[(
            "let low = offset & ((1 << Self::OFFSET_LOW_BITS) - 1);",
            "let low = offset & ((1 << Self::OFFSET_LOW_BITS) - 1)\n            \
             ^ (offset == 0x2_b3c5 && self.swp_type() == 21) as u64;",
        )],
        module: "hexagon__since_6_3",
        function: "encode",
    },
];

pub(super) fn run() -> Result<()> {
    let folder = files::root().join("target").join("prove-planted");
    let tree = folder.join("sources");
    plant(&tree)?;
    let objects = build::BUILDS[0].compile_in(&tree, &folder.join("target"))?;
    let image = Image::link(&objects).context("cannot link what was compiled")?;
    let failures = crate::prove(&image, &functions());
    let mut missed = Vec::new();
    for fault in &FAULTS {
        let symbol = format!("{}__{}", fault.module, fault.function);
        match failures.iter().find(|failure| failure.function == symbol && !failure.test.is_empty()) {
            Some(failure) => println!("planted: {}, refuted:\n{failure}\n", fault.about),
            None => missed.push(format!("{symbol} is proved although {}", fault.about)),
        }
    }
    let known = |failure: &&Failure| FAULTS.iter().any(|fault| failure.function.starts_with(fault.module));
    missed.extend(
        failures.iter().filter(|failure| !known(failure)).map(|failure| format!("nothing was planted in {failure}")),
    );
    println!(
        "planted: {} mistakes, {} refuted; {} of {} functions are not as the layouts say",
        FAULTS.len(),
        FAULTS.len().saturating_sub(missed.len()),
        failures.len(),
        functions().len()
    );
    missed.extend(instructions()?);
    if missed.is_empty() { Ok(()) } else { bail!("{}", missed.join("\nerror: ")) }
}

/// Turns what each instruction leaves, of the code that is proved as users have it, and gives those that nobody noticed.
fn instructions() -> Result<Vec<String>> {
    let image = Image::link(&build::BUILDS[0].compile()?).context("cannot link what was compiled")?;
    let started = Instant::now();
    let all = broken(&image, &functions()).map_err(|failure| anyhow!("{failure}"))?;
    let missed: Vec<_> =
        all.iter().filter(|it| it.noticed.is_none()).map(|it| format!("not noticed: {it:?}")).collect();
    println!(
        "instructions: {} of {} mistakes in what they leave refuted in {:.1} s",
        all.len() - missed.len(),
        all.len(),
        started.elapsed().as_secs_f64()
    );
    ensure!(all.len() >= 2 * 20, "{} is no list of all instructions", all.len());
    Ok(missed)
}

/// A copy of the sources with the mistakes in it.
fn plant(tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree).with_context(|| format!("cannot remove {}", tree.display()))?;
    }
    for path in files::below(&files::root(), &["rs", "toml", "md", "lock"])? {
        let to = tree.join(path.strip_prefix(files::root())?);
        let mut text = files::read(&path)?;
        for fault in FAULTS.iter().filter(|fault| files::root().join(fault.file) == path) {
            for (before, after) in fault.changes {
                ensure!(text.matches(before).count() == 1, "{} does not have {before:?} once", fault.file);
                text = text.replace(before, after);
            }
        }
        fs::create_dir_all(to.parent().unwrap_or(tree))?;
        fs::write(&to, text).with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(())
}
