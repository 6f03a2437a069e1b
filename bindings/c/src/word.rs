//! Words: kind, entry, markers.

use swp_pte::{Flag, PteKind, SwpEntry};
use swp_pte_atlas::Word;

use crate::{Layout, Status, give, status};

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    /// `pte_none()`: no page is here.
    None = 0,
    /// `pte_present()`: it maps a page.
    Present = 1,
    /// Neither: a swap entry or another of the kernel's non-present entries.
    Swap = 2,
}

impl From<PteKind> for Kind {
    fn from(kind: PteKind) -> Self {
        match kind {
            PteKind::None => Self::None,
            PteKind::Present => Self::Present,
            PteKind::Swap => Self::Swap,
        }
    }
}

/// A marker of a swap PTE.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Marker {
    /// The exclusive marker, `pte_swp_exclusive()`: the page belongs to one process alone.
    Exclusive = 0,
    /// `pte_swp_soft_dirty()`.
    SoftDirty = 1,
    /// `pte_swp_uffd_wp()`: write-protected by userfaultfd.
    UffdWp = 2,
}

impl Marker {
    pub(crate) const ALL: [Self; 3] = [Self::Exclusive, Self::SoftDirty, Self::UffdWp];

    fn new(number: u32) -> Result<Self, Status> {
        Self::ALL.into_iter().find(|marker| *marker as u32 == number).ok_or(Status::BadArgument)
    }
}

impl From<Marker> for Flag {
    fn from(marker: Marker) -> Self {
        match marker {
            Marker::Exclusive => Self::Exclusive,
            Marker::SoftDirty => Self::SoftDirty,
            Marker::UffdWp => Self::UffdWp,
        }
    }
}

/// What a swap PTE holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Entry {
    /// The swap offset, in pages; above the swap files, what the type makes of it.
    pub offset: u64,
    /// Bits that no encoder leaves so; 0 for a word that a kernel wrote.
    pub stray: u64,
    /// The swap type, 0 to 31: a swap file, or one of the types above them.
    pub type_: u32,
    /// The markers that are set: bit `1 << SWP_PTE_MARKER_EXCLUSIVE` and so on. One that the layout does not have is 0.
    pub markers: u32,
}

/// The word of a layout.
pub(crate) fn word(layout: Layout, bits: u64) -> Result<Word, Status> {
    Ok(layout.row()?.word(bits)?)
}

/// The bits of the markers that are set.
pub(crate) fn markers(word: Word) -> u32 {
    let set = Marker::ALL.into_iter().filter(|marker| word.is_set((*marker).into()) == Some(true));
    set.fold(0, |bits, marker| bits | 1 << marker as u32)
}

/// What the kernel's predicates say of a word.
///
/// # Errors
/// `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_LAYOUT`, `SWP_PTE_STATUS_WORD_TOO_WIDE`.
///
/// # Safety
/// `kind` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_kind_of(layout: Layout, bits: u64, kind: *mut Kind) -> Status {
    // SAFETY: the caller's promise.
    status(word(layout, bits).and_then(|word| unsafe { give(kind, word.kind().into()) }))
}

/// The entry in a word, `pte_to_swp_entry()`, and its markers.
///
/// # Errors
/// `SWP_PTE_STATUS_NONE` and `SWP_PTE_STATUS_PRESENT` for words that are no swap PTE; `SWP_PTE_STATUS_TYPE_OUT_OF_RANGE` and
/// `SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE` where a field holds what no encoder writes; `SWP_PTE_STATUS_WORD_TOO_WIDE`, `SWP_PTE_STATUS_BAD_LAYOUT`,
/// `SWP_PTE_STATUS_NULL_POINTER`.
///
/// # Safety
/// `entry` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_decode(layout: Layout, bits: u64, entry: *mut Entry) -> Status {
    let found = word(layout, bits).and_then(|word| {
        let decoded = word.decode()?;
        let type_ = u32::try_from(decoded.swp_type().get()).unwrap_or_default();
        Ok(Entry { offset: decoded.offset().get(), stray: word.stray(), type_, markers: markers(word) })
    });
    // SAFETY: the caller's promise.
    status(found.and_then(|found| unsafe { give(entry, found) }))
}

/// The word for an entry, `swp_entry_to_pte()`, with all markers clear. `offset` is in pages.
///
/// # Errors
/// `SWP_PTE_STATUS_TYPE_OUT_OF_RANGE`, `SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE`, `SWP_PTE_STATUS_TYPE_LOST`, `SWP_PTE_STATUS_ENCODES_TO_PRESENT`,
/// `SWP_PTE_STATUS_ENCODES_TO_NONE`, `SWP_PTE_STATUS_IGNORED_BY_NONE` for an entry that the layout cannot hold; `SWP_PTE_STATUS_BAD_LAYOUT`,
/// `SWP_PTE_STATUS_NULL_POINTER`.
///
/// # Safety
/// `bits` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_encode(layout: Layout, type_: u64, offset: u64, bits: *mut u64) -> Status {
    let encoded = layout.row().and_then(|row| {
        let entry = SwpEntry::from_parts(type_, offset).map_err(swp_pte::EncodeError::from)?;
        Ok(row.encode(entry)?.bits())
    });
    // SAFETY: the caller's promise.
    status(encoded.and_then(|encoded| unsafe { give(bits, encoded) }))
}

/// Whether a marker of a word is set.
///
/// # Errors
/// `SWP_PTE_STATUS_NO_MARKER` where the layout does not have it, `SWP_PTE_STATUS_BAD_ARGUMENT` for a number that is no marker;
/// `SWP_PTE_STATUS_WORD_TOO_WIDE`, `SWP_PTE_STATUS_BAD_LAYOUT`, `SWP_PTE_STATUS_NULL_POINTER`.
///
/// # Safety
/// `set` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_is_set(layout: Layout, bits: u64, marker: u32, set: *mut bool) -> Status {
    let found = asked(layout, bits, marker).and_then(|(word, flag)| word.is_set(flag).ok_or(Status::NoMarker));
    // SAFETY: the caller's promise.
    status(found.and_then(|found| unsafe { give(set, found) }))
}

/// The word with a marker set.
///
/// # Errors
/// As `swp_pte_is_set`.
///
/// # Safety
/// `changed` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_set(layout: Layout, bits: u64, marker: u32, changed: *mut u64) -> Status {
    let found =
        asked(layout, bits, marker).and_then(|(word, flag)| word.set(flag).map(Word::bits).ok_or(Status::NoMarker));
    // SAFETY: the caller's promise.
    status(found.and_then(|found| unsafe { give(changed, found) }))
}

/// The word with a marker clear.
///
/// # Errors
/// As `swp_pte_is_set`.
///
/// # Safety
/// `changed` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_clear(layout: Layout, bits: u64, marker: u32, changed: *mut u64) -> Status {
    let found =
        asked(layout, bits, marker).and_then(|(word, flag)| word.clear(flag).map(Word::bits).ok_or(Status::NoMarker));
    // SAFETY: the caller's promise.
    status(found.and_then(|found| unsafe { give(changed, found) }))
}

fn asked(layout: Layout, bits: u64, marker: u32) -> Result<(Word, Flag), Status> {
    Ok((word(layout, bits)?, Marker::new(marker)?.into()))
}
