//! What a kernel's core has that decides the numbering of swap types and the meaning of offsets.
//!
//! Upstream's follows from the release; a vendor takes pieces of later releases, so that its numbering can be one that no
//! upstream release had. This is those pieces.

use swp_pte::{KernelRange, KernelVersion};

pub(super) const fn since(major: u16, minor: u16) -> KernelVersion {
    KernelVersion::new(major, minor)
}

/// `SWP_DEVICE_WRITE`, `_READ`. Commit 5042db43cc26, "`mm/ZONE_DEVICE`: new type of `ZONE_DEVICE` for unaddressable memory".
pub(super) const DEVICE_PRIVATE: KernelVersion = since(4, 14);
/// `SWP_DEVICE_EXCLUSIVE_WRITE`, `_READ`. Commit b756a3b5e7ea, "mm: device exclusive memory access".
pub(super) const DEVICE_EXCLUSIVE: KernelVersion = since(5, 14);
/// `SWP_MIGRATION_READ_EXCLUSIVE`, between read and write. Commit 6c287605fd56, "mm: remember exclusively mapped
/// anonymous pages with `PG_anon_exclusive`".
pub(super) const READ_EXCLUSIVE: KernelVersion = since(5, 19);
/// `SWP_PTE_MARKER`, behind `CONFIG_PTE_MARKER`. Commit 679d10331910, "mm: introduce `PTE_MARKER` swap entry".
const MARKER_OPTION: KernelVersion = since(5, 19);
/// `SWP_SWAPIN_ERROR`, always. Commit 9f186f9e5fa9, "mm/swapfile: `unuse_pte` can map random data if swap read fails".
const SWAPIN_ERROR: KernelVersion = since(5, 19);
/// The first kernel that divides the offset: commits 0d206b5d2e0d and 2e3468778dbe.
pub(super) const SWP_PFN_BITS: KernelVersion = since(6, 1);
/// `SWP_PTE_MARKER`, always, and its flag `PTE_MARKER_SWAPIN_ERROR` (from 6.6 `PTE_MARKER_POISONED`) in place of
/// `SWP_SWAPIN_ERROR`. Commits ca92ea3dc5a2, "mm: always compile in pte markers", and 15520a3f0469, "mm: use pte
/// markers for swap errors".
pub(super) const MARKER_ALWAYS: KernelVersion = since(6, 2);
/// `PTE_MARKER_GUARD`. Commit 7c53dfbdb024, "mm: add `PTE_MARKER_GUARD` PTE marker"; absent in 6.12, in 7.2 measured.
pub(super) const MARKER_GUARD: KernelVersion = since(6, 13);
/// One `SWP_DEVICE_EXCLUSIVE` in place of two. Commit c25465eb7630, "mm: use single `SWP_DEVICE_EXCLUSIVE` entry type".
pub(super) const ONE_DEVICE_EXCLUSIVE: KernelVersion = since(6, 15);

/// Whether a kernel has a type, and what decides.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Presence {
    /// It has not.
    Never,
    /// If an option of its configuration is on.
    Option,
    /// It has.
    Always,
}

/// What a kernel's core has, as far as its swap entries depend on it (`include/linux/swap.h`, `include/linux/swapops.h`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Numbering {
    /// `SWP_MIGRATION_READ_EXCLUSIVE`.
    pub read_exclusive: bool,
    /// `SWP_DEVICE_WRITE` and `SWP_DEVICE_READ`, if the option is on.
    pub device_private: bool,
    /// How many types device-exclusive entries have: 0, 1 or 2.
    pub device_exclusive: u8,
    /// `SWP_PTE_MARKER`.
    pub marker: Presence,
    /// `SWP_SWAPIN_ERROR`.
    pub swapin_error: bool,
    /// The flags that a marker can have, `PTE_MARKER_MASK`.
    pub marker_mask: u64,
    /// Whether the low `SWP_PFN_BITS` of an offset are the page frame number, with flags above; else all of it is.
    pub divides_offset: bool,
}

impl Numbering {
    /// That of an upstream release.
    #[must_use]
    pub const fn of(kernel: KernelVersion) -> Self {
        const fn has(first: KernelVersion, kernel: KernelVersion) -> bool {
            KernelRange::since(first).contains(kernel)
        }
        Self {
            read_exclusive: has(READ_EXCLUSIVE, kernel),
            device_private: has(DEVICE_PRIVATE, kernel),
            device_exclusive: if has(ONE_DEVICE_EXCLUSIVE, kernel) {
                1
            } else if has(DEVICE_EXCLUSIVE, kernel) {
                2
            } else {
                0
            },
            marker: if has(MARKER_ALWAYS, kernel) {
                Presence::Always
            } else if has(MARKER_OPTION, kernel) {
                Presence::Option
            } else {
                Presence::Never
            },
            swapin_error: has(SWAPIN_ERROR, kernel) && !has(MARKER_ALWAYS, kernel),
            marker_mask: if has(MARKER_GUARD, kernel) {
                0b111
            } else if has(MARKER_ALWAYS, kernel) {
                0b11
            } else if has(MARKER_OPTION, kernel) {
                0b1
            } else {
                0
            },
            divides_offset: has(SWP_PFN_BITS, kernel),
        }
    }

    /// The same with or without `SWP_SWAPIN_ERROR`.
    #[must_use]
    pub const fn with_swapin_error(self, swapin_error: bool) -> Self {
        Self { swapin_error, ..self }
    }

    /// The same with these flags of a marker.
    #[must_use]
    pub const fn with_marker_mask(self, marker_mask: u64) -> Self {
        Self { marker_mask, ..self }
    }

    /// The same with or without a division of the offset.
    #[must_use]
    pub const fn with_divided_offset(self, divides_offset: bool) -> Self {
        Self { divides_offset, ..self }
    }
}
