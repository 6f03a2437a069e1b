//! How a kernel was built, as far as its words depend on it; given by options, because the words do not say.

use std::str::FromStr;

use swp_pte::{KernelOption, KernelVersion};
use swp_pte_atlas::Config;

const HEADING: &str = "How the kernel was built";

/// The options about a kernel's build.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct BuildArgs {
    #[arg(long = "config", value_name = "NAME=y|n", help_heading = HEADING, help = config_help())]
    config: Vec<Switch>,
    #[expect(clippy::doc_markdown, reason = "shown in a terminal")]
    /// SWP_PFN_BITS, the bits of a page frame number in an entry; 40 for x86_64 with five levels of page tables
    /// [default: that of the variant's usual configuration]
    #[arg(long, value_name = "N", help_heading = HEADING, value_parser = clap::value_parser!(u32).range(1..=58))]
    pfn_bits: Option<u32>,
    /// Page size, for offsets in bytes: 4K, 16K, 64K … [default: the variant's smallest]
    #[arg(long, value_name = "SIZE", help_heading = HEADING, value_parser = page_shift)]
    page_size: Option<u32>,
}

/// How the kernel was built, checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Build {
    /// For each of [`KernelOption::ALL`] what was said of it.
    switches: [Option<bool>; KernelOption::ALL.len()],
    /// `SWP_PFN_BITS`, if given.
    pub pfn_bits: Option<u32>,
    /// log2 of the page size, if given.
    pub page_shift: Option<u32>,
}

/// `DEVICE_PRIVATE=n`.
#[derive(Clone, Copy, Debug)]
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
        "An option of the kernel that takes swap types from the swap files, and whether it was on: {}; may be repeated \
         [default: all that the architecture can have]",
        names()
    )
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
    let bytes = number.trim().parse::<u64>().unwrap_or(0).saturating_mul(unit);
    if bytes.is_power_of_two() && (1 << 10..=1 << 24).contains(&bytes) {
        return Ok(bytes.trailing_zeros());
    }
    Err("not a page size, as 4K, 16K or 64K".into())
}

impl BuildArgs {
    /// What the options say; of an option given twice, the last.
    #[must_use]
    pub fn build(&self) -> Build {
        let mut build = Build { pfn_bits: self.pfn_bits, page_shift: self.page_size, ..Build::default() };
        for switch in &self.config {
            for (slot, _) in build.slots().filter(|(_, option)| *option == switch.option) {
                *slot = Some(switch.on);
            }
        }
        build
    }
}

impl Build {
    /// What is said of each option.
    fn slots(&mut self) -> impl Iterator<Item = (&mut Option<bool>, KernelOption)> {
        self.switches.iter_mut().zip(KernelOption::ALL.iter().copied())
    }

    /// Whether anything was said of the options that take swap types.
    #[must_use]
    pub fn config_is_given(&self) -> bool {
        self.switches.iter().any(Option::is_some)
    }

    /// The configuration of a kernel: what was given, else all that the variant can have.
    #[must_use]
    pub fn config(mut self, variant: &str, kernel: KernelVersion) -> Config {
        let mut config = Config::of(variant, kernel);
        config.pfn_bits = self.pfn_bits.unwrap_or(config.pfn_bits);
        for (said, option) in self.slots() {
            if let Some(on) = *said {
                config.switch(option, on);
            }
        }
        config
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
        for text in ["CONFIG_DEVICE_PRIVATE=n", "device_private=n", "MIGRATION"] {
            assert!(text.parse::<Switch>().is_ok(), "{text}");
        }
        for text in ["", "=y", "DEVICE_PRIVATE=m", "SWAP=y"] {
            assert!(text.parse::<Switch>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_given_counts_and_the_rest_is_what_the_variant_can_have() {
        let kernel = KernelVersion::new(6, 1);
        let given = |text: &[&str]| {
            let config = text.iter().map(|text| text.parse().unwrap()).collect();
            BuildArgs { config, ..BuildArgs::default() }.build().config("x86_64", kernel)
        };
        let all = Config::of("x86_64", kernel);
        assert!(all.memory_failure && all.migration && all.device_private && all.pte_marker);
        assert_eq!(given(&[]), all);
        assert_eq!(given(&["MIGRATION=n", "MIGRATION=y"]), all, "the last counts");
        for option in KernelOption::ALL {
            let mut without = all;
            without.switch(*option, false);
            assert_eq!(given(&[&format!("{option}=n")]), without, "{option}");
        }
        let build = BuildArgs { pfn_bits: Some(40), ..BuildArgs::default() }.build();
        assert_eq!(build.config("x86_64", kernel).pfn_bits, 40);
    }
}
