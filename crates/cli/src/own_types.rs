//! The numbering of a kernel's swap types as a layout's TOML has it: the kernel's constants, by their names.

use std::collections::BTreeMap;

use serde::Deserialize;
use swp_pte::{KernelOption, KernelVersion};
use swp_pte_atlas::{Access, Config, Numbering, Presence, SoftleafType, SwapTypes};

/// `NAME = number`.
#[derive(Clone, Debug, Deserialize)]
pub struct Types(BTreeMap<String, u64>);

/// What the names mean.
const NAMES: [(&str, SoftleafType); 11] = [
    ("SWP_HWPOISON", SoftleafType::Hwpoison),
    ("SWP_MIGRATION_READ", SoftleafType::Migration(Access::Read)),
    ("SWP_MIGRATION_READ_EXCLUSIVE", SoftleafType::Migration(Access::ReadExclusive)),
    ("SWP_MIGRATION_WRITE", SoftleafType::Migration(Access::Write)),
    ("SWP_DEVICE_WRITE", SoftleafType::DevicePrivateWrite),
    ("SWP_DEVICE_READ", SoftleafType::DevicePrivateRead),
    ("SWP_DEVICE_EXCLUSIVE_WRITE", SoftleafType::DeviceExclusiveWrite),
    ("SWP_DEVICE_EXCLUSIVE_READ", SoftleafType::DeviceExclusiveRead),
    ("SWP_DEVICE_EXCLUSIVE", SoftleafType::DeviceExclusive),
    ("SWP_PTE_MARKER", SoftleafType::Marker),
    ("SWP_SWAPIN_ERROR", SoftleafType::SwapinError),
];

impl Types {
    /// The numbering, of a kernel that follows this upstream version in what markers and page frames look like.
    ///
    /// # Errors
    /// A name that is none, and numbers that no kernel's order of types gives.
    pub fn numbering(&self, kernel: KernelVersion, pfn_bits: Option<u32>) -> Result<SwapTypes, String> {
        let known =
            |name: &str| matches!(name, "MAX_SWAPFILES" | "SWP_PFN_BITS") || NAMES.iter().any(|(one, _)| *one == name);
        if let Some(name) = self.0.keys().find(|name| !known(name)) {
            return Err(format!("types: {name} is no swap type that is known here"));
        }
        let has = |name: &str| self.0.contains_key(name);
        let mut config = Config::NONE;
        config.switch(KernelOption::MemoryFailure, has("SWP_HWPOISON"));
        config.switch(KernelOption::Migration, has("SWP_MIGRATION_READ"));
        config.switch(KernelOption::DevicePrivate, has("SWP_DEVICE_WRITE"));
        config.switch(KernelOption::PteMarker, has("SWP_PTE_MARKER"));
        let own = self.0.get("SWP_PFN_BITS").and_then(|bits| u32::try_from(*bits).ok());
        config.pfn_bits = own.or(pfn_bits).unwrap_or(config.pfn_bits);
        let mut numbering = Numbering::of(kernel);
        numbering.read_exclusive = has("SWP_MIGRATION_READ_EXCLUSIVE");
        numbering.device_private = has("SWP_DEVICE_WRITE");
        numbering.device_exclusive = match (has("SWP_DEVICE_EXCLUSIVE"), has("SWP_DEVICE_EXCLUSIVE_WRITE")) {
            (true, _) => 1,
            (_, true) => 2,
            _ => 0,
        };
        numbering.marker = if has("SWP_PTE_MARKER") { Presence::Always } else { Presence::Never };
        numbering.swapin_error = has("SWP_SWAPIN_ERROR");
        let types = SwapTypes::numbered(numbering, config);
        for (name, meaning) in NAMES {
            let (wanted, got) = (self.0.get(name).copied(), types.number(meaning));
            if wanted != got {
                let text = |number: Option<u64>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
                return Err(format!(
                    "types: {name} is {}, where the kernel's order of the types gives {}",
                    text(wanted),
                    text(got)
                ));
            }
        }
        let files = u64::try_from(types.max_swapfiles()).unwrap_or(u64::MAX);
        match self.0.get("MAX_SWAPFILES") {
            Some(wanted) if *wanted != files => {
                Err(format!("types: MAX_SWAPFILES is {wanted}, where the types above leave {files}"))
            }
            _ => Ok(types),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(text: &str) -> Result<SwapTypes, String> {
        toml::from_str::<Types>(text).unwrap().numbering(KernelVersion::new(6, 12), None)
    }

    #[test]
    fn a_kernels_own_constants_are_its_numbering() {
        let debian = "MAX_SWAPFILES = 27\nSWP_PFN_BITS = 34\nSWP_HWPOISON = 27\nSWP_MIGRATION_READ = 28\n\
                      SWP_MIGRATION_READ_EXCLUSIVE = 29\nSWP_MIGRATION_WRITE = 30\nSWP_PTE_MARKER = 31\n";
        let found = types(debian).unwrap();
        assert_eq!((found.number(SoftleafType::Hwpoison), found.max_swapfiles(), found.pfn_bits()), (Some(27), 27, 34));
        for (from, to, why) in [
            ("HWPOISON = 27", "HWPOISON = 26", "SWP_HWPOISON is 26, where the kernel's order of the types gives 27"),
            ("MAX_SWAPFILES = 27", "MAX_SWAPFILES = 28", "MAX_SWAPFILES is 28"),
            ("SWP_PTE_MARKER", "SWP_MARKER", "SWP_MARKER is no swap type"),
        ] {
            let error = types(&debian.replace(from, to)).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        assert_eq!(types("").unwrap().max_swapfiles(), 32);
    }
}
