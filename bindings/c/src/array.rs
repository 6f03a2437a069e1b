//! A whole page of words at once, to columns.

use swp_pte::{Flag, MemoryOrder, PteBits, PteKind, SwpPte};
use swp_pte_atlas::Visit;

use crate::{Kind, Layout, Marker, Status, status};

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

/// The answer in `kind` for a word that holds no entry though it reads as one.
const BROKEN: u8 = u8::MAX;

/// Decodes an array of words, which need not be aligned.
///
/// # Errors
/// `SWP_PTE_STATUS_BAD_BUFFER` if `bytes` is no whole number of words, or if a column overlaps the words or another column;
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
        if !bytes.is_multiple_of(width) {
            return Err(Status::BadBuffer);
        }
        apart(words, bytes, bytes / width, columns)?;
        // The caller's promise goes with it.
        row.visit(Loop { words, count: bytes / width, order, columns }).ok_or(Status::BadLayout)
    });
    status(result)
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

struct Loop {
    words: *const u8,
    count: usize,
    order: MemoryOrder,
    columns: Columns,
}

/// What the columns get of one word.
#[derive(Clone, Copy)]
struct Answer {
    kind: u8,
    type_: u8,
    markers: u8,
    offset: u64,
}

impl Visit for Loop {
    type Output = ();

    fn visit<P: SwpPte>(self) {
        for i in 0..self.count {
            // SAFETY: the caller of `swp_pte_decode_array` promised so many words, at any alignment.
            let bits = unsafe {
                if P::Bits::BITS == 32 {
                    self.order.word(&self.words.cast::<[u8; 4]>().add(i).read())
                } else {
                    self.order.word(&self.words.cast::<[u8; 8]>().add(i).read())
                }
            };
            let bits = bits.unwrap_or_default();
            let answer = answer::<P>(bits);
            // SAFETY: and room for so many answers in each column that is not null.
            unsafe { self.columns.put(i, answer) };
        }
    }
}

impl Columns {
    /// # Safety
    /// Every column that is not null has room for element `i`.
    #[inline]
    unsafe fn put(&self, i: usize, answer: Answer) {
        // SAFETY: the caller's promise.
        unsafe {
            if !self.kind.is_null() {
                self.kind.add(i).write(answer.kind);
            }
            if !self.type_.is_null() {
                self.type_.add(i).write(answer.type_);
            }
            if !self.markers.is_null() {
                self.markers.add(i).write(answer.markers);
            }
            if !self.offset.is_null() {
                self.offset.add(i).write_unaligned(answer.offset);
            }
        }
    }
}

#[inline]
fn answer<P: SwpPte>(bits: u64) -> Answer {
    let none = Answer { kind: Kind::None as u8, type_: 0, markers: 0, offset: 0 };
    let Some(pte) = P::Bits::try_from_u64(bits).map(P::from_bits) else { return none };
    let kind = pte.kind();
    if kind != PteKind::Swap {
        return Answer { kind: Kind::from(kind) as u8, ..none };
    }
    let Ok(entry) = pte.decode() else { return Answer { kind: BROKEN, ..none } };
    let marker = |marker: Marker| u8::from(pte.is_set_or_stub(Flag::from(marker))) << marker as u32;
    let markers = marker(Marker::Exclusive) | marker(Marker::SoftDirty) | marker(Marker::UffdWp);
    let type_ = u8::try_from(entry.swp_type().get()).unwrap_or_default();
    Answer { kind: Kind::Swap as u8, type_, markers, offset: entry.offset().get() }
}
