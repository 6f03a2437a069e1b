//! What a kernel has: its layout, the numbering of its swap types, and what had to be assumed.

use core::ffi::{CStr, c_char};

use swp_pte::{KernelOption, Level, Release, SwpType};
use swp_pte_atlas::{Assumption, find_release, find_release_at};

use crate::{Layout, Meaning, Status, give, status, text};

/// How well a fact is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Grade {
    /// The kernel's own headers were compiled and asked.
    Measured = 0,
    /// Words were taken out of a running kernel.
    Captured = 1,
    /// The header was read.
    Read = 2,
    /// A changelog says so.
    Changelog = 3,
}

impl From<swp_pte::Grade> for Grade {
    fn from(grade: swp_pte::Grade) -> Self {
        match grade {
            swp_pte::Grade::Measured => Self::Measured,
            swp_pte::Grade::Captured => Self::Captured,
            swp_pte::Grade::Read => Self::Read,
            // The weakest, for one that is newer than this header.
            _ => Self::Changelog,
        }
    }
}

/// An option of the kernel's configuration that moves swap types: a bit of `swp_pte_build`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Option {
    /// `CONFIG_MEMORY_FAILURE`.
    MemoryFailure = 1,
    /// `CONFIG_MIGRATION`.
    Migration = 2,
    /// `CONFIG_DEVICE_PRIVATE`.
    DevicePrivate = 4,
    /// `CONFIG_PTE_MARKER`, of 5.19 to 6.1.
    PteMarker = 8,
    /// `CONFIG_USERSWAP`, of openEuler.
    Userswap = 16,
}

impl Option {
    const fn of(option: KernelOption) -> u32 {
        match option {
            KernelOption::MemoryFailure => Self::MemoryFailure as u32,
            KernelOption::Migration => Self::Migration as u32,
            KernelOption::DevicePrivate => Self::DevicePrivate as u32,
            KernelOption::PteMarker => Self::PteMarker as u32,
            KernelOption::Userswap => Self::Userswap as u32,
            // An option that is newer than this header cannot be said.
            _ => 0,
        }
    }
}

/// How a kernel was built, as far as it is known; what is not said is taken for all that the kernel can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Build {
    /// Options that are on, `swp_pte_option` joined.
    pub on: u32,
    /// Options that are off.
    pub off: u32,
    /// `SWP_PFN_BITS`; 0 where it is not known.
    pub pfn_bits: u32,
}

/// What was assumed of a release, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Assumed {
    /// The vendor's kernels of this series are not in the record: upstream's are taken.
    Vendor = 1,
    /// The vendor's numbering of types is not: upstream's is taken.
    Types = 2,
    /// The build is not given: the latest is taken.
    Build = 4,
    /// The record begins with a later build of this vendor.
    Earlier = 8,
    /// The record ends with an earlier build of this vendor.
    Later = 16,
    /// The third number is not given: it is taken to be updated.
    Stable = 32,
    /// The kernel is newer than every one measured.
    Newer = 64,
    /// It has `PG_anon_exclusive`, which its version does not.
    Markers = 128,
    /// Commits on the way to a release with another layout.
    Towards = 256,
    /// Something that is newer than this header.
    Other = 512,
}

impl Assumed {
    const ALL: [(Self, &'static CStr); 10] = [
        (Self::Vendor, c"the record does not have this vendor's kernels of the series: taken for upstream's"),
        (Self::Types, c"how the vendor numbers its swap types is not in the record: taken for upstream's"),
        (Self::Build, c"the vendor's build is not given: the latest is taken"),
        (Self::Earlier, c"the record begins with a later build of this vendor: taken to be alike"),
        (Self::Later, c"the record ends with an earlier build of this vendor: nothing is taken to have changed"),
        (Self::Stable, c"the third number is not given: the series is taken to be updated"),
        (Self::Newer, c"the kernel is newer than every one measured: nothing is taken to have changed"),
        (Self::Markers, c"it has PG_anon_exclusive: its bits are taken for those of the first release that has"),
        (Self::Towards, c"commits on the way to a release with another layout: that of the release before is taken"),
        (Self::Other, c"something that this version has no name for"),
    ];

    const fn of(assumption: Assumption) -> Self {
        match assumption {
            Assumption::Vendor { .. } => Self::Vendor,
            Assumption::Types { .. } => Self::Types,
            Assumption::Build { .. } => Self::Build,
            Assumption::Earlier { .. } => Self::Earlier,
            Assumption::Later { .. } => Self::Later,
            Assumption::Stable { .. } => Self::Stable,
            Assumption::Newer { .. } => Self::Newer,
            Assumption::Markers { .. } => Self::Markers,
            Assumption::Towards { .. } => Self::Towards,
            _ => Self::Other,
        }
    }
}

/// The sentence for one bit of `assumed`, in English, without a full stop: constant, with a NUL at its end. Null for a number
/// that is not one of the bits.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_assumed_message(bit: u32) -> *const c_char {
    let found = Assumed::ALL.iter().find(|(assumed, _)| *assumed as u32 == bit);
    found.map_or(core::ptr::null(), |(_, message)| message.as_ptr())
}

/// What a kernel has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Kernel {
    /// What its encoders know as `PTE_MARKER_MASK`.
    pub marker_mask: u64,
    /// The layout of its swap PTEs.
    pub layout: Layout,
    /// That of the level above, where it can be told; else none. Mostly the same.
    pub pmd_layout: Layout,
    /// How many swap files it can have: `MAX_SWAPFILES`.
    pub max_swapfiles: u32,
    /// The low bits of an offset that are the page frame number, above the swap files; 0 where all of it is.
    pub pfn_bits: u32,
    /// How the bits are known, a `swp_pte_grade`.
    pub bits_grade: u32,
    /// How the numbering of types is known, a `swp_pte_grade`.
    pub types_grade: u32,
    /// What was assumed, `swp_pte_assumed` joined; 0 where nothing was.
    pub assumed: u32,
    /// What each swap type is, a `swp_pte_meaning`.
    pub meaning: [u8; 32],
    /// 1 if this kernel's own `pte_swp_exclusive()` says no of every word (alpha before 6.16): the marker is there, and unseen.
    pub exclusive_unseen: u8,
}

/// What a variant has in a kernel's release, as `uname -r` prints it: `6.12.0-55.el10.x86_64`. `build` may be null.
///
/// # Errors
/// `SWP_PTE_STATUS_UNKNOWN_VARIANT`, `SWP_PTE_STATUS_NOT_A_RELEASE`, `SWP_PTE_STATUS_TOO_OLD`, `SWP_PTE_STATUS_REMOVED`, `SWP_PTE_STATUS_UNCERTAIN`;
/// `SWP_PTE_STATUS_BAD_ARGUMENT` for an option that is on and off; `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_TEXT`.
///
/// # Safety
/// The texts are null or end with a NUL; `build` is null or can be read; `kernel` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_find(
    variant: *const c_char,
    release: *const c_char,
    build: *const Build,
    kernel: *mut Kernel,
) -> Status {
    // SAFETY: the caller's promise, of each.
    let (variant, release) = unsafe { (text::read(variant), text::read(release)) };
    // SAFETY: likewise.
    let build = if build.is_null() { Build::default() } else { unsafe { build.read_unaligned() } };
    let found = variant.and_then(|variant| find(variant, release?, build));
    // SAFETY: likewise.
    status(found.and_then(|found| unsafe { give(kernel, found) }))
}

fn find(variant: &str, release: &str, build: Build) -> Result<Kernel, Status> {
    if build.on & build.off != 0 || build.pfn_bits >= u64::BITS {
        return Err(Status::BadArgument);
    }
    let release: Release = release.parse().map_err(|_| Status::NotARelease)?;
    let found = find_release(variant, &release)?;
    let said = |option| {
        let bit = Option::of(option);
        if build.on & bit != 0 { Some(true) } else { (build.off & bit != 0).then_some(false) }
    };
    let types = found.swap_types(said, (build.pfn_bits != 0).then_some(build.pfn_bits));
    let mut meaning = [0; 32];
    for (number, slot) in (0..).zip(&mut meaning) {
        let swp_type = SwpType::new(number).map_err(|_| Status::Other)?;
        *slot = Meaning::of(types.meaning(swp_type)) as u8;
    }
    let pmd = find_release_at(variant, Level::Pmd, &release).ok();
    Ok(Kernel {
        marker_mask: types.marker_mask(),
        layout: Layout::of(found.row)?,
        pmd_layout: pmd.and_then(|pmd| Layout::of(pmd.row).ok()).unwrap_or_default(),
        max_swapfiles: u32::try_from(types.max_swapfiles()).unwrap_or_default(),
        pfn_bits: if types.divides_offset() { types.pfn_bits() } else { 0 },
        bits_grade: Grade::from(found.bits.grade) as u32,
        types_grade: Grade::from(found.types_from.grade) as u32,
        assumed: found.assumed.iter().fold(0, |bits, one| bits | Assumed::of(one) as u32),
        meaning,
        exclusive_unseen: found
            .row
            .layout()
            .unseen_exclusive
            .is_some_and(|kernels| kernels.contains(release.series()))
            .into(),
    })
}
