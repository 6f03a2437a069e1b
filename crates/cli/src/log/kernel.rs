//! From what a log says of its kernel, and the options where it says nothing, to the layouts.

use swp_pte::{KernelVersion, Level};

use super::Args;
use super::machines::Context;
use crate::eras::Eras;
use crate::target::{Target, Wanted, wanted};

/// The kernel that something was found under.
#[derive(Debug)]
pub(super) struct Kernel {
    /// The release as the log says it.
    pub(super) release: Option<String>,
    /// Every variant that it can be; of which the first is shown if all say the same.
    pub(super) targets: Vec<Target>,
    /// Why there is none.
    pub(super) why: Option<String>,
}

/// No more variants of one name are shown.
const MOST: usize = 6;

impl Kernel {
    /// The kernel of a context.
    pub(super) fn of(args: &Args, context: &Context) -> Self {
        let release = context.release.as_ref().map(|(release, _)| release.clone());
        let (targets, why) = match Self::targets(args, context) {
            Ok(targets) => (targets, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        Self { release, targets, why }
    }

    fn targets(args: &Args, context: &Context) -> Result<Vec<Target>, String> {
        let said = context.release.as_ref().and_then(|(release, _)| release.parse::<KernelVersion>().ok());
        let kernel = said.or(args.kernel);
        let arch = arch(args, context)?;
        let build = args.build.build();
        let mut targets = Vec::new();
        let mut why = None;
        for variant in arch.variants() {
            match Target::find(&Wanted::exactly(variant), kernel, Level::Pte) {
                Ok(target) => targets.push(Target { build, ..target }),
                Err(error) => why = why.or(Some(error.to_string())),
            }
        }
        // The page size tells variants apart, where it does.
        if let Some(shift) = context.page_shift {
            let fits = |target: &Target| target.row.facts().page_shift == shift;
            if targets.iter().any(fits) {
                targets.retain(fits);
            }
        }
        targets.truncate(MOST);
        if targets.is_empty() {
            Err(why.unwrap_or_else(|| "no such kernel is in the record".into()))
        } else {
            Ok(targets)
        }
    }

    /// How a target reads, at a level.
    pub(super) fn eras(target: &Target, level: Level) -> Result<Eras, String> {
        if target.level == level {
            return Ok(Eras::of(target));
        }
        let kernel = (!target.assumed).then_some(target.kernel);
        let found =
            Target::find(&Wanted::exactly(target.variant()), kernel, level).map_err(|error| error.to_string())?;
        Ok(Eras::of(&Target { build: target.build, ..found }))
    }
}

/// The architecture: that of the log, or the variant of it that was given; else what was given.
fn arch(args: &Args, context: &Context) -> Result<Wanted, String> {
    let Some((name, ..)) = context.arch else {
        return args
            .arch
            .clone()
            .ok_or_else(|| "the log does not say which architecture this is: give --arch".to_owned());
    };
    let of_log = wanted(name)?;
    Ok(match &args.arch {
        Some(given) if given.variants().all(|one| of_log.variants().any(|other| one == other)) => given.clone(),
        _ => of_log,
    })
}

/// log2 of the page size that sizes of swap files are told in.
pub(super) fn page_shift(args: &Args) -> u32 {
    let of_arch = || {
        let variant = args.arch.as_ref()?.variants().next()?;
        Some(swp_pte_atlas::facts_of(variant)?.page_shift)
    };
    args.build.build().page_shift.or_else(of_arch).unwrap_or(12)
}
