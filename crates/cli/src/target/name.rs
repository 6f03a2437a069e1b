//! Names on the command line: of variants, and of architectures with whatever they can mean; data of the atlas.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use swp_pte::{Arch, Release};
use swp_pte_atlas::{ARCHES, facts_of, find_release, variants};

use super::Asked;
use crate::Error;

/// How alike two names must be for one to be offered in place of the other, 0 to 1.
const ALIKE: f64 = 0.7;

/// A name that was given, with the variants that it can mean; at least one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    name: String,
    fits: Vec<Fit>,
}

/// A variant that a name can mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fit {
    variant: &'static str,
    /// What tells it from the others, in words; empty if nothing was recorded.
    told_by: &'static str,
}

/// Looks up the name of a variant, or a name of an architecture: the kernel's, this project's, or what `uname -m` and
/// distributions say.
///
/// # Errors
/// That there is none, with the names that could have been meant.
pub fn wanted(name: &str) -> Result<Wanted, String> {
    let name = name.trim();
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let wanted = |fits| Wanted { name: name.to_owned(), fits };
    if let Some(variant) = variants().find(|variant| is(variant)) {
        return Ok(Wanted::exactly(variant));
    }
    for arch in ARCHES {
        if let Some(name) = arch.names.iter().find(|other| is(other.name)) {
            return Ok(wanted(name.fits.iter().map(|(variant, told_by)| Fit { variant, told_by }).collect()));
        }
        if is(arch.name) || is(arch.kernel_name) {
            let fits = arch.variants.iter();
            return Ok(wanted(fits.map(|one| Fit { variant: one.name, told_by: told_by(arch, one.name) }).collect()));
        }
    }
    Err(unknown(name))
}

/// What tells a variant from the others of its architecture, as a name that fits several has it.
fn told_by(arch: &Arch<'static>, variant: &str) -> &'static str {
    let mut fits = arch.names.iter().flat_map(|name| name.fits);
    fits.find(|(fit, text)| *fit == variant && !text.is_empty()).map_or("", |(_, text)| text)
}

/// That there is no such name, and which are near it.
fn unknown(name: &str) -> String {
    let likeness = |variant: &str| {
        let part = variant.contains(name) || variant.split('-').any(|part| name.contains(part));
        if part && !name.is_empty() { 1.0 } else { strsim::jaro_winkler(name, variant) }
    };
    let mut near: Vec<_> = variants().map(|variant| (likeness(variant), variant)).collect();
    near.retain(|(likeness, _)| *likeness >= ALIKE);
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names = |names: Vec<&str>| names.join(", ");
    if near.is_empty() {
        format!("there is no such architecture; there are {}", names(variants().collect()))
    } else {
        format!("there is no such architecture; near it are {}", names(near.iter().map(|(_, name)| *name).collect()))
    }
}

impl Wanted {
    /// A variant by its own name.
    #[must_use]
    pub fn exactly(variant: &'static str) -> Self {
        Self { name: variant.to_owned(), fits: vec![Fit { variant, told_by: "" }] }
    }

    /// The name as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it can mean more than one variant.
    #[must_use]
    pub const fn is_ambiguous(&self) -> bool {
        self.fits.len() > 1
    }

    /// The variants that it can mean.
    pub fn variants(&self) -> impl Iterator<Item = &'static str> {
        self.fits.iter().map(|fit| fit.variant)
    }

    /// The same; or, if it has no page tables with entries of so many bits, the variants beside it that have. A machine has the
    /// name of one of its variants: i386, whose kernels with PAE have another.
    #[must_use]
    pub fn with_entries(self, bits: Option<u32>) -> Self {
        let Some(bits) = bits else { return self };
        let has = |variant: &str| facts_of(variant).is_some_and(|facts| facts.width == bits);
        if self.variants().any(has) {
            return self;
        }
        let beside = |variant: &str| {
            let of = facts_of(variant);
            let same = |fit: &Fit| {
                facts_of(fit.variant)
                    .zip(of)
                    .is_some_and(|(one, two)| (one.arch, one.long_bits) == (two.arch, two.long_bits))
            };
            self.fits.iter().any(same)
        };
        let fits =
            variants().filter(|variant| has(variant) && beside(variant)).map(|variant| Fit { variant, told_by: "" });
        let fits: Vec<_> = fits.collect();
        if fits.is_empty() { self } else { Self { name: self.name, fits } }
    }

    /// What is left if the kernel's files tell the machine that it is for, or its page size.
    ///
    /// # Errors
    /// [`Error::Usage`] if the machine is another.
    pub(super) fn narrowed(&self, asked: &Asked) -> Result<Self, Error> {
        let mut narrowed = self.clone();
        if let Some(machine) = &asked.facts.machine {
            let other = wanted(machine.value.name()).map_err(Error::Usage)?.with_entries(asked.entry_bits);
            narrowed.fits.retain(|fit| other.variants().any(|variant| variant == fit.variant));
            if narrowed.fits.is_empty() {
                return Err(Error::Usage(format!(
                    "the architecture is {} (--arch), but {} ({}): which of them is it?",
                    self.name, machine.value, machine.from
                )));
            }
        }
        if let Some(shift) = &asked.facts.page_shift {
            let has = |fit: &Fit| facts_of(fit.variant).is_some_and(|facts| facts.page_shift == shift.value);
            if narrowed.fits.iter().any(has) {
                narrowed.fits.retain(has);
            }
        }
        Ok(narrowed)
    }

    /// The one variant that is meant, if these kernels leave one only.
    ///
    /// # Errors
    /// [`Error::Usage`] with the variants that it can mean, and what tells them apart.
    pub fn variant(&self, kernels: &[Release]) -> Result<&'static str, Error> {
        let has_all = |fit: &Fit| kernels.iter().all(|kernel| find_release(fit.variant, kernel).is_ok());
        let possible: Vec<_> = self.fits.iter().copied().filter(has_all).collect();
        match (self.fits.as_slice(), possible.as_slice()) {
            ([one], _) | (_, [one]) => Ok(one.variant),
            (all, []) => {
                let kernels: Vec<_> = kernels.iter().map(ToString::to_string).collect();
                let no = format!("no variant that {} can mean has kernel {}", self.name, kernels.join(" and "));
                Err(list(&no, all))
            }
            (_, several) => Err(list(
                &format!("{} does not say which layout is meant; give one of these variants", self.name),
                several,
            )),
        }
    }
}

/// What is wrong, and the variants, one a line.
fn list(what: &str, fits: &[Fit]) -> Error {
    let width = fits.iter().map(|fit| fit.variant.len()).max().unwrap_or_default();
    let line = |fit: &Fit| format!("{:width$}  {}", fit.variant, fit.told_by);
    let lines: String = fits.iter().map(|fit| format!("\n  {}", line(fit).trim_end())).collect();
    Error::Usage(format!("{what}:{lines}"))
}

/// Lets clap check a name, and shells complete it.
#[derive(Clone, Copy, Debug)]
pub struct NameParser;

impl TypedValueParser for NameParser {
    type Value = Wanted;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let value = value.to_string_lossy();
        wanted(&value).map_err(|why| {
            let name = arg.map_or_else(|| "argument".to_owned(), ToString::to_string);
            let message = format!("invalid value '{value}' for '{name}': {why}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(variants().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, kernels: &[&str]) -> Result<&'static str, String> {
        let kernels: Vec<_> = kernels.iter().map(|kernel| kernel.parse().unwrap()).collect();
        wanted(name)?.variant(&kernels).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_that_fits_one_variant_is_that_variant() {
        for (name, variant) in [
            ("x86_64", "x86_64"),
            ("amd64", "x86_64"),
            ("aarch64", "arm64"),
            ("S390X", "s390"),
            (" riscv32 ", "riscv-rv32"),
            ("riscv-rv32", "riscv-rv32"),
        ] {
            assert_eq!(found(name, &[]), Ok(variant), "{name}");
        }
    }

    #[test]
    fn entries_of_page_tables_tell_variants_apart() {
        let with = |name: &str, bits| {
            let found = wanted(name).unwrap().with_entries(bits);
            found.variants().collect::<Vec<_>>()
        };
        assert_eq!(with("i386", None), ["i386"]);
        assert_eq!(with("i386", Some(32)), ["i386"]);
        assert_eq!(with("i386", Some(64)), ["i386-pae"]);
        assert_eq!(with("x86_64", Some(64)), ["x86_64"]);
        // Nothing beside it has such entries: what was asked stays.
        assert_eq!(with("s390", Some(32)), ["s390"]);
    }

    #[test]
    fn every_name_of_every_architecture_is_found_with_all_that_it_fits() {
        for arch in ARCHES {
            for name in arch.names {
                let fits: Vec<_> = name.fits.iter().map(|(variant, _)| *variant).collect();
                assert_eq!(wanted(name.name).unwrap().variants().collect::<Vec<_>>(), fits, "{}", name.name);
            }
            // A variant's own name means that variant, even where its architecture has it too.
            let names = [arch.name, arch.kernel_name].into_iter().filter(|name| variants().all(|one| one != *name));
            for name in names {
                assert!(wanted(name).is_ok_and(|found| found.variants().count() == arch.variants.len()), "{name}");
            }
        }
    }

    #[test]
    fn a_name_that_fits_several_lists_them_with_what_tells_them_apart() {
        assert_eq!(
            found("ppc64le", &["6.12"]).unwrap_err(),
            "ppc64le does not say which layout is meant; give one of these variants:\n  \
             ppc-book3s64-64k  POWER with 64K pages (getconf PAGESIZE), as distributions build it\n  \
             ppc-book3s64-4k   POWER with 4K pages"
        );
        for (name, line) in [
            ("riscv64", "\n  riscv-rv64-svrsw60t59b  harts with Svrsw60t59b"),
            ("riscv", "\n  riscv-rv32\n"),
            ("riscv", "\n  riscv-rv64              harts without Svrsw60t59b"),
            ("powerpc", "\n  ppc-nohash64 "),
        ] {
            let error = found(name, &[]).unwrap_err();
            assert!(error.contains(line), "{name}: {error}");
        }
    }

    #[test]
    fn the_kernel_narrows_a_name_down() {
        assert_eq!(found("riscv64", &["6.12"]), Ok("riscv-rv64"));
        assert_eq!(found("riscv64", &["7.2", "6.18"]), Ok("riscv-rv64"));
        assert!(found("riscv64", &["6.19"]).unwrap_err().contains("svrsw60t59b"));
        // What the kernel excludes is not offered.
        assert!(!found("ppc", &["6.12"]).unwrap_err().contains("40x"));
        assert!(found("ppc", &["6.10"]).unwrap_err().contains("40x"));
        assert!(found("riscv64", &["4.4"]).unwrap_err().contains("no variant that riscv64 can mean has kernel 4.4:"));
    }

    #[test]
    fn an_unknown_name_lists_what_is_near() {
        for (name, near) in [("x86_65", "x86_64"), ("armv8", "arm64"), ("nohash", "ppc-nohash64")] {
            assert!(found(name, &[]).unwrap_err().contains(near), "{name}: {:?}", found(name, &[]));
        }
        assert!(found("vax", &[]).unwrap_err().contains("there are x86_64, arm64"));
        assert!(found("", &[]).is_err());
    }
}
