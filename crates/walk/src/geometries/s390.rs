//! s390: z/Architecture Principles of Operation, chapter 3 ("Dynamic Address Translation", translation tables);
//! `arch/s390/include/asm/pgtable.h` (`_REGION_ENTRY_*`, `_SEGMENT_ENTRY_*`, `_ASCE_*`).
//!
//! Bits here are numbered from the least significant, unlike the manual's. Region and segment tables have 2048 entries, page
//! tables 256. `I` is bit 5 (in a page table bit 10), the type of table that an entry is in (`TT`) bits 2 and 3, where its
//! next table begins and ends (`TF`, `TL`) bits 6 and 7, 0 and 1; `FC`, bit 10, makes a page of a segment's or a
//! region-third entry.

use swp_pte::{MemoryOrder, Pattern};

use crate::geometry::{Format, Geometry, Link, Piece, Quarters, Root, Table, masked};

const INVALID: u64 = 1 << 5;
const FORMAT_CONTROL: u64 = 1 << 10;
const TYPE: u64 = 0b11 << 2;

/// The origin of a region or segment table.
const ORIGIN: &[Piece] = &[Piece::same(12, 52)];
/// The origin of a page table: two of them fill a page.
const PAGE_TABLE: &[Piece] = &[Piece::same(11, 53)];

/// `_PAGE_INVALID` alone.
const PTE: Format =
    Format { empty: masked(u64::MAX, 1 << 10), link: None, leaf: &[Pattern::all_zeros(1 << 10)], page: ORIGIN };

/// `_SEGMENT_ENTRY_EMPTY` is the invalid bit alone. Linux changes protection of a huge page by the invalid bit, as in PTEs;
/// its word is then neither a table's nor one that the hardware takes.
const SEGMENT: Format = Format {
    empty: masked(u64::MAX, INVALID),
    link: Some(Link { pattern: Pattern::all_zeros(INVALID | FORMAT_CONTROL), address: PAGE_TABLE, quarters: None }),
    leaf: &[masked(INVALID | FORMAT_CONTROL, FORMAT_CONTROL)],
    page: ORIGIN,
};

/// An entry of a region table, whose empty word is `_REGIONn_ENTRY_EMPTY`: its type, and invalid.
const fn region(kind: u64, leaf: &'static [Pattern]) -> Format {
    // Of region-second and region-first entries bit 10 is not looked at.
    let page = if leaf.is_empty() { 0 } else { FORMAT_CONTROL };
    Format {
        empty: masked(u64::MAX, INVALID | kind << 2),
        link: Some(Link {
            pattern: Pattern::all_zeros(INVALID | page),
            address: ORIGIN,
            quarters: Some(Quarters { first_bit: Some(6), last_bit: 0 }),
        }),
        leaf,
        page: ORIGIN,
    }
}

const PAGES: Table = Table::new(12, 8, PTE);
const SEGMENTS: Table = Table::new(20, 11, SEGMENT);
const THIRD: Table = Table::new(31, 11, region(1, &[masked(INVALID | FORMAT_CONTROL, FORMAT_CONTROL)]));
const SECOND: Table = Table::new(42, 11, region(2, &[]));
const FIRST: Table = Table::new(53, 11, region(3, &[]));

/// By the type of the highest table, 0 to 3: segment, region-third, region-second, region-first. A process has all of its
/// addresses, and the kernel its own.
pub const S390: &[Geometry] = &[
    Geometry::new("s390-segment", 8, MemoryOrder::Big, [PAGES, SEGMENTS]).whole(u64::MAX >> 33, 0),
    Geometry::new("s390-region3", 8, MemoryOrder::Big, [PAGES, SEGMENTS, THIRD]).whole(u64::MAX >> 22, 0),
    Geometry::new("s390-region2", 8, MemoryOrder::Big, [PAGES, SEGMENTS, THIRD, SECOND]).whole(u64::MAX >> 11, 0),
    Geometry::new("s390-region1", 8, MemoryOrder::Big, [PAGES, SEGMENTS, THIRD, SECOND, FIRST]).whole(u64::MAX, 0),
];

/// What an address-space-control element (a control register's content, `mm->context.asce`) says: the type of the highest
/// table in the bits 2 and 3, its last quarter in the bits 0 and 1, its origin above.
#[must_use]
pub fn s390_of_asce(asce: u64) -> Option<(Geometry, Root)> {
    let geometry = S390.get(usize::try_from((asce & TYPE) >> 2).ok()?)?;
    Some((*geometry, Root { at: asce & !0xfff, first: 0, last: (asce & 3) * 512 + 511 }))
}

/// The geometry of a tree by the first entry of its highest table: all entries, the empty ones too, say which type of table
/// they are in.
#[must_use]
pub fn s390_of_entry(word: u64) -> Option<Geometry> {
    S390.get(usize::try_from((word & TYPE) >> 2).ok()?).copied()
}
