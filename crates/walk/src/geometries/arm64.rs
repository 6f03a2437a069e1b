//! arm64: Arm Architecture Reference Manual, D8.2 ("Translation process") and D8.3 ("Translation table descriptor formats");
//! `arch/arm64/include/asm/pgtable-hwdef.h`.
//!
//! Bits 1 and 0 are 11 for a table (above the lowest level) and for a page (at the lowest), 01 for a block. An address has
//! 48 bits; with 64K pages bits 48 to 51 of it are in the bits 12 to 15 (LPA), with the others and 52 bits of virtual
//! addresses bits 50 and 51 are in the bits 8 and 9 (LPA2), where entries have their shareability otherwise.

use swp_pte::{MemoryOrder, Pattern};

use crate::geometry::{Format, Geometry, Link, Piece, Table, low_bits, masked};

const EMPTY: Pattern = Pattern::all_zeros(u64::MAX);
const TABLE: Pattern = Pattern::all_ones(0b11);
const PAGES: &[Pattern] = &[Pattern::all_ones(0b11)];
const BLOCKS: &[Pattern] = &[masked(0b11, 0b01)];

const fn format(level: usize, address: &'static [Piece]) -> Format {
    match level {
        1 => Format { empty: EMPTY, link: None, leaf: PAGES, page: address },
        _ => Format {
            empty: EMPTY,
            link: Some(Link { pattern: TABLE, address, quarters: None }),
            leaf: BLOCKS,
            page: address,
        },
    }
}

const A4K: &[Piece] = &[Piece::same(12, 36)];
const A4K_LPA2: &[Piece] = &[Piece::same(12, 38), Piece::moved(8, 2, 50)];
const A16K: &[Piece] = &[Piece::same(14, 34)];
const A16K_LPA2: &[Piece] = &[Piece::same(14, 36), Piece::moved(8, 2, 50)];
const A64K: &[Piece] = &[Piece::same(16, 32), Piece::moved(12, 4, 48)];

/// A level: each table is a page, but for the highest, which has what is left of the address.
const fn table(level: usize, page: u32, bits: u32, address: &'static [Piece]) -> Table {
    #[expect(clippy::cast_possible_truncation, reason = "one of five levels")]
    let shift = page + (level as u32 - 1) * (page - 3);
    let left = bits - shift;
    Table::new(shift, if left < page - 3 { left } else { page - 3 }, format(level, address))
}

const fn two(name: &'static str, page: u32, bits: u32, address: &'static [Piece]) -> Geometry {
    let of = [table(1, page, bits, address), table(2, page, bits, address)];
    Geometry::new(name, 8, MemoryOrder::Little, of).whole(low_bits(bits), !low_bits(bits))
}

const fn three(name: &'static str, page: u32, bits: u32, address: &'static [Piece]) -> Geometry {
    let of = [table(1, page, bits, address), table(2, page, bits, address), table(3, page, bits, address)];
    Geometry::new(name, 8, MemoryOrder::Little, of).whole(low_bits(bits), !low_bits(bits))
}

const fn four(name: &'static str, page: u32, bits: u32, address: &'static [Piece]) -> Geometry {
    let of = [
        table(1, page, bits, address),
        table(2, page, bits, address),
        table(3, page, bits, address),
        table(4, page, bits, address),
    ];
    Geometry::new(name, 8, MemoryOrder::Little, of).whole(low_bits(bits), !low_bits(bits))
}

const fn five(name: &'static str, page: u32, bits: u32, address: &'static [Piece]) -> Geometry {
    let of = [
        table(1, page, bits, address),
        table(2, page, bits, address),
        table(3, page, bits, address),
        table(4, page, bits, address),
        table(5, page, bits, address),
    ];
    Geometry::new(name, 8, MemoryOrder::Little, of).whole(low_bits(bits), !low_bits(bits))
}

/// By page size and bits of a virtual address, as `CONFIG_ARM64_VA_BITS` has them. User space has all of its own tables
/// (TTBR0); the kernel's are walked from another root.
pub const ARM64: &[Geometry] = &[
    three("arm64-4k-39", 12, 39, A4K),
    four("arm64-4k-48", 12, 48, A4K),
    five("arm64-4k-52", 12, 52, A4K_LPA2),
    two("arm64-16k-36", 14, 36, A16K),
    three("arm64-16k-47", 14, 47, A16K),
    four("arm64-16k-48", 14, 48, A16K),
    four("arm64-16k-52", 14, 52, A16K_LPA2),
    two("arm64-64k-42", 16, 42, A64K),
    three("arm64-64k-48", 16, 48, A64K),
    three("arm64-64k-52", 16, 52, A64K),
];

/// The geometry for pages of `1 << page_shift` bytes and so many bits of virtual addresses.
#[must_use]
pub fn arm64(page_shift: u32, address_bits: u32) -> Option<Geometry> {
    let fits = |one: &&Geometry| one.page_shift() == page_shift && one.address_bits == address_bits;
    ARM64.iter().find(fits).copied()
}
