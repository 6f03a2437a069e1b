//! RISC-V: The RISC-V Instruction Set Manual, volume II, chapter "Supervisor-Level ISA", sections Sv32, Sv39, Sv48 and Sv57;
//! `arch/riscv/include/asm/pgtable-64.h` (`_PAGE_PFN_MASK`).
//!
//! A valid entry (`V`, bit 0) is a page if it may be read, written or executed (`R`, `W`, `X`, bits 1 to 3), at any level,
//! and points at a table otherwise. The frame number begins at bit 10; the bits from 54 on are extensions'.

use swp_pte::{MemoryOrder, Pattern};

use crate::geometry::{Format, Geometry, Link, Piece, Table, masked};

const EMPTY: Pattern = Pattern::all_zeros(u64::MAX);
const TABLE: Pattern = masked(0b1111, 0b0001);
const PAGES: &[Pattern] = &[Pattern::all_ones(0b0011), Pattern::all_ones(0b0101), Pattern::all_ones(0b1001)];

const RV64: &[Piece] = &[Piece::moved(10, 44, 12)];
const RV32: &[Piece] = &[Piece::moved(10, 22, 12)];

const fn level(shift: u32, index_bits: u32, address: &'static [Piece]) -> Table {
    let link = Link { pattern: TABLE, address, quarters: None };
    let link = if shift == 12 { None } else { Some(link) };
    Table::new(shift, index_bits, Format { empty: EMPTY, link, leaf: PAGES, page: address })
}

const L1: Table = level(12, 9, RV64);
const L2: Table = level(21, 9, RV64);
const L3: Table = level(30, 9, RV64);
const L4: Table = level(39, 9, RV64);
const L5: Table = level(48, 9, RV64);

/// Two levels of 32-bit entries. Where user space ends is a choice of the configuration: 3 GiB or less.
pub const SV32: Geometry =
    Geometry::new("sv32", 4, MemoryOrder::Little, [level(12, 10, RV32), level(22, 10, RV32)]).whole(0xbfff_ffff, 0);
/// Three levels.
pub const SV39: Geometry = Geometry::new("sv39", 8, MemoryOrder::Little, [L1, L2, L3]);
/// Four levels.
pub const SV48: Geometry = Geometry::new("sv48", 8, MemoryOrder::Little, [L1, L2, L3, L4]);
/// Five levels.
pub const SV57: Geometry = Geometry::new("sv57", 8, MemoryOrder::Little, [L1, L2, L3, L4, L5]);
