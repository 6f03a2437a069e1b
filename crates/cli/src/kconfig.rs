//! How a kernel was built, as far as its words depend on it; given by options, because the words do not say.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use swp_pte::KernelOption;

const HEADING: &str = "How the kernel was built";

/// The option `--config`, alike for all commands.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigArgs {
    #[arg(long = "config", value_name = "FILE|NAME=y|n", help_heading = HEADING, help = config_help())]
    config: Vec<Said>,
}

/// The options about a kernel's build.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[expect(clippy::doc_markdown, reason = "shown in a terminal")]
    /// SWP_PFN_BITS, the bits of a page frame number in an entry; 40 for x86_64 with five levels of page tables
    /// [default: that of the variant's usual configuration]
    #[arg(long, value_name = "N", help_heading = HEADING, value_parser = pfn_bits)]
    pub(crate) pfn_bits: Option<u32>,
    /// Page size, for offsets in bytes: 4K, 16K, 64K … [default: the variant's smallest]
    #[arg(long, value_name = "SIZE", help_heading = HEADING, value_parser = page_shift)]
    pub(crate) page_size: Option<u32>,
}

/// How the kernel was built, checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Build {
    /// For each of [`KernelOption::ALL`] what was said of it.
    switches: [Option<bool>; KernelOption::ALL.len()],
    /// `SWP_PFN_BITS`, if given.
    pub pfn_bits: Option<u32>,
    /// log2 of the page size, if given.
    pub page_shift: Option<u32>,
    /// The numbers that `MAX_SWAPFILES` can be, a bit for each, if it was learned.
    pub max_swapfiles: Option<u64>,
}

/// A configuration file, or one option.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Said {
    File(PathBuf),
    Switch(Switch),
}

/// `DEVICE_PRIVATE=n`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Switch {
    option: KernelOption,
    on: bool,
}

/// The names of all options.
fn names() -> String {
    KernelOption::ALL.iter().map(|option| option.name()).collect::<Vec<_>>().join(", ")
}

fn config_help() -> String {
    format!(
        "The kernel's configuration, as /boot/config-* or /proc/config.gz, or one option of it that takes swap types from the \
         swap files, and whether it was on: {}; may be repeated [default: all that the architecture can have]",
        names()
    )
}

impl FromStr for Said {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self::Switch).or_else(|why| {
            let path = Path::new(text);
            if path.exists() { Ok(Self::File(path.into())) } else { Err(format!("{why}, and there is no such file")) }
        })
    }
}

impl FromStr for Switch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').unwrap_or((text, "y"));
        let name = name.to_ascii_uppercase();
        let name = name.strip_prefix("CONFIG_").unwrap_or(&name);
        let option = KernelOption::ALL.iter().copied().find(|option| option.name() == name);
        let option = option.ok_or_else(|| format!("not one of {}", names()))?;
        match value {
            "y" => Ok(Self { option, on: true }),
            "n" => Ok(Self { option, on: false }),
            _ => Err("an option is y or n".into()),
        }
    }
}

/// The bits of a page frame number in an entry.
fn pfn_bits(text: &str) -> Result<u32, String> {
    let bits = crate::input::plain(text)?;
    if (1..=58).contains(&bits) { Ok(bits) } else { Err("1 to 58 bits".into()) }
}

/// log2 of `4K`, `16K`, `65536`.
///
/// # Errors
/// What a page size looks like.
pub(crate) fn page_shift(text: &str) -> Result<u32, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(number.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        _ => 0,
    };
    let bytes = crate::input::plain::<u64>(number.trim()).unwrap_or(0).saturating_mul(unit);
    if bytes.is_power_of_two() && (1 << 10..=1 << 24).contains(&bytes) {
        return Ok(bytes.trailing_zeros());
    }
    Err("not a page size, as 4K, 16K or 64K".into())
}

impl ConfigArgs {
    /// The configuration files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.config.iter().filter_map(|said| match said {
            Said::File(path) => Some(path.as_path()),
            Said::Switch(_) => None,
        })
    }

    /// The options, each with whether it was on.
    pub(crate) fn switches(&self) -> impl Iterator<Item = (KernelOption, bool)> {
        self.config.iter().filter_map(|said| match said {
            Said::File(_) => None,
            Said::Switch(switch) => Some((switch.option, switch.on)),
        })
    }
}

impl Build {
    /// What is said of each option.
    fn slots(&mut self) -> impl Iterator<Item = (&mut Option<bool>, KernelOption)> {
        self.switches.iter_mut().zip(KernelOption::ALL.iter().copied())
    }

    /// Whether an option was on, if that was said.
    #[must_use]
    pub fn said(&self, option: KernelOption) -> Option<bool> {
        self.switches.iter().zip(KernelOption::ALL).find(|(_, one)| **one == option).and_then(|(said, _)| *said)
    }

    /// Says whether an option was on.
    pub fn say(&mut self, option: KernelOption, on: bool) {
        for (slot, _) in self.slots().filter(|(_, one)| *one == option) {
            *slot = Some(on);
        }
    }

    /// Whether anything was said of the options that take swap types.
    #[must_use]
    pub fn config_is_given(&self) -> bool {
        self.switches.iter().any(Option::is_some) || self.max_swapfiles.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes() {
        for (text, shift) in [("4K", 12), ("4096", 12), ("16 KiB", 14), ("64k", 16), ("1M", 20)] {
            assert_eq!(page_shift(text), Ok(shift), "{text}");
        }
        for text in ["", "0", "K", "3K", "4X", "99999999999999999999K", "-4K", "4KK"] {
            assert!(page_shift(text).is_err(), "{text}");
        }
    }

    #[test]
    fn switches() {
        for text in ["CONFIG_DEVICE_PRIVATE=n", "device_private=n", "MIGRATION", "USERSWAP=y"] {
            assert!(text.parse::<Switch>().is_ok(), "{text}");
        }
        for text in ["", "=y", "DEVICE_PRIVATE=m", "SWAP=y"] {
            assert!(text.parse::<Switch>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_option_is_a_file_if_there_is_one() {
        assert_eq!("Cargo.toml".parse(), Ok(Said::File("Cargo.toml".into())));
        assert!("no/such/file".parse::<Said>().unwrap_err().ends_with("and there is no such file"));
        assert!(matches!("MIGRATION=n".parse(), Ok(Said::Switch(_))));
    }
}
