//! The kernel that is asked for: `--kernel`, what files of it tell, and how it was built; all of it together, or a
//! contradiction.

use std::path::PathBuf;

use swp_pte::{KernelVersion, Release};
use swp_pte_kernel::{Contradiction, Facts, Learned, Machine};

use crate::Error;
use crate::kconfig::{Build, BuildArgs, ConfigArgs};

/// The options about which kernel it is, alike for all commands.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct KernelArgs {
    /// The kernel, as `uname -r` or `git describe` prints it [default: the newest layout]
    #[arg(long, value_name = "RELEASE")]
    pub kernel: Option<Release>,
    /// A file of the kernel, which tells how it was built: vmlinux, /sys/kernel/btf/vmlinux, System.map or
    /// /proc/kallsyms; may be repeated
    #[arg(long, value_name = "FILE")]
    pub vmlinux: Vec<PathBuf>,
}

/// The kernel that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What is known of it, the option `--kernel` among it.
    pub facts: Facts,
    /// How it was built.
    pub build: Build,
    /// Bits of an entry of its page tables, if there are page tables to look at.
    pub entry_bits: Option<u32>,
}

impl KernelArgs {
    /// What the options and the files say together.
    ///
    /// # Errors
    /// [`Error::Input`] for a file that tells nothing, [`Error::Usage`] for a contradiction.
    pub fn asked(&self, build: &BuildArgs) -> Result<Asked, Error> {
        let mut asked = self.with_config(&build.config)?;
        asked.build.pfn_bits = build.pfn_bits;
        asked.build.page_shift = build.page_size.or(asked.build.page_shift);
        Ok(asked)
    }

    /// The same for a command without the other options about a build.
    ///
    /// # Errors
    /// As [`KernelArgs::asked`].
    pub fn with_config(&self, config: &ConfigArgs) -> Result<Asked, Error> {
        let mut facts = self.kernel.map(Asked::of).unwrap_or_default().facts;
        for path in self.vmlinux.iter().map(PathBuf::as_path).chain(config.files()) {
            let told = swp_pte_kernel::read(path).map_err(|error| Error::Input(error.to_string()))?;
            if told.is_empty() {
                let why = told.notes.first().cloned().unwrap_or_else(|| format!("{}: nothing in it", path.display()));
                return Err(Error::Input(why));
            }
            facts = facts.join(told).map_err(|error| usage(&error))?;
        }
        Asked::new(facts, config)
    }
}

fn usage(error: &Contradiction) -> Error {
    Error::Usage(format!("{error}: which of them is it?"))
}

impl Asked {
    /// A release, and nothing else.
    #[must_use]
    pub fn of(release: Release) -> Self {
        let machine = Machine::of_release(release.as_str());
        let facts = Facts {
            machine: machine.map(|machine| Learned::new(machine, format!("the end of {release}"))),
            release: Some(Learned::new(release, "--kernel".into())),
            ..Facts::default()
        };
        Self { facts, build: Build::default(), entry_bits: None }
    }

    /// What is known, with single options.
    ///
    /// # Errors
    /// [`Error::Usage`] for an option that is said to be on and off.
    pub fn new(facts: Facts, config: &ConfigArgs) -> Result<Self, Error> {
        let mut build = Build::default();
        build.page_shift = facts.page_shift.as_ref().map(|shift| shift.value);
        for option in swp_pte::KernelOption::ALL {
            if let Some(on) = facts.option(*option) {
                build.say(*option, on);
            }
        }
        let letter = |on| if on { "y" } else { "n" }.to_owned();
        for (option, on) in config.switches() {
            if let Some(before) = build.said(option).filter(|before| *before != on) {
                let from = facts.config.as_ref().map_or("--config", |config| &config.from);
                return Err(usage(&Contradiction {
                    what: format!("CONFIG_{option}"),
                    one: letter(before),
                    one_from: from.into(),
                    other: letter(on),
                    other_from: "--config".into(),
                }));
            }
            build.say(option, on);
        }
        // There are at most 32 types.
        let bits =
            |numbers: &mut dyn Iterator<Item = u64>| numbers.fold(0, |bits, number| bits | 1_u64 << (number & 63));
        build.max_swapfiles = facts.swap_info.as_ref().map(|info| bits(&mut info.value.max_swapfiles()));
        Ok(Self { facts, build, entry_bits: None })
    }

    /// The release, if one is known.
    #[must_use]
    pub fn release(&self) -> Option<Release> {
        self.facts.release.as_ref().map(|release| release.value)
    }

    /// The upstream version that it began as.
    #[must_use]
    pub fn kernel(&self) -> Option<KernelVersion> {
        self.release().map(|release| release.series())
    }
}
