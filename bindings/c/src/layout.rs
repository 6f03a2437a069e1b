//! Layouts as handles.

use core::ffi::c_char;

use swp_pte::{Flag, Level};
use swp_pte_atlas::{OLDER, OWN, ROWS, Row, SECOND_FORMS, newest};

use crate::text::{self, Name};
use crate::{Marker, Status, give, status};

/// A layout: a number that this library gave. 0 is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Layout {
    /// Which; it means nothing outside this process.
    pub id: u32,
}

/// What a layout is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Facts {
    /// The largest swap offset that the encoder takes, in pages.
    pub max_offset: u64,
    /// The bits of each marker in the word, by `swp_pte_marker`; 0 where the layout does not have it.
    pub markers: [u64; 3],
    /// Bits of a word: 32 or 64.
    pub width: u32,
    /// log2 of the smallest page size, in bytes.
    pub page_shift: u32,
    /// The first kernel that is known to have it.
    pub first_major: u16,
    /// Its second number.
    pub first_minor: u16,
    /// The last kernel that is known to have it; 65535.65535 where none is known.
    pub last_major: u16,
    /// Its second number.
    pub last_minor: u16,
    /// 0: an entry of the lowest level of the page tables; 1: of the level above, where its form is another.
    pub level: u32,
}

/// How many layouts there are.
const COUNT: usize = ROWS.len() + SECOND_FORMS.len() + OLDER.len() + OWN.len();

/// A layout by its number: those with a backend, then those that are data.
const fn row_at(index: usize) -> Option<&'static Row> {
    let lists = [ROWS, SECOND_FORMS, OLDER, OWN];
    let (mut list, mut index) = (0, index);
    while list < lists.len() {
        if index < lists[list].len() {
            return Some(&lists[list][index]);
        }
        index -= lists[list].len();
        list += 1;
    }
    None
}

/// The names by which the layouts are found, in their order, each with a NUL.
static NAMES: [Name; COUNT] = {
    let mut names = [Name::new(""); COUNT];
    let mut i = 0;
    while let Some(row) = row_at(i) {
        names[i] = Name::new(row.variant());
        i += 1;
    }
    names
};

/// Every layout, in the order of the handles.
fn rows() -> impl Iterator<Item = &'static Row> {
    (0..COUNT).filter_map(row_at)
}

impl Layout {
    /// The handle of a row of the tables.
    pub(crate) fn of(row: &'static Row) -> Result<Self, Status> {
        let id = (1..).zip(rows()).find_map(|(id, other)| core::ptr::eq(other, row).then_some(id));
        id.map(|id| Self { id }).ok_or(Status::Other)
    }

    fn index(self) -> Result<usize, Status> {
        usize::try_from(self.id).ok().and_then(|id| id.checked_sub(1)).ok_or(Status::BadLayout)
    }

    pub(crate) fn row(self) -> Result<&'static Row, Status> {
        row_at(self.index()?).ok_or(Status::BadLayout)
    }
}

/// How many layouts there are.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_layout_count() -> usize {
    NAMES.len()
}

/// The layout of this number, from 0 on, oldest first within a variant, those without a backend last; none (`id` 0) past the last.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_layout_at(index: usize) -> Layout {
    let id = index.checked_add(1).filter(|id| *id <= NAMES.len()).and_then(|id| u32::try_from(id).ok());
    Layout { id: id.unwrap_or_default() }
}

/// The newest layout of a variant.
///
/// # Errors
/// `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_TEXT`, `SWP_PTE_STATUS_UNKNOWN_VARIANT`.
///
/// # Safety
/// `variant` is null or ends with a NUL; `layout` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_newest(variant: *const c_char, layout: *mut Layout) -> Status {
    // SAFETY: the caller's promise.
    let name = unsafe { text::read(variant) };
    let found = name.and_then(|name| Layout::of(newest(name)?));
    // SAFETY: the caller's promise.
    status(found.and_then(|found| unsafe { give(layout, found) }))
}

/// The name by which a layout is looked up, as `ppc-book3s64-4k`: constant, with a NUL at its end. Null for a handle that is
/// none.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_layout_variant(layout: Layout) -> *const c_char {
    let name = layout.index().ok().and_then(|index| NAMES.get(index));
    name.map_or(core::ptr::null(), Name::as_ptr)
}

/// What a layout is.
///
/// # Errors
/// `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_LAYOUT`.
///
/// # Safety
/// `facts` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_layout_facts(layout: Layout, facts: *mut Facts) -> Status {
    let found = layout.row().map(|row| {
        let layout = row.layout();
        let kernels = layout.source.kernels;
        let last = kernels.last.map_or((u16::MAX, u16::MAX), |last| (last.major, last.minor));
        Facts {
            max_offset: layout.max_offset(),
            markers: Marker::ALL.map(|marker| layout.flag_mask(Flag::from(marker))),
            width: layout.width,
            page_shift: layout.page_shift,
            first_major: kernels.first.major,
            first_minor: kernels.first.minor,
            last_major: last.0,
            last_minor: last.1,
            level: u32::from(layout.source.level != Level::Pte),
        }
    });
    // SAFETY: the caller's promise.
    status(found.and_then(|found| unsafe { give(facts, found) }))
}
