//! The numbering of the swap types above the swap files, by kernel version and configuration.
//!
//! From `MAX_SWAPFILES` upwards, in this order (`include/linux/swap.h`, `include/linux/swapops.h`): hwpoison,
//! migration, device, marker, swap-in error; each group only if the kernel was built with it, so that every one that
//! is missing moves `MAX_SWAPFILES` up.

use swp_pte::{KernelOption, KernelVersion, SwpType};

use super::Access;

const fn since(major: u16, minor: u16) -> KernelVersion {
    KernelVersion::new(major, minor)
}

/// `SWP_DEVICE_EXCLUSIVE_WRITE`, `_READ`. Commit b756a3b5e7ea, "mm: device exclusive memory access".
const DEVICE_EXCLUSIVE: KernelVersion = since(5, 14);
/// `SWP_MIGRATION_READ_EXCLUSIVE`, between read and write. Commit 6c287605fd56, "mm: remember exclusively mapped
/// anonymous pages with `PG_anon_exclusive`".
const READ_EXCLUSIVE: KernelVersion = since(5, 19);
/// `SWP_PTE_MARKER`, behind `CONFIG_PTE_MARKER`. Commit 679d10331910, "mm: introduce `PTE_MARKER` swap entry".
const MARKER_OPTION: KernelVersion = since(5, 19);
/// `SWP_SWAPIN_ERROR`, always. Commit 9f186f9e5fa9, "mm/swapfile: `unuse_pte` can map random data if swap read fails".
const SWAPIN_ERROR: KernelVersion = since(5, 19);
/// `SWP_PTE_MARKER`, always, and its flag `PTE_MARKER_SWAPIN_ERROR` (from 6.6 `PTE_MARKER_POISONED`) in place of
/// `SWP_SWAPIN_ERROR`. Commits ca92ea3dc5a2, "mm: always compile in pte markers", and 15520a3f0469, "mm: use pte
/// markers for swap errors".
const MARKER_ALWAYS: KernelVersion = since(6, 2);
/// `PTE_MARKER_GUARD`. Commit 7c53dfbdb024, "mm: add `PTE_MARKER_GUARD` PTE marker"; absent in 6.12, in 7.2 measured.
const MARKER_GUARD: KernelVersion = since(6, 13);
/// One `SWP_DEVICE_EXCLUSIVE` in place of two. Commit c25465eb7630, "mm: use single `SWP_DEVICE_EXCLUSIVE` entry type".
const ONE_DEVICE_EXCLUSIVE: KernelVersion = since(6, 15);

/// How a kernel was built, as far as its swap entries depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Config {
    /// `CONFIG_MEMORY_FAILURE`: hwpoison entries.
    pub memory_failure: bool,
    /// `CONFIG_MIGRATION`.
    pub migration: bool,
    /// `CONFIG_DEVICE_PRIVATE`: device entries.
    pub device_private: bool,
    /// `CONFIG_PTE_MARKER`, an option in 5.19 to 6.1 only.
    pub pte_marker: bool,
    /// `SWP_PFN_BITS`: how many low bits of an offset are the page frame number, from 6.1 on.
    pub pfn_bits: u32,
}

impl Config {
    /// Nothing on, and page frame numbers as wide as an offset can be.
    pub const NONE: Self =
        Self { memory_failure: false, migration: false, device_private: false, pte_marker: false, pfn_bits: 59 };

    /// Everything that a kernel of a variant can be built with, which is what the measured kernels and most
    /// distributions have, and `SWP_PFN_BITS` of the usual configuration; [`Config::NONE`] for an unknown variant. A kernel
    /// that was built with less numbers its types differently, and the words do not say.
    #[must_use]
    pub fn of(variant: &str, kernel: KernelVersion) -> Self {
        let mut config = Self::NONE;
        let Some(facts) = crate::facts_of(variant) else { return config };
        for option in KernelOption::ALL {
            config.switch(*option, facts.can_have(*option, kernel));
        }
        config.pfn_bits = facts.usual_pfn_bits().unwrap_or(config.pfn_bits);
        config
    }

    /// Turns an option on or off.
    pub const fn switch(&mut self, option: KernelOption, on: bool) {
        match option {
            KernelOption::MemoryFailure => self.memory_failure = on,
            KernelOption::Migration => self.migration = on,
            KernelOption::DevicePrivate => self.device_private = on,
            KernelOption::PteMarker => self.pte_marker = on,
            // An option that this numbering does not know takes no type from it.
            _ => {}
        }
    }
}

/// What a swap type means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum SoftleafType {
    /// The index of a swap file.
    Swap,
    /// `SWP_HWPOISON`.
    Hwpoison,
    /// `SWP_MIGRATION_READ`, `SWP_MIGRATION_READ_EXCLUSIVE`, `SWP_MIGRATION_WRITE`.
    Migration(Access),
    /// `SWP_DEVICE_WRITE`.
    DevicePrivateWrite,
    /// `SWP_DEVICE_READ`.
    DevicePrivateRead,
    /// `SWP_DEVICE_EXCLUSIVE_WRITE`.
    DeviceExclusiveWrite,
    /// `SWP_DEVICE_EXCLUSIVE_READ`.
    DeviceExclusiveRead,
    /// `SWP_DEVICE_EXCLUSIVE`.
    DeviceExclusive,
    /// `SWP_PTE_MARKER`.
    Marker,
    /// `SWP_SWAPIN_ERROR`.
    SwapinError,
}

impl SoftleafType {
    /// The name in this project's output: `migration-read-exclusive`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Swap => "swap",
            Self::Hwpoison => "hwpoison",
            Self::Migration(Access::Read) => "migration-read",
            Self::Migration(Access::ReadExclusive) => "migration-read-exclusive",
            Self::Migration(Access::Write) => "migration-write",
            Self::DevicePrivateWrite => "device-private-write",
            Self::DevicePrivateRead => "device-private-read",
            Self::DeviceExclusiveWrite => "device-exclusive-write",
            Self::DeviceExclusiveRead => "device-exclusive-read",
            Self::DeviceExclusive => "device-exclusive",
            Self::Marker => "marker",
            Self::SwapinError => "swapin-error",
        }
    }
}

/// Number of swap types, `1 << MAX_SWAPFILES_SHIFT`.
const TYPES: usize = 32;

/// The meaning of every swap type in one kernel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwapTypes {
    kernel: KernelVersion,
    pfn_bits: u32,
    meanings: [SoftleafType; TYPES],
}

impl SwapTypes {
    /// The kernels whose numbering, whose markers, or whose division of the offset differ from those of the kernel before,
    /// in any variant's [`Config::of`]; in order.
    pub const CHANGES: &'static [KernelVersion] = &[
        DEVICE_EXCLUSIVE,
        READ_EXCLUSIVE,
        super::SWP_PFN_BITS_SINCE,
        MARKER_ALWAYS,
        since(6, 11),
        MARKER_GUARD,
        ONE_DEVICE_EXCLUSIVE,
        since(6, 17),
    ];

    /// The numbering of a kernel with a configuration.
    #[must_use]
    pub fn new(kernel: KernelVersion, config: Config) -> Self {
        use SoftleafType as T;
        let upwards = [
            (config.memory_failure, T::Hwpoison),
            (config.migration, T::Migration(Access::Read)),
            (config.migration && kernel >= READ_EXCLUSIVE, T::Migration(Access::ReadExclusive)),
            (config.migration, T::Migration(Access::Write)),
            (config.device_private, T::DevicePrivateWrite),
            (config.device_private, T::DevicePrivateRead),
            (
                config.device_private && (DEVICE_EXCLUSIVE..ONE_DEVICE_EXCLUSIVE).contains(&kernel),
                T::DeviceExclusiveWrite,
            ),
            (
                config.device_private && (DEVICE_EXCLUSIVE..ONE_DEVICE_EXCLUSIVE).contains(&kernel),
                T::DeviceExclusiveRead,
            ),
            (config.device_private && kernel >= ONE_DEVICE_EXCLUSIVE, T::DeviceExclusive),
            (kernel >= MARKER_ALWAYS || kernel >= MARKER_OPTION && config.pte_marker, T::Marker),
            ((SWAPIN_ERROR..MARKER_ALWAYS).contains(&kernel), T::SwapinError),
        ];
        let mut meanings = [T::Swap; TYPES];
        let present = upwards.into_iter().rev().filter(|(present, _)| *present);
        for (slot, (_, meaning)) in meanings.iter_mut().rev().zip(present) {
            *slot = meaning;
        }
        Self { kernel, pfn_bits: config.pfn_bits, meanings }
    }

    /// The kernel.
    #[must_use]
    pub const fn kernel(&self) -> KernelVersion {
        self.kernel
    }

    /// `SWP_PFN_BITS` of the kernel's build.
    #[must_use]
    pub const fn pfn_bits(&self) -> u32 {
        self.pfn_bits
    }

    /// `MAX_SWAPFILES`: how many types, from 0 up, are swap files.
    #[must_use]
    pub fn max_swapfiles(&self) -> usize {
        self.meanings.iter().filter(|meaning| **meaning == SoftleafType::Swap).count()
    }

    /// What a type means.
    #[must_use]
    pub fn meaning(&self, swp_type: SwpType) -> SoftleafType {
        // Every swap type is below the length of the table.
        self.meanings
            .iter()
            .zip(0..)
            .find(|(_, number)| *number == swp_type.get())
            .map_or(SoftleafType::Swap, |(m, _)| *m)
    }

    /// The number of a type other than the swap files', if this kernel has it.
    #[must_use]
    pub fn number(&self, meaning: SoftleafType) -> Option<u64> {
        (0..).zip(&self.meanings).skip(self.max_swapfiles()).find(|(_, m)| **m == meaning).map(|(number, _)| number)
    }

    /// The flags that a marker of this kernel can have, `PTE_MARKER_MASK`; 0 where there are no markers.
    #[must_use]
    pub fn marker_mask(&self) -> u64 {
        match self.kernel {
            kernel if kernel >= MARKER_GUARD => 0b111,
            kernel if kernel >= MARKER_ALWAYS => 0b11,
            kernel if kernel >= MARKER_OPTION => 0b1,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The constants of compiled kernels are held against this numbering by the conformance run; here is only what a
    /// reader should see at a glance.
    #[test]
    fn everything_on() {
        let numbers = |kernel: &str| {
            let types = SwapTypes::new(kernel.parse().unwrap(), Config::of("x86_64", kernel.parse().unwrap()));
            let first = |meaning| types.number(meaning);
            (
                types.max_swapfiles(),
                first(SoftleafType::Hwpoison),
                first(SoftleafType::Migration(Access::Write)),
                first(SoftleafType::DevicePrivateWrite),
                first(SoftleafType::Marker),
            )
        };
        assert_eq!(numbers("5.10"), (27, Some(27), Some(29), Some(30), None));
        assert_eq!(numbers("6.1"), (22, Some(22), Some(25), Some(26), Some(30)));
        assert_eq!(numbers("6.12"), (23, Some(23), Some(26), Some(27), Some(31)));
        assert_eq!(numbers("7.2"), (24, Some(24), Some(27), Some(28), Some(31)));
    }

    #[test]
    fn nothing_on_leaves_every_type_to_the_swap_files() {
        let none = Config::NONE;
        assert_eq!(SwapTypes::new(KernelVersion::new(5, 10), none).max_swapfiles(), 32);
        assert_eq!(SwapTypes::new(KernelVersion::new(6, 12), none).max_swapfiles(), 31);
    }
}
