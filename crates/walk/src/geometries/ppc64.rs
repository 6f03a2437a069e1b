//! ppc64 with the radix MMU: Power ISA 3.0B, book III, 5.7.10.1 ("Radix Tree Page Directory Entry") and 5.7.10.2 ("Radix
//! Tree Page Table Entry"); `arch/powerpc/include/asm/book3s/64/radix-4k.h`, `radix-64k.h`.
//!
//! Bits here are numbered from the least significant, unlike the manual's. Entries are big-endian, also of a little-endian
//! kernel. `V` is bit 63, `L` (a page, `_PAGE_PTE`) bit 62.

use swp_pte::{MemoryOrder, Pattern};

use crate::geometry::{Format, Geometry, Link, Piece, Table, masked};

const EMPTY: Pattern = Pattern::all_zeros(u64::MAX);
const VALID: u64 = 1 << 63;
const PAGE: u64 = 1 << 62;
const PAGES: &[Pattern] = &[Pattern::all_ones(VALID | PAGE)];
/// The next level's base, bits 8 to 59 (`RPDB_MASK`).
const TABLE: &[Piece] = &[Piece::same(8, 52)];
/// The real page number, bits 12 to 56 (`RPTE_RPN_MASK`).
const FRAME: &[Piece] = &[Piece::same(12, 45)];

const PTE: Format = Format { empty: EMPTY, link: None, leaf: PAGES, page: FRAME };
const DIRECTORY: Format = Format {
    empty: EMPTY,
    link: Some(Link { pattern: masked(VALID | PAGE, VALID), address: TABLE, quarters: None }),
    leaf: PAGES,
    page: FRAME,
};

/// The quadrant of the kernel: the highest bits of its addresses.
const KERNEL: u64 = 0xc << 60;

/// Pages of 4K: 9, 9, 9 and 13 bits.
pub const PPC64_RADIX_4K: Geometry = Geometry::new(
    "ppc64-radix-4k",
    8,
    MemoryOrder::Big,
    [Table::new(12, 9, PTE), Table::new(21, 9, DIRECTORY), Table::new(30, 9, DIRECTORY), Table::new(39, 13, DIRECTORY)],
)
.whole(u64::MAX >> 12, KERNEL);

/// Pages of 64K: 5, 9, 9 and 13 bits.
pub const PPC64_RADIX_64K: Geometry = Geometry::new(
    "ppc64-radix-64k",
    8,
    MemoryOrder::Big,
    [Table::new(16, 5, PTE), Table::new(21, 9, DIRECTORY), Table::new(30, 9, DIRECTORY), Table::new(39, 13, DIRECTORY)],
)
.whole(u64::MAX >> 12, KERNEL);
