//! Which layout `--arch`, `--kernel` and `--level` mean: one place for all commands, so that all refuse the same names
//! with the same words.

mod name;

use clap::ValueEnum;
use swp_pte::{KernelVersion, Level};
use swp_pte_atlas::{LookupError, ROWS, Row, SECOND_FORMS, SwapTypes, find_at, rows_of, variants};

use crate::kconfig::{Build, BuildArgs};
use crate::{Error, output};

pub use name::{NameParser, Wanted, wanted};

/// A layout, and the kernel that it is used for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The layout, with its backend.
    pub row: &'static Row,
    /// The level of the page tables that was asked for; the row's own is that of the PTE where all levels share it.
    pub level: Level,
    /// The kernel: the one given, or the newest that has this layout.
    pub kernel: KernelVersion,
    /// Whether the kernel was assumed, because none was given.
    pub assumed: bool,
    /// How it was built.
    pub build: Build,
}

/// The option `--kernel`, alike for all commands.
#[derive(Clone, Debug, clap::Args)]
pub struct KernelArgs {
    /// The kernel, as `uname -r` prints it [default: the newest layout]
    #[arg(long, value_name = "X.Y")]
    pub kernel: Option<KernelVersion>,
}

/// The option `--level`, alike for all commands that have it.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct LevelArgs {
    /// The level of the page tables that the word is of
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t)]
    level: LevelName,
}

/// The levels by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum LevelName {
    /// The lowest, an entry for a page
    #[default]
    Pte,
    /// The next, an entry for a huge page
    Pmd,
}

impl LevelArgs {
    /// The level.
    #[must_use]
    pub const fn level(self) -> Level {
        match self.level {
            LevelName::Pte => Level::Pte,
            LevelName::Pmd => Level::Pmd,
        }
    }
}

/// The options `--arch`, `--kernel` and `--level`, and those about the kernel's build.
#[derive(Clone, Debug, clap::Args)]
pub struct TargetArgs {
    /// The architecture, or the variant of it: `swp-pte atlas` lists them
    #[arg(long, value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    arch: Option<Wanted>,
    #[command(flatten)]
    kernel: KernelArgs,
    #[command(flatten)]
    level: LevelArgs,
    #[command(flatten)]
    build: BuildArgs,
}

impl TargetArgs {
    /// The layout that is meant.
    ///
    /// # Errors
    /// [`Error::Usage`] without `--arch`, and as [`Target::find`].
    pub fn target(&self) -> Result<Target, Error> {
        let arch = self.arch.as_ref().ok_or_else(|| {
            let names: Vec<_> = variants().collect();
            Error::Usage(format!(
                "the word does not say which architecture it is of: give --arch, one of {}",
                names.join(", ")
            ))
        })?;
        let target = Target::find(arch, self.kernel.kernel, self.level())?;
        Ok(Target { build: self.build.build(), ..target })
    }

    /// Says on standard error what was assumed; see [`Target::say_if_assumed`].
    pub fn say_if_assumed(&self, target: &Target) {
        if let Some(arch) = &self.arch {
            target.say_if_assumed(arch);
        }
    }

    /// The architecture, if one was given.
    #[must_use]
    pub const fn arch(&self) -> Option<&Wanted> {
        self.arch.as_ref()
    }

    /// The kernel, if one was given.
    #[must_use]
    pub const fn kernel(&self) -> Option<KernelVersion> {
        self.kernel.kernel
    }

    /// The level of the page tables.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level.level()
    }

    /// How the kernel was built.
    #[must_use]
    pub fn build(&self) -> Build {
        self.build.build()
    }
}

/// The newest kernel of the record: the newest whose headers were measured.
#[must_use]
pub fn newest_kernel() -> KernelVersion {
    let measured = ROWS.iter().flat_map(|row| row.layout().source.measured);
    measured.copied().max().unwrap_or(KernelVersion::new(0, 0))
}

/// The layouts of a variant at a level, oldest first: those of a second form where the record has one, else those of the
/// PTE, which all levels share.
#[must_use]
pub fn rows_at(variant: &str, level: Level) -> Vec<&'static Row> {
    let form = |row: &&Row| row.variant() == variant && row.layout().source.level == level;
    let forms: Vec<_> = SECOND_FORMS.iter().filter(form).collect();
    if forms.is_empty() { rows_of(variant).collect() } else { forms }
}

impl Target {
    /// The layout of a variant in a kernel at a level of the page tables; without a kernel the newest one.
    ///
    /// # Errors
    /// [`Error::Usage`] if the name fits several variants, or if the kernel is outside the record.
    pub fn find(wanted: &Wanted, kernel: Option<KernelVersion>, level: Level) -> Result<Self, Error> {
        let name = wanted.variant(kernel.as_slice())?;
        let (row, assumed) = match kernel {
            None => (rows_at(name, level).pop().ok_or(LookupError::UnknownVariant), true),
            Some(kernel) => (find_at(name, level, kernel), false),
        };
        let row = row.map_err(|error| Error::Usage(format!("{name}: {error}; {}", known(name, level, &error))))?;
        let kernel = kernel.or(row.layout().source.kernels.last).unwrap_or_else(newest_kernel);
        Ok(Self { row, level, kernel, assumed, build: Build::default() })
    }

    /// The variant.
    #[must_use]
    pub const fn variant(&self) -> &'static str {
        self.row.variant()
    }

    /// The numbering of the kernel's swap types.
    #[must_use]
    pub fn types(&self) -> SwapTypes {
        SwapTypes::new(self.kernel, self.build.config(self.row.variant(), self.kernel))
    }

    /// Whether the record has no form of an entry for the level that was asked for, so that the PTE's is used.
    #[must_use]
    pub fn has_the_ptes_form(&self) -> bool {
        self.row.layout().source.level != self.level
    }

    /// Says on standard error what was assumed, if anything was: the variant that a name means in this kernel, the kernel,
    /// or the form of an entry. To be called once.
    pub fn say_if_assumed(&self, wanted: &Wanted) {
        let (variant, kernels) = (self.variant(), self.row.layout().source.kernels);
        if wanted.is_ambiguous() {
            let what = format!("{} can only be {variant} in kernel {}", wanted.name(), self.kernel);
            output::complain("note", &what);
        }
        if self.assumed {
            let what = format!("no --kernel given: the newest layout of {variant} is assumed, kernels {kernels}");
            output::complain("note", &what);
        }
        if self.has_the_ptes_form() {
            say_ptes_form(self.level, variant);
        }
    }
}

/// Says that there is no other form of an entry at a level.
pub fn say_ptes_form(level: Level, variants: &str) {
    let what =
        format!("the record has no other form of an entry at level {level} for {variants}: that of the PTE is used");
    output::complain("note", &what);
}

/// What to do about a kernel that is not in the record.
fn known(variant: &str, level: Level, error: &LookupError) -> String {
    let eras: Vec<_> = rows_at(variant, level).into_iter().map(|row| row.layout().source.kernels.to_string()).collect();
    let at = if level == Level::Pte { String::new() } else { format!(" at level {level}") };
    match error {
        LookupError::Uncertain { .. } => format!("--kernel takes one of its layouts: {}", eras.join("; ")),
        _ => format!("the layouts of {variant}{at} are known for kernels {}", eras.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_newest_layout_has_its_kernel() {
        for name in variants() {
            for level in [Level::Pte, Level::Pmd] {
                let target = Target::find(&Wanted::exactly(name), None, level).unwrap();
                assert!(target.row.covers(target.kernel), "{name} {}", target.kernel);
            }
        }
    }

    #[test]
    fn only_some_have_another_form_one_level_up_and_from_its_first_kernel_on_only() {
        let mut others = Vec::new();
        for name in variants() {
            let target = Target::find(&Wanted::exactly(name), None, Level::Pmd).unwrap();
            if !target.has_the_ptes_form() {
                others.push(name);
            }
        }
        assert_eq!(others, ["s390", "loongarch64"]);
        let before = Target::find(&Wanted::exactly("s390"), "6.12".parse().ok(), Level::Pmd).unwrap_err().to_string();
        assert!(before.contains("the layouts of s390 at level pmd are known for kernels 7.2 and later"), "{before}");
    }
}
