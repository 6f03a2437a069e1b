//! From what a log says of its kernel, and the options where it says nothing, to the layouts.

use swp_pte::{Level, Release};
use swp_pte_forms::EntryForm;
use swp_pte_kernel::{Facts, Learned};

use super::Args;
use super::machines::Context;
use crate::Error;
use crate::eras::Eras;
use crate::target::{Asked, Target, Wanted, wanted};

/// The kernel that something was found under.
#[derive(Debug)]
pub(super) struct Kernel {
    /// The release as the log says it.
    pub(super) release: Option<String>,
    /// Every variant that it can be.
    pub(super) targets: Vec<Target>,
    /// Why there is none.
    pub(super) why: Option<String>,
    /// The variants of the architecture.
    pub(super) variants: Vec<&'static str>,
    asked: Asked,
    /// Whether the layout is somebody's own, of which no level is known to have another form.
    is_own: bool,
    /// The bits of a `long`, where all variants that it can be have as many.
    long_bits: Option<u32>,
}

/// What the options say of kernels.
#[derive(Debug, Default)]
pub(super) struct Options {
    asked: Asked,
    arch: Option<Wanted>,
    /// A layout of somebody's own, which counts whatever the log says.
    own: Option<Target>,
}

/// No more variants of one name are shown.
const MOST: usize = 6;

impl Options {
    pub(super) fn of(args: &Args) -> Result<Self, Error> {
        let asked = args.kernel.asked(&args.build)?;
        let own = args.layout.as_deref().map(|path| Target::of_file(path, &asked)).transpose()?;
        Ok(Self { asked, arch: args.arch.clone(), own })
    }

    /// log2 of the page size that sizes of swap files are told in.
    pub(super) fn page_shift(&self) -> u32 {
        let of_own = || Some(self.own?.row.layout().page_shift);
        let of_arch = || {
            let variant = self.arch.as_ref()?.variants().next()?;
            Some(swp_pte_atlas::facts_of(variant)?.page_shift)
        };
        self.asked.build.page_shift.or_else(of_own).or_else(of_arch).unwrap_or(12)
    }

    /// The architecture: that of the log, or the variant of it that was given; else what was given.
    fn arch(&self, context: &Context) -> Result<Wanted, String> {
        let Some((name, ..)) = context.arch else {
            let given = self.arch.clone();
            return given.ok_or_else(|| "the log does not say which architecture this is: give --arch".to_owned());
        };
        let of_log = wanted(name)?;
        Ok(match &self.arch {
            Some(given) if given.variants().all(|one| of_log.variants().any(|other| one == other)) => given.clone(),
            _ => of_log,
        })
    }

    /// The kernel that is asked for: that of the log, else that of the options.
    fn asked(&self, context: &Context) -> Asked {
        let parsed = context.release.as_ref().and_then(|(release, line)| {
            Some(Learned::new(release.parse::<Release>().ok()?, format!("line {line} of the log")))
        });
        match parsed {
            None => self.asked.clone(),
            release => Asked {
                facts: Facts { release, ..self.asked.facts.clone() },
                build: self.asked.build,
                entry_bits: None,
            },
        }
    }
}

impl Kernel {
    /// The kernel of a context.
    pub(super) fn of(options: &Options, context: &Context) -> Self {
        let release = context.release.as_ref().map(|(release, _)| release.clone());
        let asked = options.asked(context);
        if let Some(own) = options.own {
            let long_bits = Some(own.row.facts().long_bits);
            return Self {
                release,
                targets: vec![own],
                why: None,
                variants: Vec::new(),
                asked,
                is_own: true,
                long_bits,
            };
        }
        let (targets, why) = match Self::targets(options, context, &asked) {
            Ok(targets) => (targets, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let variants: Vec<_> = options.arch(context).map(|arch| arch.variants().collect()).unwrap_or_default();
        let bits = || variants.iter().filter_map(|name| swp_pte_atlas::facts_of(name)).map(|facts| facts.long_bits);
        let of_variants = || bits().next().filter(|first| bits().all(|one| one == *first));
        let long_bits = context.long_bits.or_else(of_variants);
        Self { release, targets, why, variants, asked, is_own: false, long_bits }
    }

    fn targets(options: &Options, context: &Context, asked: &Asked) -> Result<Vec<Target>, String> {
        let (mut targets, mut why) = (Vec::new(), None);
        for variant in options.arch(context)?.variants() {
            match Target::find(&Wanted::exactly(variant), asked, Level::Pte) {
                Ok(target) => targets.push(target),
                Err(error) => why = why.or(Some(error.to_string())),
            }
        }
        // The page size and the size of a `long` tell variants apart, where they do.
        let mut keep = |fits: &dyn Fn(&Target) -> bool| {
            if targets.iter().any(fits) {
                targets.retain(fits);
            }
        };
        if let Some(shift) = context.page_shift {
            keep(&|target| target.row.facts().page_shift == shift);
        }
        if let Some(bits) = context.long_bits {
            keep(&|target| target.row.facts().long_bits == bits);
        }
        targets.truncate(MOST);
        if targets.is_empty() {
            Err(why.unwrap_or_else(|| "no such kernel is in the record".into()))
        } else {
            Ok(targets)
        }
    }

    /// Type and offset of an entry, which need no layout: the size of a `long` is enough, and the release.
    pub(super) fn split(&self, value: u64) -> Option<(u64, u64)> {
        let kernel = self.asked.kernel()?;
        let long_bits = self.long_bits?;
        EntryForm::of(kernel, long_bits).split(value).filter(|(swp_type, _)| *swp_type < 32)
    }

    /// How a target reads, at a level.
    pub(super) fn eras(&self, target: &Target, level: Level) -> Result<Eras, String> {
        if target.level == level || self.is_own {
            return Ok(Eras::of(target));
        }
        let found = Target::find(&Wanted::exactly(target.variant()), &self.asked, level);
        found.map(|found| Eras::of(&found)).map_err(|error| error.to_string())
    }
}
