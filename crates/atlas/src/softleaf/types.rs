//! The numbering of the swap types above the swap files, by kernel version and configuration.
//!
//! From `MAX_SWAPFILES` upwards, in this order (`include/linux/swap.h`, `include/linux/swapops.h`): hwpoison,
//! migration, device, marker, swap-in error; each group only if the kernel was built with it, so that every one that
//! is missing moves `MAX_SWAPFILES` up.

use swp_pte::{KernelOption, KernelVersion, SwpType};

use super::Access;
use super::numbering::{
    DEVICE_EXCLUSIVE, DEVICE_PRIVATE, MARKER_ALWAYS, MARKER_GUARD, Numbering, ONE_DEVICE_EXCLUSIVE, Presence,
    READ_EXCLUSIVE, SWP_PFN_BITS, since,
};

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
    /// `CONFIG_USERSWAP`, of openEuler only: one type more, the topmost.
    pub userswap: bool,
    /// `SWP_PFN_BITS`: how many low bits of an offset are the page frame number, from 6.1 on.
    pub pfn_bits: u32,
}

impl Config {
    /// Nothing on, and page frame numbers as wide as an offset can be.
    pub const NONE: Self = Self {
        memory_failure: false,
        migration: false,
        device_private: false,
        pte_marker: false,
        userswap: false,
        pfn_bits: 59,
    };

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
            KernelOption::Userswap => self.userswap = on,
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
    /// `SWP_USERSWAP_ENTRY` of openEuler: a page that userspace keeps.
    Userswap,
    /// One of several, and it is not known which: [`SwapTypes::possible`] has them.
    Unnamed,
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
            Self::Userswap => "userswap",
            Self::Unnamed => "unnamed",
        }
    }
}

/// Every meaning that a type can have, in the order of their bits in [`Meanings`].
const MEANINGS: [SoftleafType; 13] = [
    SoftleafType::Swap,
    SoftleafType::Hwpoison,
    SoftleafType::Migration(Access::Read),
    SoftleafType::Migration(Access::ReadExclusive),
    SoftleafType::Migration(Access::Write),
    SoftleafType::DevicePrivateWrite,
    SoftleafType::DevicePrivateRead,
    SoftleafType::DeviceExclusiveWrite,
    SoftleafType::DeviceExclusiveRead,
    SoftleafType::DeviceExclusive,
    SoftleafType::Marker,
    SoftleafType::SwapinError,
    SoftleafType::Userswap,
];

/// What a type can mean, a bit for each of `MEANINGS`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Meanings(u16);

impl Meanings {
    fn of(meaning: SoftleafType) -> Self {
        Self((0..).zip(&MEANINGS).filter(|(_, one)| **one == meaning).fold(0, |bits, (bit, _)| bits | 1 << bit))
    }

    /// Each of them.
    pub fn all(self) -> impl Iterator<Item = SoftleafType> {
        (0..).zip(MEANINGS).filter(move |(bit, _)| self.0 >> *bit & 1 != 0).map(|(_, meaning)| meaning)
    }

    /// The one, or [`SoftleafType::Unnamed`].
    #[must_use]
    pub fn meaning(self) -> SoftleafType {
        let mut all = self.all();
        match (all.next(), all.next()) {
            (Some(only), None) => only,
            _ => SoftleafType::Unnamed,
        }
    }
}

/// Number of swap types, `1 << MAX_SWAPFILES_SHIFT`.
const TYPES: usize = 32;

/// The meaning of every swap type in one kernel. Where it is not known which of several numberings the kernel has, a type
/// has a meaning if all of them agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwapTypes {
    pfn_bits: u32,
    divides_offset: bool,
    marker_mask: u64,
    meanings: [Meanings; TYPES],
}

impl SwapTypes {
    /// The kernels whose numbering, whose markers, or whose division of the offset differ from those of the kernel before,
    /// in any variant's [`Config::of`]; in order.
    pub const CHANGES: &'static [KernelVersion] = &[
        DEVICE_PRIVATE,
        since(4, 15),
        since(5, 10),
        DEVICE_EXCLUSIVE,
        READ_EXCLUSIVE,
        SWP_PFN_BITS,
        MARKER_ALWAYS,
        since(6, 11),
        MARKER_GUARD,
        ONE_DEVICE_EXCLUSIVE,
        since(6, 17),
    ];

    /// The numbering of an upstream kernel with a configuration.
    #[must_use]
    pub fn new(kernel: KernelVersion, config: Config) -> Self {
        Self::numbered(Numbering::of(kernel), config)
    }

    /// A numbering with a configuration.
    #[must_use]
    pub fn numbered(numbering: Numbering, config: Config) -> Self {
        use SoftleafType as T;
        let device_exclusive = |types: u8| config.device_private && numbering.device_exclusive == types;
        let upwards = [
            (config.memory_failure, T::Hwpoison),
            (config.migration, T::Migration(Access::Read)),
            (config.migration && numbering.read_exclusive, T::Migration(Access::ReadExclusive)),
            (config.migration, T::Migration(Access::Write)),
            (config.device_private && numbering.device_private, T::DevicePrivateWrite),
            (config.device_private && numbering.device_private, T::DevicePrivateRead),
            (device_exclusive(2), T::DeviceExclusiveWrite),
            (device_exclusive(2), T::DeviceExclusiveRead),
            (device_exclusive(1), T::DeviceExclusive),
            (
                match numbering.marker {
                    Presence::Never => false,
                    Presence::Option => config.pte_marker,
                    Presence::Always => true,
                },
                T::Marker,
            ),
            (numbering.swapin_error, T::SwapinError),
            (config.userswap, T::Userswap),
        ];
        let mut meanings = [Meanings::of(T::Swap); TYPES];
        let present = upwards.into_iter().rev().filter(|(present, _)| *present);
        for (slot, (_, meaning)) in meanings.iter_mut().rev().zip(present) {
            *slot = Meanings::of(meaning);
        }
        Self {
            pfn_bits: config.pfn_bits,
            divides_offset: numbering.divides_offset,
            marker_mask: numbering.marker_mask,
            meanings,
        }
    }

    /// What is common to this numbering and another, if it is not known which of the two a kernel has: flags of a marker that
    /// both know, and the offset divided if it is in either, which a reader of the page frame number must reckon with.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (one, other) in self.meanings.iter_mut().zip(other.meanings) {
            one.0 |= other.0;
        }
        self.divides_offset |= other.divides_offset;
        self.marker_mask &= other.marker_mask;
        self
    }

    /// `SWP_PFN_BITS` of the kernel's build.
    #[must_use]
    pub const fn pfn_bits(&self) -> u32 {
        self.pfn_bits
    }

    /// Whether the low [`SwapTypes::pfn_bits`] of an offset are the page frame number; else all of it is.
    #[must_use]
    pub const fn divides_offset(&self) -> bool {
        self.divides_offset
    }

    /// `MAX_SWAPFILES`: how many types, from 0 up, are swap files; the fewest that it can be.
    #[must_use]
    pub fn max_swapfiles(&self) -> usize {
        self.meanings.iter().take_while(|meanings| meanings.meaning() == SoftleafType::Swap).count()
    }

    /// What a type means.
    #[must_use]
    pub fn meaning(&self, swp_type: SwpType) -> SoftleafType {
        self.possible(swp_type).meaning()
    }

    /// What a type can mean: several where it has no one [`SwapTypes::meaning`].
    #[must_use]
    pub fn possible(&self, swp_type: SwpType) -> Meanings {
        // Every swap type is below the length of the table.
        let slot = self.meanings.iter().zip(0..).find(|(_, number)| *number == swp_type.get());
        slot.map_or(Meanings::of(SoftleafType::Swap), |(meanings, _)| *meanings)
    }

    /// The number of a type other than the swap files', if this kernel has it for certain.
    #[must_use]
    pub fn number(&self, meaning: SoftleafType) -> Option<u64> {
        let mut above = (0..).zip(&self.meanings).skip(self.max_swapfiles());
        above.find(|(_, meanings)| meanings.meaning() == meaning).map(|(number, _)| number)
    }

    /// The flags that a marker of this kernel can have, `PTE_MARKER_MASK`; 0 where there are no markers.
    #[must_use]
    pub const fn marker_mask(&self) -> u64 {
        self.marker_mask
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
