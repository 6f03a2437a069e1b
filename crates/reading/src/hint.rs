//! Whether a number that was read in one form says more in another: a line for each, and how to ask. Never an answer.

use swp_pte_forms::{Form, Pagemap};

use super::{EntryReading, Lost, Reader, Reading, Said};

/// Types above the swap files begin here at the earliest; see `SwapTypes`.
const SPECIAL: u64 = 20;
/// The flags of a PTE marker are below this.
const MARKER_FLAGS: u64 = 8;
/// 16 TiB of swap file in pages of 4 KiB.
const FAR: u64 = 1 << 32;

/// The other forms in which a number says more than as a raw word.
#[must_use]
pub fn elsewhere(reader: &Reader, form: Form, number: u64, said: &Said) -> Vec<String> {
    let mut hints = Vec::new();
    let Said::Word(reading) = said else { return hints };
    let doubtful = !reader.doubts(number, said).is_empty();
    let (clean, present) = match reading {
        Reading::None { .. } => return hints,
        Reading::Present { .. } => (false, true),
        Reading::Swap(swap) => (swap.stray == 0 && !doubtful, false),
    };
    if clean {
        return hints;
    }
    if let Ok(entry) = reader.read_entry(number)
        && let Some(how) = as_entry(&entry, number, present)
    {
        hints.push(format!("as a swp_entry_t, which messages about swap entries print, it would be {how}: --entry"));
    }
    if Pagemap::is_likely(number) {
        hints.push(format!("as a word of /proc/PID/pagemap it would be {}: --pagemap", as_pagemap(number)));
    }
    if let Some(swapped) = swapped(reader, form, number) {
        hints.push(swapped);
    }
    hints
}

/// What an entry would be, if it is one that a kernel could have.
fn as_entry(entry: &EntryReading, number: u64, present: bool) -> Option<String> {
    let (swp_type, offset) = (entry.swap.swp_type, entry.swap.offset);
    if entry.word == Err(Lost::Empty) && offset != 0 {
        return Some("what the kernel reads in an empty word".into());
    }
    // A mapping of low memory looks like an entry too; one above 4 GiB does not.
    let file = swp_type < 2 && (1..FAR).contains(&offset) && (!present || number < FAR);
    let special = (SPECIAL..32).contains(&swp_type) && (1..MARKER_FLAGS).contains(&offset);
    (file || special).then(|| format!("type {swp_type}, offset {offset:#x}"))
}

fn as_pagemap(number: u64) -> String {
    let reading = super::PagemapReading::of(number, None);
    match (reading.frame(), reading.swap) {
        (Some(frame), _) => format!("a page in frame {frame:#x}"),
        (None, Some(swap)) => format!("swapped to type {}, offset {:#x}", swap.swp_type, swap.offset),
        (None, None) => reading.name().into(),
    }
}

/// Whether the word reads well with its bytes in the other order.
fn swapped(reader: &Reader, form: Form, number: u64) -> Option<String> {
    let width = reader.row().layout().width;
    let other = number.swap_bytes() >> (u64::BITS - width.min(u64::BITS));
    let said = reader.said(form, other).ok()?;
    let Said::Word(Reading::Swap(swap)) = &said else { return None };
    let well = swap.stray == 0 && reader.doubts(other, &said).is_empty() && swap.swp_type < 2;
    well.then(|| {
        let (swp_type, offset) = (swap.swp_type, swap.offset);
        format!("with its bytes in the other order, {other:#x}, it would be type {swp_type}, offset {offset:#x}: --byte-order little")
    })
}
