//! A whole page of words at once, to columns.

use core::slice;

use swp_pte::MemoryOrder;
use swp_pte_atlas as atlas;

use crate::{Layout, Status, status};

/// The order of a word's bytes in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum ByteOrder {
    /// Least significant byte first.
    Little = 0,
    /// Most significant byte first.
    Big = 1,
    /// As the layout's machine keeps it.
    Machine = 2,
}

/// Where the answers go: each column is null, or has room for one answer a word.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Columns {
    /// What each word is, a `swp_pte_kind`; 255 for a word that reads as swap and holds what no encoder writes.
    pub kind: *mut u8,
    /// Its swap type; 0 where it is no swap PTE.
    pub type_: *mut u8,
    /// Its markers, as in `swp_pte_entry`; 0 where it is no swap PTE.
    pub markers: *mut u8,
    /// Its offset in pages; 0 where it is no swap PTE.
    pub offset: *mut u64,
}

/// Decodes an array of words, which need not be aligned.
///
/// # Errors
/// `SWP_PTE_STATUS_BAD_BUFFER` if `bytes` is no whole number of words, if a column overlaps the words or another column, or if
/// that of offsets is not aligned;
/// `SWP_PTE_STATUS_BAD_ARGUMENT` for a number that is no byte order; `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_LAYOUT`.
///
/// # Safety
/// `words` can be read for `bytes` bytes; every column that is not null can be written for one element a word.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swp_pte_decode_array(
    layout: Layout,
    words: *const u8,
    bytes: usize,
    byte_order: u32,
    columns: Columns,
) -> Status {
    let result = layout.row().and_then(|row| {
        if words.is_null() && bytes != 0 {
            return Err(Status::NullPointer);
        }
        let order = match byte_order {
            0 => MemoryOrder::Little,
            1 => MemoryOrder::Big,
            2 => row.layout().memory.order,
            _ => return Err(Status::BadArgument),
        };
        let width = if row.layout().width == u32::BITS { 4 } else { 8 };
        if !bytes.is_multiple_of(width) || !columns.offset.is_aligned() {
            return Err(Status::BadBuffer);
        }
        apart(words, bytes, bytes / width, columns)?;
        // SAFETY: the caller's promise; they do not overlap, and offsets are aligned.
        let (words, columns) = unsafe { (read(words, bytes), columns.of(bytes / width)) };
        row.decode_columns(words, order, columns).map_err(|_| Status::Other)
    });
    status(result)
}

/// # Safety
/// As for [`slice::from_raw_parts`], or the pointer is null.
unsafe fn read<'a>(words: *const u8, bytes: usize) -> &'a [u8] {
    // SAFETY: the caller's promise.
    if words.is_null() { &[] } else { unsafe { slice::from_raw_parts(words, bytes) } }
}

/// # Safety
/// As for [`slice::from_raw_parts_mut`], or the pointer is null; what is there can be any number.
unsafe fn write<'a, T>(column: *mut T, count: usize) -> &'a mut [T] {
    // SAFETY: the caller's promise.
    if column.is_null() { &mut [] } else { unsafe { slice::from_raw_parts_mut(column, count) } }
}

impl Columns {
    /// # Safety
    /// Each column is null, or has room for so many answers, aligned, and overlaps nothing.
    unsafe fn of<'a>(self, count: usize) -> atlas::Columns<'a> {
        // SAFETY: the caller's promise.
        unsafe {
            atlas::Columns {
                kind: write(self.kind, count),
                swp_type: write(self.type_, count),
                markers: write(self.markers, count),
                offset: write(self.offset, count),
            }
        }
    }
}

/// Whether no two of the buffers overlap.
fn apart(words: *const u8, bytes: usize, count: usize, columns: Columns) -> Result<(), Status> {
    let offsets = count.checked_mul(size_of::<u64>()).ok_or(Status::BadBuffer)?;
    let buffers = [
        (words.addr(), bytes),
        (columns.kind.addr(), count),
        (columns.type_.addr(), count),
        (columns.markers.addr(), count),
        (columns.offset.addr(), offsets),
    ];
    for (i, (first, length)) in buffers.iter().enumerate() {
        let end = first.checked_add(*length).ok_or(Status::BadBuffer)?;
        for (other, length) in buffers.iter().skip(i + 1).filter(|(other, _)| *other != 0) {
            let other_end = other.checked_add(*length).ok_or(Status::BadBuffer)?;
            if *first != 0 && *first < other_end && *other < end {
                return Err(Status::BadBuffer);
            }
        }
    }
    Ok(())
}
