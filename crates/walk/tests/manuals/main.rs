//! Page tables built by the words of the manuals, by hand and without the crate's own tables: for each geometry one page at a
//! known address, huge pages at each level that can have one, and an entry that is not present.

#![expect(clippy::cast_possible_truncation, reason = "bytes of words, and numbers of levels")]

mod manual;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use swp_pte_walk::{Budget, Geometry, Item, Root, Unmapped, Walk, find, s390_of_asce, translate};

use manual::{MANUALS, Manual, x86_table};

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
