//! Page tables built by the words of the manuals, by hand and without the crate's own tables: for each geometry one page at a
//! known address, huge pages at each level that can have one, and an entry that is not present.

#![expect(clippy::cast_possible_truncation, reason = "bytes of words, and numbers of levels")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use swp_pte_walk::{Budget, Geometry, Item, Root, Unmapped, Walk, find, s390_of_asce, translate};

/// Memory, by pages.
#[derive(Default)]
struct Bytes(BTreeMap<u64, [u8; 4096]>);

/// The order of bytes in memory.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Big,
    Little,
}

impl Bytes {
    fn put(&mut self, at: u64, word: u64, size: u64, order: Order) {
        let page = self.0.entry(at / 4096).or_insert([0; 4096]);
        for i in 0..size {
            let byte = if order == Order::Big { size - 1 - i } else { i };
            page[(at % 4096 + i) as usize] = (word >> (8 * byte)) as u8;
        }
    }

    /// Memory that was never written is zeros: it is there. Nobody reads across the end of a page.
    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), u64> {
        let start = (at % 4096) as usize;
        match self.0.get(&(at / 4096)) {
            Some(page) => into.copy_from_slice(&page[start..start + into.len()]),
            None => into.fill(0),
        }
        Ok(())
    }
}

/// What a manual says of one geometry.
struct Manual {
    name: &'static str,
    size: u64,
    order: Order,
    /// Bits of the address, the highest level first: the lowest bit of each index, and how many.
    indices: &'static [(u32, u32)],
    /// The word that points at a table, for the level of the entry (1 is the lowest).
    table: fn(u64, usize) -> u64,
    /// The word of a page, for the level; `None` where there are none.
    page: fn(u64, usize) -> Option<u64>,
    /// A word that is neither empty nor present.
    absent: fn(usize) -> u64,
    /// The empty word, for the level.
    empty: fn(usize) -> u64,
}

/// z/Architecture, figure 3-8 on: region entries have TF 0, TL 3 and their type, segment entries of a page table no length.
const fn s390_table(at: u64, level: usize) -> u64 {
    match level {
        2 => at,
        _ => at | (level as u64 - 2) << 2 | 3,
    }
}

const fn s390_page(at: u64, level: usize) -> Option<u64> {
    match level {
        1 => Some(at),
        2 => Some(at | 0x400),
        3 => Some(at | 0x400 | 1 << 2),
        _ => None,
    }
}

const fn s390_empty(level: usize) -> u64 {
    match level {
        1 => 0x400,
        2 => 0x20,
        _ => 0x20 | (level as u64 - 2) << 2,
    }
}

/// PPN of Sv32 to Sv57: address bits 12 on, at bit 10 of the entry.
const fn riscv_table(at: u64, _: usize) -> u64 {
    at >> 12 << 10 | 1
}

const fn riscv_page(at: u64, _: usize) -> Option<u64> {
    Some(at >> 12 << 10 | 0xcf)
}

/// Power ISA: V, and the size of the next table in the lowest five bits.
const fn radix_table(at: u64, _: usize) -> u64 {
    1 << 63 | at | 9
}

const fn radix_page(at: u64, level: usize) -> Option<u64> {
    if level < 4 { Some(1 << 63 | 1 << 62 | at | 0b111) } else { None }
}

const fn zero(_: usize) -> u64 {
    0
}

const fn x86_table(at: u64, _: usize) -> u64 {
    at | 0x67
}

const fn x86_page(at: u64, level: usize) -> Option<u64> {
    match level {
        1 => Some(at | 0x25),
        2 | 3 => Some(at | 0xe7),
        _ => None,
    }
}

const fn arm_table(at: u64, _: usize) -> u64 {
    at | 0b11
}

/// A page and a block, with AF, inner shareable.
const fn arm_page(at: u64, level: usize) -> Option<u64> {
    match level {
        1 => Some(at | 0x700 | 0b11),
        2 | 3 => Some(at | 0x700 | 0b01),
        _ => None,
    }
}

/// 64K: address bits 48 to 51 at the bits 12 to 15. Blocks are 512 MiB, and 4 TiB with 52 bits.
const fn arm64k(at: u64) -> u64 {
    at & 0xffff_ffff_0000 | (at >> 48 & 0xf) << 12
}

/// LPA2: address bits 50 and 51 at the bits 8 and 9, without shareability.
const fn lpa2(at: u64) -> u64 {
    at & 0x3_ffff_ffff_f000 | (at >> 50 & 3) << 8
}

const fn neither(_: usize) -> u64 {
    0x4_1000
}

const MANUALS: &[Manual] = &[
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

/// Tables on the way to an address, each filled with empty words, and the address of the entry at `down_to`.
fn way(memory: &mut Bytes, manual: &Manual, address: u64, down_to: usize) -> u64 {
    // Far up in memory, where the architecture's tables can be.
    let high = if manual.size == 4 { 0x40_0000 } else { 0x12_3400_0000 };
    let levels = manual.indices.len();
    let table_at = |level: usize| high + (levels - level) as u64 * 0x10_0000;
    for (level, (shift, bits)) in (1..=levels).rev().zip(manual.indices) {
        let empty = (manual.empty)(level);
        if empty != 0 && !memory.0.contains_key(&(table_at(level) / 4096)) {
            (0..1 << bits)
                .for_each(|i| memory.put(table_at(level) + i * manual.size, empty, manual.size, manual.order));
        }
        let entry = table_at(level) + (address >> shift & ((1 << bits) - 1)) * manual.size;
        if level == down_to {
            return entry;
        }
        memory.put(entry, (manual.table)(table_at(level - 1), level), manual.size, manual.order);
    }
    unreachable!()
}

/// An address of user space with something in every index.
fn address(manual: &Manual) -> u64 {
    let (top, bits) = manual.indices[0];
    let all = 0x0003_5a5a_5c5b_7000 & ((1_u64 << (top + bits - 1)) - 1);
    let page = manual.indices[manual.indices.len() - 1].0;
    all >> page << page
}

fn entries(geometry: &Geometry, root: u64, memory: &Bytes) -> Vec<Item<u64>> {
    let budget = Budget::new(10_000);
    let walk = Walk::new(geometry, Root::new(root), &budget);
    let mut items = Vec::new();
    let _: ControlFlow<()> = walk.range(
        0..=u64::MAX,
        |at, into| memory.read(at, into),
        |item| {
            items.push(item);
            ControlFlow::Continue(())
        },
    );
    items
}

#[test]
fn every_geometry_has_its_manual() {
    let named: Vec<_> = MANUALS.iter().map(|manual| manual.name).collect();
    let all = swp_pte_walk::GEOMETRIES.iter().flat_map(|some| some.iter()).map(|one| one.name);
    assert_eq!(all.collect::<Vec<_>>(), named);
}

#[test]
fn a_page_is_found_at_each_level_that_can_have_one() {
    for manual in MANUALS {
        let geometry = find(manual.name).unwrap();
        assert_eq!((geometry.levels(), geometry.word_bytes), (manual.indices.len(), manual.size), "{}", manual.name);
        let address = address(manual);
        let mut pages = 0;
        for level in 1..=geometry.levels() {
            let (shift, _) = manual.indices[manual.indices.len() - level];
            // Beyond what the entries of the smaller formats can say nothing is asked.
            let physical = match manual.name {
                "i386" if level == 2 => 0x12_3440_0000,
                "i386" => 0x3456_7000,
                "sv32" => 0x3_4560_0000,
                _ => 0x7f_8000_0000_0000 & 0x000f_ffff_ffff_ffff | 0x6789_a000_0000,
            };
            let bits = match manual.name {
                "arm64-4k-39" | "arm64-4k-48" | "arm64-16k-36" | "arm64-16k-47" | "arm64-16k-48" => 48,
                _ => 52,
            };
            let physical = (physical & ((1_u64 << bits) - 1)) >> shift << shift;
            let Some(word) = (manual.page)(physical, level) else { continue };
            pages += 1;
            let mut memory = Bytes::default();
            let root = way(&mut memory, manual, address, geometry.levels()) & !0xfffff;
            let at = way(&mut memory, manual, address, level);
            memory.put(at, word, manual.size, manual.order);
            let what = format!("{} level {level}: {word:#x}", manual.name);
            let found = translate(&geometry, root, address, |at, into| memory.read(at, into)).expect(&what);
            let inside = address & ((1 << shift) - 1);
            assert_eq!((found.at, found.level, found.word), (physical | inside, level, word), "{what}");
            assert_eq!(found.bytes, (1 << shift) - inside, "{what}");
            let items = entries(&geometry, root, &memory);
            let [Item::Entry(entry)] = items.as_slice() else { panic!("{what}: {items:?}") };
            let first = address >> shift << shift;
            assert_eq!((entry.address, entry.level, entry.at, entry.word), (first, level, at, word), "{what}");
            assert!(entry.leaf && entry.table == at & !0xfffff, "{what}: {entry:?}");
        }
        assert!(pages >= 1, "{}", manual.name);
    }
}

#[test]
fn an_entry_that_is_not_present_is_found_at_each_level() {
    for manual in MANUALS {
        let geometry = find(manual.name).unwrap();
        let address = address(manual);
        for level in 1..=geometry.levels() {
            let mut memory = Bytes::default();
            let root = way(&mut memory, manual, address, geometry.levels()) & !0xfffff;
            let at = way(&mut memory, manual, address, level);
            let word = (manual.absent)(level);
            memory.put(at, word, manual.size, manual.order);
            let what = format!("{} level {level}: {word:#x}", manual.name);
            let word = if manual.size == 4 { word & 0xffff_ffff } else { word };
            let items = entries(&geometry, root, &memory);
            let [Item::Entry(entry)] = items.as_slice() else { panic!("{what}: {items:?}") };
            assert_eq!((entry.level, entry.word, entry.leaf), (level, word, false), "{what}");
            let hole = translate(&geometry, root, address, |at, into| memory.read(at, into));
            assert_eq!(hole, Err(Unmapped::Hole { level, word }), "{what}");
        }
    }
}

#[test]
fn a_table_in_itself_ends_and_tables_that_point_at_each_other_use_the_budget_up() {
    for manual in MANUALS.iter().filter(|manual| manual.indices.len() > 2) {
        let geometry = find(manual.name).unwrap();
        let levels = geometry.levels();
        // One table, in all of its entries; and as many that each have all of the next ones' addresses.
        for tables in [1, 2] {
            let mut memory = Bytes::default();
            let root = 0x20_0000;
            let (_, bits) = manual.indices[0];
            for table in 0..levels as u64 {
                for i in 0..1_u64 << bits.clamp(9, 11) {
                    let next = if tables == 1 { root } else { root + (table + 1) * 0x10_0000 };
                    let level = levels - table as usize;
                    let word = (manual.table)(next, level.max(2));
                    memory.put(root + table * 0x10_0000 + i * manual.size, word, manual.size, manual.order);
                }
            }
            let budget = Budget::new(500);
            let walk = Walk::new(&geometry, Root::new(root), &budget);
            let (mut loops, mut spent) = (0, 0);
            let _: ControlFlow<()> = walk.range(
                0..=u64::MAX,
                |at, into| memory.read(at, into),
                |item| {
                    match item {
                        Item::Loop(_) => loops += 1,
                        Item::Spent { .. } => spent += 1,
                        _ => {}
                    }
                    ControlFlow::Continue(())
                },
            );
            match tables {
                1 => assert!(loops >= 2 && spent == 0, "{}: {loops} {spent}", manual.name),
                _ => assert!(spent <= 1 && (spent == 1 || budget.left() > 0), "{}", manual.name),
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_said_with_the_addresses_behind_it() {
    let geometry = find("x86_64").unwrap();
    let manual = MANUALS.iter().find(|manual| manual.name == "x86_64").unwrap();
    let mut memory = Bytes::default();
    let root = way(&mut memory, manual, 0x7f00_1234_5000, 4) & !0xfffff;
    let at = way(&mut memory, manual, 0x7f00_1234_5000, 1);
    let table = at & !0xfff;
    let read = |at: u64, into: &mut [u8]| if at & !0xfff == table { Err(at) } else { memory.read(at, into) };
    let budget = Budget::new(100);
    let mut items = Vec::new();
    let _: ControlFlow<()> = Walk::new(&geometry, Root::new(root), &budget).range(0..=u64::MAX, read, |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    let missing = Item::Missing { first: 0x7f00_1220_0000, last: 0x7f00_123f_ffff, level: 1, at: table, why: table };
    assert_eq!(items, [missing]);
    let why = translate(&geometry, root, 0x7f00_1234_5000, read);
    assert_eq!(why, Err(Unmapped::Missing { level: 1, at, why: at }));
}

#[test]
fn a_range_is_what_is_asked_for_and_the_kernels_half_has_ones_above() {
    let geometry = find("x86_64").unwrap();
    let manual = MANUALS.iter().find(|manual| manual.name == "x86_64").unwrap();
    let mut memory = Bytes::default();
    let base = 0x7f00_1220_0000_u64;
    let root = way(&mut memory, manual, base, 4) & !0xfffff;
    let table = way(&mut memory, manual, base, 1);
    for i in 0..512 {
        memory.put(table + i * 8, (0x1000 * i) | 0x25, 8, Order::Little);
    }
    // The last entry of the highest table leads to the same tables: the kernel's half.
    let word = x86_table(root + 0x10_0000, 4);
    memory.put(root + 511 * 8, word, 8, Order::Little);
    let budget = Budget::new(1000);
    let walk = Walk::new(&geometry, Root::new(root), &budget);
    let count = |range| {
        let mut addresses = Vec::new();
        let _: ControlFlow<()> = walk.range(
            range,
            |at, into| memory.read(at, into),
            |item| {
                if let Item::Entry(entry) = item {
                    addresses.push(entry.address);
                }
                ControlFlow::Continue(())
            },
        );
        addresses
    };
    assert_eq!(count(base + 0x3000..=base + 0x5fff), [base + 0x3000, base + 0x4000, base + 0x5000]);
    assert_eq!(count(walk.user()).len(), 512);
    let all = count(0..=u64::MAX);
    assert_eq!((all.len(), all[512] >> 39), (1024, 0x1ff_ffff));
    assert_eq!(count(0x0000_8000_0000_0000..=0xffff_7fff_ffff_ffff), []);
    // Broken off by the visitor.
    let mut seen = 0;
    let broken = walk.range(
        0..=u64::MAX,
        |at, into| memory.read(at, into),
        |_| {
            seen += 1;
            if seen == 3 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
        },
    );
    assert_eq!((broken, seen), (ControlFlow::Break("enough"), 3));
}

#[test]
fn a_short_table_of_s390_ends_where_its_entry_says() {
    let geometry = find("s390-region3").unwrap();
    let mut memory = Bytes::default();
    let (root, segments, pages) = (0x10_0000_u64, 0x20_0000_u64, 0x30_0800_u64);
    for i in 0..2048 {
        memory.put(root + i * 8, 0x24, 8, Order::Big);
        // Every segment has the same page table, which is not at the beginning of a page.
        memory.put(segments + i * 8, pages, 8, Order::Big);
    }
    for i in 0..256 {
        memory.put(pages + i * 8, if i == 7 { 0x1234_5000 } else { 0x400 }, 8, Order::Big);
    }
    // TF 1, TL 2: the second and the third quarter.
    memory.put(root, segments | 1 << 6 | 1 << 2 | 2, 8, Order::Big);
    let items = entries(&geometry, root, &memory);
    assert_eq!(items.len(), 1024);
    let [Item::Entry(first), .., Item::Entry(last)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((first.address, last.address), (512 << 20 | 7 << 12, 1535 << 20 | 7 << 12));
    // The control element of a process whose highest table is a region-third table of one quarter.
    let (geometry, root) = s390_of_asce(root | 0b01 << 2).unwrap();
    assert_eq!((geometry.name, root), ("s390-region3", Root { at: 0x10_0000, first: 0, last: 511 }));
}
