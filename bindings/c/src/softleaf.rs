//! What a non-present entry is, by the numbering of a kernel.

use core::ffi::{CStr, c_char};

use swp_pte_atlas::{Access, SoftleafType};

use crate::{Entry, Kernel, Status, give, status};

/// What a swap type means; the kernel's newer name for them all is softleaf.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Meaning {
    /// The index of a swap file.
    Swap = 0,
    /// `SWP_HWPOISON`.
    Hwpoison = 1,
    /// `SWP_MIGRATION_READ`.
    MigrationRead = 2,
    /// `SWP_MIGRATION_READ_EXCLUSIVE`.
    MigrationReadExclusive = 3,
    /// `SWP_MIGRATION_WRITE`.
    MigrationWrite = 4,
    /// `SWP_DEVICE_WRITE`.
    DevicePrivateWrite = 5,
    /// `SWP_DEVICE_READ`.
    DevicePrivateRead = 6,
    /// `SWP_DEVICE_EXCLUSIVE_WRITE`.
    DeviceExclusiveWrite = 7,
    /// `SWP_DEVICE_EXCLUSIVE_READ`.
    DeviceExclusiveRead = 8,
    /// `SWP_DEVICE_EXCLUSIVE`.
    DeviceExclusive = 9,
    /// `SWP_PTE_MARKER`: a note about the address, no page.
    Marker = 10,
    /// `SWP_SWAPIN_ERROR`.
    SwapinError = 11,
    /// `SWP_USERSWAP_ENTRY` of openEuler.
    Userswap = 12,
    /// One of several, and it is not known which.
    Unnamed = 13,
}

impl Meaning {
    /// In the order of the numbers, with their names.
    const ALL: [(Self, &'static CStr); 14] = [
        (Self::Swap, c"swap"),
        (Self::Hwpoison, c"hwpoison"),
        (Self::MigrationRead, c"migration-read"),
        (Self::MigrationReadExclusive, c"migration-read-exclusive"),
        (Self::MigrationWrite, c"migration-write"),
        (Self::DevicePrivateWrite, c"device-private-write"),
        (Self::DevicePrivateRead, c"device-private-read"),
        (Self::DeviceExclusiveWrite, c"device-exclusive-write"),
        (Self::DeviceExclusiveRead, c"device-exclusive-read"),
        (Self::DeviceExclusive, c"device-exclusive"),
        (Self::Marker, c"marker"),
        (Self::SwapinError, c"swapin-error"),
        (Self::Userswap, c"userswap"),
        (Self::Unnamed, c"unnamed"),
    ];

    pub(crate) const fn of(meaning: SoftleafType) -> Self {
        match meaning {
            SoftleafType::Swap => Self::Swap,
            SoftleafType::Hwpoison => Self::Hwpoison,
            SoftleafType::Migration(Access::Read) => Self::MigrationRead,
            SoftleafType::Migration(Access::ReadExclusive) => Self::MigrationReadExclusive,
            SoftleafType::Migration(Access::Write) => Self::MigrationWrite,
            SoftleafType::DevicePrivateWrite => Self::DevicePrivateWrite,
            SoftleafType::DevicePrivateRead => Self::DevicePrivateRead,
            SoftleafType::DeviceExclusiveWrite => Self::DeviceExclusiveWrite,
            SoftleafType::DeviceExclusiveRead => Self::DeviceExclusiveRead,
            SoftleafType::DeviceExclusive => Self::DeviceExclusive,
            SoftleafType::Marker => Self::Marker,
            SoftleafType::SwapinError => Self::SwapinError,
            SoftleafType::Userswap => Self::Userswap,
            // One that is newer than this header has no name here.
            _ => Self::Unnamed,
        }
    }
}

/// An entry, named.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Softleaf {
    /// The page frame of migration, device and hwpoison entries; 0 for others.
    pub pfn: u64,
    /// Of a PTE marker, the flags that the kernel has a name for (`PTE_MARKER_*`); 0 for others.
    pub marker_flags: u64,
    /// A `swp_pte_meaning`.
    pub meaning: u32,
}

/// What an entry of a kernel is.
///
/// # Errors
/// `SWP_PTE_STATUS_TYPE_OUT_OF_RANGE` for an entry whose type is above 31; `SWP_PTE_STATUS_BAD_ARGUMENT` for a kernel that
/// `swp_pte_find` did not fill in; `SWP_PTE_STATUS_NULL_POINTER`.
///
/// # Safety
/// `kernel` is null or can be read; `softleaf` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_name_entry(kernel: *const Kernel, entry: Entry, softleaf: *mut Softleaf) -> Status {
    if kernel.is_null() {
        return Status::NullPointer;
    }
    // SAFETY: the caller's promise; every field is a number, which can be any.
    let kernel = unsafe { kernel.read_unaligned() };
    // SAFETY: likewise.
    status(name(&kernel, entry).and_then(|found| unsafe { give(softleaf, found) }))
}

fn name(kernel: &Kernel, entry: Entry) -> Result<Softleaf, Status> {
    let index = usize::try_from(entry.type_).unwrap_or(usize::MAX);
    let number = *kernel.meaning.get(index).ok_or(Status::TypeOutOfRange)?;
    let (meaning, _) = Meaning::ALL.get(usize::from(number)).ok_or(Status::BadArgument)?;
    let mask = match kernel.pfn_bits {
        0 => u64::MAX,
        bits => 1_u64.checked_shl(bits).ok_or(Status::BadArgument)?.wrapping_sub(1),
    };
    let (pfn, marker_flags) = match meaning {
        Meaning::Swap | Meaning::SwapinError | Meaning::Userswap | Meaning::Unnamed => (0, 0),
        Meaning::Marker => (0, entry.offset & kernel.marker_mask),
        _ => (entry.offset & mask, 0),
    };
    Ok(Softleaf { pfn, marker_flags, meaning: number.into() })
}

/// The name of a meaning, as `migration-read`: constant, with a NUL at its end. Null for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_meaning_name(meaning: u32) -> *const c_char {
    let index = usize::try_from(meaning).unwrap_or(usize::MAX);
    Meaning::ALL.get(index).map_or(core::ptr::null(), |(_, name)| name.as_ptr())
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::ffi::CString;
    use std::vec::Vec;

    use swp_pte::{Release, SwpEntry};
    use swp_pte_atlas::{ROWS, Softleaf as Known, find_release};

    use super::*;
    use crate::swp_pte_find;

    #[test]
    fn the_names_are_in_the_order_of_their_numbers() {
        for (number, (meaning, _)) in (0..).zip(Meaning::ALL) {
            assert_eq!(meaning as u8, number);
        }
    }

    /// The atlas has an own way to the same answer.
    #[test]
    fn an_entry_is_what_the_atlas_calls_it() {
        let mut named = Vec::new();
        for row in ROWS {
            let source = row.layout().source;
            let release: Release = source.kernels.first.into();
            let Ok(found) = find_release(source.variant, &release) else { continue };
            let types = found.swap_types(|_| None, None);
            let texts = [source.variant, release.as_str()].map(|text| CString::new(text).unwrap());
            let mut kernel = core::mem::MaybeUninit::uninit();
            // SAFETY: two texts with their NUL, and room.
            let status =
                unsafe { swp_pte_find(texts[0].as_ptr(), texts[1].as_ptr(), core::ptr::null(), kernel.as_mut_ptr()) };
            assert_eq!(status, Status::Ok, "{} {release}", source.variant);
            // SAFETY: it was filled in.
            let kernel = unsafe { kernel.assume_init() };
            for number in 0_u32..32 {
                for offset in [1, 7, 0x1234, row.layout().max_offset()] {
                    let entry = SwpEntry::from_parts(number.into(), offset).unwrap();
                    let known = Known::of(entry, &types, found.row);
                    let ours = Entry { offset, type_: number, ..Entry::default() };
                    let ours = name(&kernel, ours).unwrap();
                    assert_eq!(Meaning::ALL[ours.meaning as usize].1.to_str(), Ok(known.name()));
                    let pfn = match known {
                        Known::Migration { pfn, .. }
                        | Known::DevicePrivate { pfn, .. }
                        | Known::DeviceExclusive { pfn, .. }
                        | Known::Hwpoison { pfn } => pfn,
                        _ => 0,
                    };
                    assert_eq!(ours.pfn, pfn, "{} {release} {entry:?}", source.variant);
                    let flags = match known {
                        Known::Marker(markers) => offset & !markers.unknown,
                        _ => 0,
                    };
                    assert_eq!(ours.marker_flags, flags);
                    named.push(ours.meaning);
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        // Of the fourteen an upstream kernel with everything on has all but these two.
        let all: Vec<u32> =
            (0..14).filter(|n| ![Meaning::Userswap as u32, Meaning::Unnamed as u32].contains(n)).collect();
        assert_eq!(named, all);
    }
}
