//! x86: Intel SDM volume 3A, chapter 4 ("Paging"): tables 4-3 to 4-20. `_PAGE_PSE` and `_PAGE_PRESENT` in
//! `arch/x86/include/asm/pgtable_types.h`.

use swp_pte::{MemoryOrder, Pattern};

use crate::geometry::{Format, Geometry, Link, Piece, Table};

/// `P`, bit 0.
const PRESENT: Pattern = Pattern::all_ones(1);
/// `PS`, bit 7: a page. Linux clears `P` of a huge page that is being changed, or that nobody may access, and keeps `PS`
/// (`pmd_present`); the swap entry of a PMD has zero there.
const HUGE: &[Pattern] = &[Pattern::all_ones(1 << 7)];
const NEVER: &[Pattern] = &[];
const EMPTY: Pattern = Pattern::all_zeros(u64::MAX);
/// Bits 12 to 51.
const ADDRESS: &[Piece] = &[Piece::same(12, 40)];
/// Bits 12 to 31 of 32-bit entries.
const ADDRESS_32: &[Piece] = &[Piece::same(12, 20)];
/// PSE-36: of a page of 4 MiB bits 22 to 31, and 32 to 39 in the bits 13 to 20.
const PSE_36: &[Piece] = &[Piece::same(22, 10), Piece::moved(13, 8, 32)];

const fn format(link: bool, leaf: &'static [Pattern], address: &'static [Piece], page: &'static [Piece]) -> Format {
    let to = Link { pattern: PRESENT, address, quarters: None };
    Format { empty: EMPTY, link: if link { Some(to) } else { None }, leaf, page }
}

const PTE: Format = format(false, &[PRESENT], ADDRESS, ADDRESS);
const UPPER: Format = format(true, HUGE, ADDRESS, ADDRESS);
const TOP: Format = format(true, NEVER, ADDRESS, ADDRESS);

const PAGE: Table = Table::new(12, 9, PTE);
const PMD: Table = Table::new(21, 9, UPPER);
const PUD: Table = Table::new(30, 9, UPPER);

/// Four levels, 48 bits.
pub const X86_64: Geometry = Geometry::new("x86_64", 8, MemoryOrder::Little, [PAGE, PMD, PUD, Table::new(39, 9, TOP)]);

/// Five levels, 57 bits.
pub const X86_64_LA57: Geometry = Geometry::new(
    "x86_64-la57",
    8,
    MemoryOrder::Little,
    [PAGE, PMD, PUD, Table::new(39, 9, TOP), Table::new(48, 9, TOP)],
);

/// Two levels of 32-bit entries. Where user space ends is a choice of the configuration: 3 GiB is the usual one.
pub const I386: Geometry = Geometry::new(
    "i386",
    4,
    MemoryOrder::Little,
    [
        Table::new(12, 10, format(false, &[PRESENT], ADDRESS_32, ADDRESS_32)),
        Table::new(22, 10, format(true, HUGE, ADDRESS_32, PSE_36)),
    ],
)
.whole(0xbfff_ffff, 0);

/// PAE: three levels of 64-bit entries, of which the highest has four.
pub const I386_PAE: Geometry =
    Geometry::new("i386-pae", 8, MemoryOrder::Little, [PAGE, PMD, Table::new(30, 2, TOP)]).whole(0xbfff_ffff, 0);
