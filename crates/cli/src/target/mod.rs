//! Which layout `--arch`, `--kernel` and `--level` mean: one place for all commands, so that all refuse the same names
//! with the same words.

mod asked;
mod name;

use std::fmt::{Display, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use swp_pte::{KernelOption, KernelVersion, Level, Release};
use swp_pte_atlas::{Assumption, Found, LookupError, Row, SECOND_FORMS, SwapTypes, find_release_at, rows_of, variants};

use crate::kconfig::{Build, BuildArgs};
use crate::reading::Reader;
use crate::{Error, output, user_layout};

pub use asked::{Asked, KernelArgs};
pub use name::{NameParser, Wanted, wanted};
pub use swp_pte_atlas::newest_measured as newest_kernel;

/// A layout, and the kernel that it is used for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The layout, with its backend.
    pub row: &'static Row,
    /// The level of the page tables that was asked for; the row's own is that of the PTE where all levels share it.
    pub level: Level,
    /// The upstream version of the kernel: of the one given, or the newest that has this layout.
    pub kernel: KernelVersion,
    /// The kernel as it was given; else that version.
    pub release: Release,
    /// Whether the kernel was assumed, because none was given.
    pub assumed: bool,
    /// How it was built.
    pub build: Build,
    /// What the record says of it.
    found: Found,
    /// The numbering that a file gives.
    own_types: Option<SwapTypes>,
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
    /// A layout of your own, as TOML: what `cargo xtask oracle --toml` writes, or docs/layout.toml
    #[arg(long = "layout", value_name = "TOML", conflicts_with_all = ["arch", "level", "vmlinux"])]
    file: Option<PathBuf>,
}

impl TargetArgs {
    /// The layout that is meant.
    ///
    /// # Errors
    /// [`Error::Usage`] without `--arch`, and as [`Target::find`] and [`KernelArgs::asked`].
    pub fn target(&self) -> Result<Target, Error> {
        let asked = self.asked()?;
        if let Some(path) = &self.file {
            return Target::of_file(path, &asked);
        }
        let arch = self.arch_of(&asked)?.ok_or_else(|| {
            let names: Vec<_> = variants().collect();
            Error::Usage(format!(
                "the word does not say which architecture it is of: give --arch, one of {}",
                names.join(", ")
            ))
        })?;
        Target::find(&arch, &asked, self.level())
    }

    /// The architecture that was given, or that of the kernel's files.
    fn arch_of(&self, asked: &Asked) -> Result<Option<Wanted>, Error> {
        match (&self.arch, &asked.facts.machine) {
            (Some(arch), _) => Ok(Some(arch.clone())),
            (None, Some(machine)) => wanted(machine.value.name()).map(Some).map_err(Error::Usage),
            (None, None) => Ok(None),
        }
    }

    /// The kernel that is asked for.
    ///
    /// # Errors
    /// As [`KernelArgs::asked`].
    pub fn asked(&self) -> Result<Asked, Error> {
        self.kernel.asked(&self.build)
    }

    /// Says on standard error what was assumed; see [`Target::say_if_assumed`].
    pub fn say_if_assumed(&self, target: &Target) {
        let exactly = Wanted::exactly(target.variant());
        target.say_if_assumed(self.arch.as_ref().unwrap_or(&exactly));
    }

    /// The architecture, if one was given or a file of the kernel tells it.
    #[must_use]
    pub const fn arch(&self) -> Option<&Wanted> {
        self.arch.as_ref()
    }

    /// Whether the architecture is known: given, at the end of the release, or that of a file of the kernel.
    #[must_use]
    pub fn names_an_arch(&self) -> bool {
        let told = |release: swp_pte::Release| swp_pte_kernel::Machine::of_release(release.as_str()).is_some();
        self.arch.is_some()
            || self.file.is_some()
            || !self.kernel.vmlinux.is_empty()
            || self.kernel.kernel.is_some_and(told)
    }

    /// The kernel, if one was given.
    #[must_use]
    pub fn kernel(&self) -> Option<KernelVersion> {
        self.kernel.kernel.map(|release| release.series())
    }

    /// The level of the page tables.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level.level()
    }
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
    /// [`Error::Usage`] if the name fits several variants, if the kernel is outside the record, or if the kernel's files
    /// contradict what is known of it.
    pub fn find(arch: &Wanted, asked: &Asked, level: Level) -> Result<Self, Error> {
        let arch = arch.narrowed(asked)?;
        let given = asked.release();
        let name = arch.variant(given.as_slice())?;
        let found = match given {
            None => {
                let row = rows_at(name, level).pop().ok_or(LookupError::UnknownVariant);
                row.map(|row| Found::upstream(row, row.layout().source.kernels.last.unwrap_or_else(newest_kernel)))
            }
            Some(release) => find_release_at(name, level, &release),
        };
        let refused = |error: LookupError| {
            // The record speaks of upstream versions.
            let whole = given.filter(|release| release.as_str() != release.series().to_string());
            let of = whole.map_or_else(String::new, |release| format!(" {release}"));
            Error::Usage(format!("{name}{of}: {error}; {}", known(name, level, &error)))
        };
        let found = seen_markers(found.map_err(refused)?, asked, level).map_err(refused)?;
        let kernel = match given {
            Some(release) => release.series(),
            None => found.row.layout().source.kernels.last.unwrap_or_else(newest_kernel),
        };
        let target = Self {
            row: found.row,
            level,
            kernel,
            release: given.unwrap_or_else(|| kernel.into()),
            assumed: given.is_none(),
            build: asked.build,
            found,
            own_types: None,
        };
        target.agrees_with(asked)?;
        Ok(target)
    }

    /// A layout of somebody's own, with the numbering of types that its file or its kernel has.
    ///
    /// # Errors
    /// A file that cannot be read, holds no layout, or names what the record does not have.
    pub fn of_file(path: &Path, asked: &Asked) -> Result<Self, Error> {
        let own = user_layout::read(path)?;
        let wrong = |why: &dyn Display| Error::Input(format!("{}: {why}", path.display()));
        if let Some(name) = own.variant().filter(|name| swp_pte_atlas::facts_of(name).is_none()) {
            return Err(wrong(&format!("variant: {name} is none that the record has")));
        }
        let (given, types, variant) =
            (asked.release().or(own.kernel()), own.types().cloned(), own.variant().map(str::to_owned));
        let kernel = given.map_or_else(newest_kernel, |release| release.series());
        let row = own.into_row();
        let of_kernel =
            given.zip(variant).and_then(|(release, variant)| find_release_at(&variant, Level::Pte, &release).ok());
        let mut found = of_kernel.unwrap_or_else(|| Found::upstream(row, kernel));
        found.row = row;
        let pfn_bits = asked.build.pfn_bits.or(row.facts().usual_pfn_bits());
        let own_types = types.map(|types| types.numbering(kernel, pfn_bits)).transpose().map_err(|why| wrong(&why))?;
        let release = given.unwrap_or_else(|| kernel.into());
        Ok(Self { row, level: Level::Pte, kernel, release, assumed: false, build: asked.build, found, own_types })
    }

    /// A layout of the record, for an upstream kernel that has it.
    #[must_use]
    pub fn of_row(row: &'static Row, level: Level, kernel: KernelVersion) -> Self {
        let found = Found::upstream(row, kernel);
        Self {
            row,
            level,
            kernel,
            release: kernel.into(),
            assumed: false,
            build: Build::default(),
            found,
            own_types: None,
        }
    }

    /// The same for another layout of the variant, and an upstream kernel that has it.
    #[must_use]
    pub fn in_era(&self, row: &'static Row, kernel: KernelVersion) -> Self {
        Self { assumed: self.assumed, build: self.build, ..Self::of_row(row, self.level, kernel) }
    }

    /// Whether what files of the kernel tell can be true of the kernel that is meant.
    fn agrees_with(&self, asked: &Asked) -> Result<(), Error> {
        let release = self.release;
        if let Some(has) = &asked.facts.anon_exclusive
            && !self.assumed
            && self.found.types.iter().all(|numbering| numbering.read_exclusive != has.value)
        {
            let (there, not) = if has.value { ("", " does not have") } else { ("no ", " has") };
            return Err(Error::Usage(format!(
                "{}: there is {there}PG_anon_exclusive, which {release}{not}, by all that the record knows: it is another \
                 kernel, or one whose vendor took the exclusive markers from elsewhere; `swp-pte kernel` shows what the file \
                 tells, and --kernel takes the upstream version that it follows",
                has.from
            )));
        }
        if let (Some(info), Some(_)) = (&asked.facts.swap_info, asked.build.max_swapfiles)
            && !self.assumed
            && self.fitting_types().is_none()
        {
            let numbers: Vec<_> = info.value.max_swapfiles().map(|number| number.to_string()).collect();
            return Err(Error::Usage(format!(
                "{}: MAX_SWAPFILES is {}, which {release} is in no configuration that was not excluded: it is another kernel, or \
                 one that numbers its types in its own way",
                info.from,
                numbers.join(" or ")
            )));
        }
        Ok(())
    }

    /// The numbering that leaves as many types to the swap files as was learned.
    fn fitting_types(&self) -> Option<SwapTypes> {
        let numbers = self.build.max_swapfiles?;
        let fits = |number: usize| numbers >> (number & 63) & 1 != 0;
        self.found.swap_types_that_fit(|option| self.build.said(option), self.build.pfn_bits, fits)
    }

    /// The variant.
    #[must_use]
    pub const fn variant(&self) -> &'static str {
        self.row.variant()
    }

    /// Whether anything is known of how the kernel was built.
    #[must_use]
    pub fn config_is_given(&self) -> bool {
        self.own_types.is_some() || self.build.config_is_given()
    }

    /// The numbering of the kernel's swap types.
    #[must_use]
    pub fn types(&self) -> SwapTypes {
        let said = |option: KernelOption| self.build.said(option);
        self.own_types
            .or_else(|| self.fitting_types())
            .unwrap_or_else(|| self.found.swap_types(said, self.build.pfn_bits))
    }

    /// Reads words as this kernel does.
    #[must_use]
    pub fn reader(&self) -> Reader {
        let page_shift = self.build.page_shift.unwrap_or(self.row.layout().page_shift);
        Reader::new(self.row, self.level, self.found.entries_of, self.types(), page_shift)
    }

    /// What the record says of the kernel.
    #[must_use]
    pub const fn found(&self) -> &Found {
        &self.found
    }

    /// What was assumed of the kernel's build, where nobody spoke of it.
    #[must_use]
    pub fn build_assumed(&self) -> String {
        let stock = self.found.stock.iter().any(|stock| stock.covers(self.variant()));
        let like = match self.release.vendor().filter(|_| stock) {
            Some(vendor) => format!("stock kernels of {vendor} are built"),
            None => "in a kernel built with all that the architecture can have".into(),
        };
        format!("types above the swap files are numbered as {like}; --config says otherwise")
    }

    /// What was assumed of a kernel that was given, and how to know better, in a line; `None` if nothing was.
    #[must_use]
    pub fn assumption(&self) -> Option<String> {
        let assumed = self.found.assumed;
        if assumed.is_empty() {
            return None;
        }
        let mut line = format!("{}: {assumed}", self.release);
        let newer = |assumption| matches!(assumption, Assumption::Newer { .. } | Assumption::Towards { .. });
        let better = if assumed.iter().all(newer) {
            "the headers of that kernel say (docs/oracle.md)"
        } else {
            "its --vmlinux and --config tell more, its headers all (docs/oracle.md)"
        };
        let _ = write!(line, "; {better}");
        Some(line)
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
            let what = format!("{} can only be {variant} in kernel {}", wanted.name(), self.release);
            output::complain("note", &what);
        }
        if self.assumed {
            let what = format!("no --kernel given: the newest layout of {variant} is assumed, kernels {kernels}");
            output::complain("note", &what);
        }
        if let Some(line) = self.assumption() {
            output::complain("note", &line);
        }
        if self.has_the_ptes_form() {
            say_ptes_form(self.level, variant);
        }
    }
}

/// A vendor's kernel of which the record knows nothing, and whose files show that it took the exclusive markers.
fn seen_markers(found: Found, asked: &Asked, level: Level) -> Result<Found, LookupError> {
    let has = asked.facts.anon_exclusive.as_ref().is_some_and(|has| has.value);
    let unknown = found.assumed.iter().any(|one| matches!(one, Assumption::Vendor { .. }));
    let without = found.types.iter().all(|numbering| !numbering.read_exclusive);
    if has && unknown && without { found.with_markers(level) } else { Ok(found) }
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
                let target = Target::find(&Wanted::exactly(name), &Asked::default(), level).unwrap();
                assert!(target.row.covers(target.kernel), "{name} {}", target.kernel);
            }
        }
    }

    #[test]
    fn only_some_have_another_form_one_level_up_and_from_its_first_kernel_on_only() {
        let mut others = Vec::new();
        for name in variants() {
            let target = Target::find(&Wanted::exactly(name), &Asked::default(), Level::Pmd).unwrap();
            if !target.has_the_ptes_form() {
                others.push(name);
            }
        }
        assert_eq!(others, ["s390", "loongarch64"]);
        let old = Asked::of("6.12".parse().unwrap());
        let before = Target::find(&Wanted::exactly("s390"), &old, Level::Pmd).unwrap_err().to_string();
        assert!(before.contains("the layouts of s390 at level pmd are known for kernels 7.2 and later"), "{before}");
    }
}
