//! What a non-present entry is, in the kernel's own terms (its newer name for them all is *softleaf*).
//!
//! The swap type decides: the types below `MAX_SWAPFILES` are swap files, those above mean something else, and which
//! ones depends on the kernel and its configuration. That numbering is in `types`; what the offset then
//! means is here.

mod numbering;
mod types;

pub use numbering::{Numbering, Presence};
pub use types::{Config, Meanings, SoftleafType, SwapTypes};

use swp_pte::{SwpEntry, SwpOffset, SwpType};

use crate::Row;

/// What a process could do with a page before it was put away.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Access {
    /// Read; the page may be shared.
    Read,
    /// Read, and the page was exclusive.
    ReadExclusive,
    /// Write.
    Write,
}

/// The flags of a PTE marker, `PTE_MARKER_*` (`include/linux/swapops.h`, `include/linux/leafops.h`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct Markers {
    /// Write-protected by userfaultfd, with no page.
    pub uffd_wp: bool,
    /// An access is an error (`SIGBUS`): the data could not be read back, or was poisoned through userfaultfd.
    pub poisoned: bool,
    /// A guard region (`MADV_GUARD_INSTALL`).
    pub guard: bool,
    /// Bits that the kernel has no name for.
    pub unknown: u64,
}

/// A decoded entry, named.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Softleaf {
    /// A page in a swap file.
    Swap {
        /// Which swap file.
        swp_type: SwpType,
        /// Where in it, in pages.
        offset: SwpOffset,
    },
    /// A page under migration.
    Migration {
        /// What the process could do with it.
        access: Access,
        /// The page frame it leaves.
        pfn: u64,
        /// Whether it was young, where the offset has room for that (`SWP_MIG_YOUNG_BIT`, from 6.1). An `x86_64`
        /// kernel that limits its swap files against L1TF may not use the two flags; the word does not say.
        young: Option<bool>,
        /// Whether it was dirty, likewise (`SWP_MIG_DIRTY_BIT`).
        dirty: Option<bool>,
    },
    /// A page in the memory of a device, unreachable for the CPU (`CONFIG_DEVICE_PRIVATE`).
    DevicePrivate {
        /// Whether the process could write to it.
        write: bool,
        /// The page frame in the device's range.
        pfn: u64,
    },
    /// A page in memory that a device has for itself for atomic access.
    DeviceExclusive {
        /// Whether the process could write to it; `None` in the kernels that no longer tell.
        write: Option<bool>,
        /// The page frame.
        pfn: u64,
    },
    /// A page with a hardware memory error.
    Hwpoison {
        /// The page frame.
        pfn: u64,
    },
    /// Not a page but a note about the address (`SWP_PTE_MARKER`).
    Marker(Markers),
    /// The page could not be read back from the swap file (`SWP_SWAPIN_ERROR`, before markers said it).
    SwapinError,
    /// A page that userspace keeps (`SWP_USERSWAP_ENTRY` of openEuler).
    Userswap,
    /// One of the things that [`SwapTypes::possible`] lists for its type; which of them is not known.
    Unnamed,
}

impl Softleaf {
    /// Names an entry, given the numbering of the kernel that wrote it and the row that it was decoded by: `SWP_PFN_BITS`
    /// of the one and the largest offset of the other say how the offset is divided.
    #[must_use]
    pub fn of(entry: SwpEntry, types: &SwapTypes, row: &Row) -> Self {
        let offset = entry.offset().get();
        let fields = OffsetFields::new(offset, types, row);
        let pfn = fields.pfn;
        match types.meaning(entry.swp_type()) {
            SoftleafType::Swap => Self::Swap { swp_type: entry.swp_type(), offset: entry.offset() },
            SoftleafType::Hwpoison => Self::Hwpoison { pfn },
            SoftleafType::Migration(access) => {
                Self::Migration { access, pfn, young: fields.young, dirty: fields.dirty }
            }
            SoftleafType::DevicePrivateRead => Self::DevicePrivate { write: false, pfn },
            SoftleafType::DevicePrivateWrite => Self::DevicePrivate { write: true, pfn },
            SoftleafType::DeviceExclusiveRead => Self::DeviceExclusive { write: Some(false), pfn },
            SoftleafType::DeviceExclusiveWrite => Self::DeviceExclusive { write: Some(true), pfn },
            SoftleafType::DeviceExclusive => Self::DeviceExclusive { write: None, pfn },
            SoftleafType::Marker => Self::Marker(Markers::new(offset, types.marker_mask())),
            SoftleafType::SwapinError => Self::SwapinError,
            SoftleafType::Userswap => Self::Userswap,
            SoftleafType::Unnamed => Self::Unnamed,
        }
    }

    /// The name: `swap`, `migration-read-exclusive`, `device-private-write`, `hwpoison`, `marker` …
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Swap { .. } => SoftleafType::Swap.name(),
            Self::Migration { access, .. } => SoftleafType::Migration(*access).name(),
            Self::DevicePrivate { write: false, .. } => SoftleafType::DevicePrivateRead.name(),
            Self::DevicePrivate { write: true, .. } => SoftleafType::DevicePrivateWrite.name(),
            Self::DeviceExclusive { write: None, .. } => SoftleafType::DeviceExclusive.name(),
            Self::DeviceExclusive { write: Some(false), .. } => SoftleafType::DeviceExclusiveRead.name(),
            Self::DeviceExclusive { write: Some(true), .. } => SoftleafType::DeviceExclusiveWrite.name(),
            Self::Hwpoison { .. } => SoftleafType::Hwpoison.name(),
            Self::Marker(_) => SoftleafType::Marker.name(),
            Self::SwapinError => SoftleafType::SwapinError.name(),
            Self::Userswap => SoftleafType::Userswap.name(),
            Self::Unnamed => SoftleafType::Unnamed.name(),
        }
    }
}

/// The offset of an entry that holds a page frame number.
struct OffsetFields {
    pfn: u64,
    young: Option<bool>,
    dirty: Option<bool>,
}

impl OffsetFields {
    /// From 6.1 on the page frame number has `SWP_PFN_BITS` bits, and `SWP_MIG_YOUNG_BIT` and `SWP_MIG_DIRTY_BIT`
    /// stand above it where the offset has two more bits (`swap_migration_ad_supported`). Before, it was the whole
    /// offset.
    fn new(offset: u64, types: &SwapTypes, row: &Row) -> Self {
        let bits = types.pfn_bits();
        if !types.divides_offset() {
            return Self { pfn: offset, young: None, dirty: None };
        }
        let pfn = offset & 1u64.checked_shl(bits).map_or(u64::MAX, |bit| bit - 1);
        let has_room = row.layout().swp_offset.written_bits() >= bits + 2;
        let flag = |bit: u32| has_room.then_some(offset >> bit & 1 != 0);
        Self { pfn, young: flag(bits), dirty: flag(bits + 1) }
    }
}

impl Markers {
    const UFFD_WP: u64 = 1;
    const POISONED: u64 = 1 << 1;
    const GUARD: u64 = 1 << 2;

    const fn new(offset: u64, known: u64) -> Self {
        let set = offset & known;
        Self {
            uffd_wp: set & Self::UFFD_WP != 0,
            poisoned: set & Self::POISONED != 0,
            guard: set & Self::GUARD != 0,
            unknown: offset & !known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;

    fn named(variant: &str, kernel: &str, swp_type: u64, offset: u64) -> Softleaf {
        let kernel = kernel.parse().unwrap();
        let entry = SwpEntry::from_parts(swp_type, offset).unwrap();
        Softleaf::of(entry, &SwapTypes::new(kernel, Config::of(variant, kernel)), find(variant, kernel).unwrap())
    }

    #[test]
    fn a_migration_entry_has_a_frame_and_two_flags_where_there_is_room() {
        let migration = |access, young, dirty| Softleaf::Migration { access, pfn: 0x1234, young, dirty };
        let offset = 0x1234 | 1 << 34;
        let room = migration(Access::Read, Some(true), Some(false));
        assert_eq!(named("x86_64", "6.12", 24, offset), room);
        // Before 6.1 the whole offset is the page frame number.
        let old = Softleaf::Migration { access: Access::Read, pfn: offset, young: None, dirty: None };
        assert_eq!(named("x86_64", "5.10", 28, offset), old);
        // rv32 has 20 bits of offset for 20 bits of page frame number.
        assert_eq!(named("riscv-rv32", "6.12", 30, 0x1234), migration(Access::Write, None, None));
    }

    #[test]
    fn markers_are_known_by_kernel() {
        let marker = |kernel| named("x86_64", kernel, if kernel == "6.1" { 30 } else { 31 }, 0b111);
        let all = Markers { uffd_wp: true, poisoned: true, guard: true, unknown: 0 };
        assert_eq!(marker("7.2"), Softleaf::Marker(all));
        assert_eq!(marker("6.12"), Softleaf::Marker(Markers { guard: false, unknown: 0b100, ..all }));
        let first = Markers { uffd_wp: true, unknown: 0b110, ..Markers::default() };
        assert_eq!(marker("6.1"), Softleaf::Marker(first));
    }

    /// The numbers are those of compiled kernels with everything on, upwards from `MAX_SWAPFILES`.
    #[test]
    fn every_entry_has_the_name_of_its_type() {
        let from = |first, kernel, names: &[&str]| {
            for (number, name) in (first..).zip(names) {
                let softleaf = named("x86_64", kernel, number, 1);
                assert_eq!(softleaf.name(), *name, "{kernel} {number}");
            }
        };
        let migration = ["hwpoison", "migration-read", "migration-read-exclusive", "migration-write"];
        let device = ["device-private-write", "device-private-read"];
        from(21, "6.1", &["swap"]);
        from(22, "6.1", &migration);
        from(26, "6.1", &device);
        from(28, "6.1", &["device-exclusive-write", "device-exclusive-read", "marker", "swapin-error"]);
        from(24, "7.2", &migration);
        from(28, "7.2", &device);
        from(30, "7.2", &["device-exclusive", "marker"]);
    }
}
