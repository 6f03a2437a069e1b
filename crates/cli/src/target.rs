//! Which layout `--arch` and `--kernel` mean: one place for all commands, so that all refuse the same names with the
//! same words.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use swp_pte::KernelVersion;
use swp_pte_atlas::{LookupError, ROWS, Row, SwapTypes, find, newest, rows_of, variants};

use crate::kconfig::{Build, BuildArgs};
use crate::{Error, output};

/// The name of a variant, as the atlas has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variant(&'static str);

impl Variant {
    /// `ppc-book3s64-4k`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// Other names of an architecture that has one variant: what `uname -m` prints, and what distributions say.
const SYNONYMS: [(&str, &str); 5] =
    [("amd64", "x86_64"), ("x86-64", "x86_64"), ("x64", "x86_64"), ("aarch64", "arm64"), ("s390x", "s390")];

/// How alike two names must be for one to be offered in place of the other, 0 to 1.
const ALIKE: f64 = 0.7;

/// Looks a variant up by its name, or by a name of an architecture that has just one.
///
/// # Errors
/// Why there is none, with the names that could have been meant.
pub fn variant(name: &str) -> Result<Variant, String> {
    let name = name.trim();
    let synonym = SYNONYMS.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, name)| *name);
    let wanted = synonym.unwrap_or(name);
    if let Some(variant) = variants().find(|variant| variant.eq_ignore_ascii_case(wanted)) {
        return Ok(Variant(variant));
    }
    let of_arch: Vec<_> =
        variants().filter(|variant| rows_of(variant).any(|row| row.layout().source.arch == wanted)).collect();
    match of_arch.as_slice() {
        [] => {}
        [one] => return Ok(Variant(one)),
        several => return Err(format!("{name} has several layouts: one of {}", several.join(", "))),
    }
    let mut near: Vec<_> = variants()
        .map(|variant| {
            let part = variant.contains(wanted) || variant.split('-').any(|part| wanted.contains(part));
            (if part && !wanted.is_empty() { 1.0 } else { strsim::jaro_winkler(wanted, variant) }, variant)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names = |names: Vec<&str>| names.join(", ");
    Err(if near.is_empty() {
        format!("there is no such architecture; there are {}", names(variants().collect()))
    } else {
        format!("there is no such architecture; near it are {}", names(near.iter().map(|(_, name)| *name).collect()))
    })
}

/// Lets clap check a name, and shells complete it.
#[derive(Clone, Copy, Debug)]
pub struct VariantParser;

impl TypedValueParser for VariantParser {
    type Value = Variant;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let value = value.to_string_lossy();
        variant(&value).map_err(|why| {
            let name = arg.map_or_else(|| "argument".to_owned(), ToString::to_string);
            let message = format!("invalid value '{value}' for '{name}': {why}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(variants().map(PossibleValue::new)))
    }
}

/// A layout, and the kernel that it is used for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The layout, with its backend.
    pub row: &'static Row,
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

/// The options `--arch` and `--kernel`, and those about the kernel's build.
#[derive(Clone, Debug, clap::Args)]
pub struct TargetArgs {
    /// The architecture, or the variant of it: `swp-pte atlas` lists them
    #[arg(long, value_name = "VARIANT", value_parser = VariantParser, hide_possible_values = true)]
    arch: Option<Variant>,
    #[command(flatten)]
    kernel: KernelArgs,
    #[command(flatten)]
    build: BuildArgs,
}

impl TargetArgs {
    /// The layout that is meant.
    ///
    /// # Errors
    /// [`Error::Usage`] without `--arch`, and as [`Target::find`].
    pub fn target(&self) -> Result<Target, Error> {
        let arch = self.arch.ok_or_else(|| {
            let names: Vec<_> = variants().collect();
            Error::Usage(format!(
                "the word does not say which architecture it is of: give --arch, one of {}",
                names.join(", ")
            ))
        })?;
        let target = Target::find(arch, self.kernel.kernel)?;
        Ok(Target { build: self.build.build(), ..target })
    }

    /// The variant, if one was given.
    #[must_use]
    pub const fn arch(&self) -> Option<Variant> {
        self.arch
    }

    /// The kernel, if one was given.
    #[must_use]
    pub const fn kernel(&self) -> Option<KernelVersion> {
        self.kernel.kernel
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

impl Target {
    /// The layout of a variant in a kernel; without a kernel the newest layout of the variant.
    ///
    /// # Errors
    /// [`Error::Usage`] if the kernel is outside the record.
    pub fn find(variant: Variant, kernel: Option<KernelVersion>) -> Result<Self, Error> {
        let name = variant.name();
        match kernel {
            None => {
                let row = newest(name).map_err(|error| Error::Usage(format!("{name}: {error}")))?;
                let kernel = row.layout().source.kernels.last.unwrap_or_else(newest_kernel);
                Ok(Self { row, kernel, assumed: true, build: Build::default() })
            }
            Some(kernel) => match find(name, kernel) {
                Ok(row) => Ok(Self { row, kernel, assumed: false, build: Build::default() }),
                Err(error) => Err(Error::Usage(format!("{name}: {error}; {}", known(name, &error)))),
            },
        }
    }

    /// The variant.
    #[must_use]
    pub const fn variant(&self) -> Variant {
        Variant(self.row.variant())
    }

    /// The numbering of the kernel's swap types.
    #[must_use]
    pub fn types(&self) -> SwapTypes {
        SwapTypes::new(self.kernel, self.build.config(self.row.variant(), self.kernel))
    }

    /// Says on standard error which kernel was assumed, if one was. To be called once.
    pub fn say_if_assumed(&self) {
        if self.assumed {
            let kernels = self.row.layout().source.kernels;
            let variant = self.row.variant();
            let what = format!("no --kernel given: the newest layout of {variant} is assumed, kernels {kernels}");
            output::complain("note", &what);
        }
    }
}

/// What to do about a kernel that is not in the record.
fn known(variant: &str, error: &LookupError) -> String {
    let eras: Vec<_> = rows_of(variant).map(|row| row.layout().source.kernels.to_string()).collect();
    match error {
        LookupError::Uncertain { .. } => format!("--kernel takes one of its layouts: {}", eras.join("; ")),
        _ => format!("the layouts of {variant} are known for kernels {}", eras.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_synonyms() {
        for (name, found) in
            [("x86_64", "x86_64"), ("aarch64", "arm64"), ("S390X", "s390"), ("riscv-rv32", "riscv-rv32")]
        {
            assert_eq!(variant(name), Ok(Variant(found)), "{name}");
        }
    }

    #[test]
    fn a_name_of_several_lists_them_and_an_unknown_one_what_is_near() {
        for (name, near) in [("riscv", "riscv-rv64"), ("ppc", "ppc-nohash64"), ("x86_65", "x86_64"), ("armv8", "arm64")]
        {
            assert!(variant(name).unwrap_err().contains(near), "{name}: {:?}", variant(name));
        }
        assert!(variant("vax").unwrap_err().contains("there are x86_64, arm64"), "{:?}", variant("vax"));
        assert!(variant("").is_err());
    }

    #[test]
    fn every_newest_layout_has_its_kernel() {
        for name in variants() {
            let target = Target::find(Variant(name), None).unwrap();
            assert!(target.row.covers(target.kernel), "{name} {}", target.kernel);
        }
    }
}
