//! The words of the manuals, typed a second time.

use crate::Order;

/// What a manual says of one geometry.
pub(crate) struct Manual {
    pub(crate) name: &'static str,
    pub(crate) size: u64,
    pub(crate) order: Order,
    /// Bits of the address, the highest level first: the lowest bit of each index, and how many.
    pub(crate) indices: &'static [(u32, u32)],
    /// The word that points at a table, for the level of the entry (1 is the lowest).
    pub(crate) table: fn(u64, usize) -> u64,
    /// The word of a page, for the level; `None` where there are none.
    pub(crate) page: fn(u64, usize) -> Option<u64>,
    /// A word that is neither empty nor present.
    pub(crate) absent: fn(usize) -> u64,
    /// The empty word, for the level.
    pub(crate) empty: fn(usize) -> u64,
}

/// z/Architecture, figure 3-8 on: region entries have TF 0, TL 3 and their type, segment entries of a page table no length.
pub(crate) const fn s390_table(at: u64, level: usize) -> u64 {
    match level {
        2 => at,
        _ => at | (level as u64 - 2) << 2 | 3,
    }
}

pub(crate) const fn s390_page(at: u64, level: usize) -> Option<u64> {
    match level {
        1 => Some(at),
        2 => Some(at | 0x400),
        3 => Some(at | 0x400 | 1 << 2),
        _ => None,
    }
}

pub(crate) const fn s390_empty(level: usize) -> u64 {
    match level {
        1 => 0x400,
        2 => 0x20,
        _ => 0x20 | (level as u64 - 2) << 2,
    }
}

/// PPN of Sv32 to Sv57: address bits 12 on, at bit 10 of the entry.
pub(crate) const fn riscv_table(at: u64, _: usize) -> u64 {
    at >> 12 << 10 | 1
}

pub(crate) const fn riscv_page(at: u64, _: usize) -> Option<u64> {
    Some(at >> 12 << 10 | 0xcf)
}

/// Power ISA: V, and the size of the next table in the lowest five bits.
pub(crate) const fn radix_table(at: u64, _: usize) -> u64 {
    1 << 63 | at | 9
}

pub(crate) const fn radix_page(at: u64, level: usize) -> Option<u64> {
    if level < 4 { Some(1 << 63 | 1 << 62 | at | 0b111) } else { None }
}

pub(crate) const fn zero(_: usize) -> u64 {
    0
}

pub(crate) const fn x86_table(at: u64, _: usize) -> u64 {
    at | 0x67
}

pub(crate) const fn x86_page(at: u64, level: usize) -> Option<u64> {
    match level {
        1 => Some(at | 0x25),
        2 | 3 => Some(at | 0xe7),
        _ => None,
    }
}

pub(crate) const fn arm_table(at: u64, _: usize) -> u64 {
    at | 0b11
}

/// A page and a block, with AF, inner shareable.
pub(crate) const fn arm_page(at: u64, level: usize) -> Option<u64> {
    match level {
        1 => Some(at | 0x700 | 0b11),
        2 | 3 => Some(at | 0x700 | 0b01),
        _ => None,
    }
}

/// 64K: address bits 48 to 51 at the bits 12 to 15. Blocks are 512 MiB, and 4 TiB with 52 bits.
pub(crate) const fn arm64k(at: u64) -> u64 {
    at & 0xffff_ffff_0000 | (at >> 48 & 0xf) << 12
}

/// LPA2: address bits 50 and 51 at the bits 8 and 9, without shareability.
pub(crate) const fn lpa2(at: u64) -> u64 {
    at & 0x3_ffff_ffff_f000 | (at >> 50 & 3) << 8
}

pub(crate) const fn neither(_: usize) -> u64 {
    0x4_1000
}

pub(crate) const MANUALS: &[Manual] = &[
    Manual {
        name: "x86_64",
        size: 8,
        order: Order::Little,
        indices: &[(39, 9), (30, 9), (21, 9), (12, 9)],
        table: x86_table,
        page: x86_page,
        absent: |_| 0xffff_ffff_ff7c_0a00 & !1,
        empty: zero,
    },
    Manual {
        name: "x86_64-la57",
        size: 8,
        order: Order::Little,
        indices: &[(48, 9), (39, 9), (30, 9), (21, 9), (12, 9)],
        table: x86_table,
        page: x86_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "i386",
        size: 4,
        order: Order::Little,
        indices: &[(22, 10), (12, 10)],
        table: x86_table,
        // PSE-36: bits 32 to 39 of the address at 13 to 20.
        page: |at, level| match level {
            1 => Some(at & 0xffff_f000 | 0x25),
            _ => Some(at & 0xffc0_0000 | (at >> 32 & 0xff) << 13 | 0xe7),
        },
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "i386-pae",
        size: 8,
        order: Order::Little,
        indices: &[(30, 2), (21, 9), (12, 9)],
        // Of the four highest entries the manual has bits 1 and 2 reserved: P and the address.
        table: |at, level| if level == 3 { at | 1 } else { at | 0x67 },
        page: |at, level| x86_page(at, level).filter(|_| level < 3),
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-4k-39",
        size: 8,
        order: Order::Little,
        indices: &[(30, 9), (21, 9), (12, 9)],
        table: arm_table,
        page: arm_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-4k-48",
        size: 8,
        order: Order::Little,
        indices: &[(39, 9), (30, 9), (21, 9), (12, 9)],
        table: arm_table,
        page: arm_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-4k-52",
        size: 8,
        order: Order::Little,
        indices: &[(48, 4), (39, 9), (30, 9), (21, 9), (12, 9)],
        table: |at, _| lpa2(at) | 0b11,
        page: |at, level| match level {
            1 => Some(lpa2(at) | 1 << 10 | 0b11),
            2..=4 => Some(lpa2(at) | 1 << 10 | 0b01),
            _ => None,
        },
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-16k-36",
        size: 8,
        order: Order::Little,
        indices: &[(25, 11), (14, 11)],
        table: arm_table,
        page: arm_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-16k-47",
        size: 8,
        order: Order::Little,
        indices: &[(36, 11), (25, 11), (14, 11)],
        table: arm_table,
        page: |at, level| arm_page(at, level).filter(|_| level < 3),
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-16k-48",
        size: 8,
        order: Order::Little,
        indices: &[(47, 1), (36, 11), (25, 11), (14, 11)],
        table: arm_table,
        page: |at, level| arm_page(at, level).filter(|_| level < 3),
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-16k-52",
        size: 8,
        order: Order::Little,
        indices: &[(47, 5), (36, 11), (25, 11), (14, 11)],
        table: |at, _| lpa2(at) | 0b11,
        page: |at, level| match level {
            1 => Some(lpa2(at) | 1 << 10 | 0b11),
            2 | 3 => Some(lpa2(at) | 1 << 10 | 0b01),
            _ => None,
        },
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-64k-42",
        size: 8,
        order: Order::Little,
        indices: &[(29, 13), (16, 13)],
        table: |at, _| arm64k(at) | 0b11,
        page: |at, level| Some(arm64k(at) | 1 << 10 | if level == 1 { 0b11 } else { 0b01 }),
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-64k-48",
        size: 8,
        order: Order::Little,
        indices: &[(42, 6), (29, 13), (16, 13)],
        table: |at, _| arm64k(at) | 0b11,
        page: |at, level| (level < 3).then_some(arm64k(at) | 1 << 10 | if level == 1 { 0b11 } else { 0b01 }),
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "arm64-64k-52",
        size: 8,
        order: Order::Little,
        indices: &[(42, 10), (29, 13), (16, 13)],
        table: |at, _| arm64k(at) | 0b11,
        page: |at, level| Some(arm64k(at) | 1 << 10 | if level == 1 { 0b11 } else { 0b01 }),
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "sv32",
        size: 4,
        order: Order::Little,
        indices: &[(22, 10), (12, 10)],
        table: riscv_table,
        page: riscv_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "sv39",
        size: 8,
        order: Order::Little,
        indices: &[(30, 9), (21, 9), (12, 9)],
        table: riscv_table,
        page: riscv_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "sv48",
        size: 8,
        order: Order::Little,
        indices: &[(39, 9), (30, 9), (21, 9), (12, 9)],
        table: riscv_table,
        page: riscv_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "sv57",
        size: 8,
        order: Order::Little,
        indices: &[(48, 9), (39, 9), (30, 9), (21, 9), (12, 9)],
        table: riscv_table,
        page: riscv_page,
        absent: neither,
        empty: zero,
    },
    Manual {
        name: "s390-segment",
        size: 8,
        order: Order::Big,
        indices: &[(20, 11), (12, 8)],
        table: s390_table,
        page: s390_page,
        absent: |level| if level == 1 { 0x4_1e02 | 0x400 } else { s390_empty(level) | 0x4_1000 },
        empty: s390_empty,
    },
    Manual {
        name: "s390-region3",
        size: 8,
        order: Order::Big,
        indices: &[(31, 11), (20, 11), (12, 8)],
        table: s390_table,
        page: s390_page,
        absent: |level| if level == 1 { 0x4_1e02 | 0x400 } else { s390_empty(level) | 0x4_1000 },
        empty: s390_empty,
    },
    Manual {
        name: "s390-region2",
        size: 8,
        order: Order::Big,
        indices: &[(42, 11), (31, 11), (20, 11), (12, 8)],
        table: s390_table,
        page: s390_page,
        absent: |level| if level == 1 { 0x4_1e02 | 0x400 } else { s390_empty(level) | 0x4_1000 },
        empty: s390_empty,
    },
    Manual {
        name: "s390-region1",
        size: 8,
        order: Order::Big,
        indices: &[(53, 11), (42, 11), (31, 11), (20, 11), (12, 8)],
        table: s390_table,
        page: s390_page,
        absent: |level| if level == 1 { 0x4_1e02 | 0x400 } else { s390_empty(level) | 0x4_1000 },
        empty: s390_empty,
    },
    Manual {
        name: "ppc64-radix-4k",
        size: 8,
        order: Order::Big,
        indices: &[(39, 13), (30, 9), (21, 9), (12, 9)],
        table: radix_table,
        page: radix_page,
        absent: |_| 1 << 62 | 0x41_0020,
        empty: zero,
    },
    Manual {
        name: "ppc64-radix-64k",
        size: 8,
        order: Order::Big,
        indices: &[(39, 13), (30, 9), (21, 9), (16, 5)],
        table: radix_table,
        page: radix_page,
        absent: |_| 1 << 62 | 0x41_0020,
        empty: zero,
    },
];
