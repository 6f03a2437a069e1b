//! How a word lies in memory: the orders that are known, copies, and what is neither.

use swp_pte::MemoryOrder;
use swp_pte_atlas::{ROWS, newest};

use super::fake::Fake;
use super::x86_64;
use crate::ask::Answers;
use crate::layout::differences;
use crate::lines::Provenance;
use crate::memory::Memory;
use crate::probe::probe;
use crate::variants::{Compiler, Machine, Variant};

/// The first line of a file of a kernel that stores words so.
fn header(memory: Memory, variant: &Variant) -> serde_json::Value {
    let (_, layout) = x86_64();
    let mut fake = Fake { memory, ..Fake::new(&layout) };
    let constants = fake.constants().unwrap();
    let provenance =
        Provenance { release: "6.12", variant, compiler: "none", constants: &constants, mended: None, as_built: false };
    serde_json::from_str(provenance.encode_file(&mut fake, &[]).unwrap().trim()).unwrap()
}

#[test]
fn every_order_is_measured_and_written_down() {
    let (variant, _) = x86_64();
    for order in [MemoryOrder::Big, MemoryOrder::Little, MemoryOrder::BigLowWordFirst] {
        let header = header(Memory { order: Some(order), copies: 1 }, variant);
        assert_eq!(header["memory_order"], order.name());
        assert_eq!(header.get("memory_copies"), None);
    }
    let header = header(Memory { order: Some(MemoryOrder::Big), copies: 4 }, variant);
    assert_eq!((&header["memory_order"], &header["memory_copies"]), (&"big".into(), &4.into()));
}

#[test]
fn a_compiler_that_stands_in_measures_no_order() {
    let (variant, layout) = x86_64();
    let machine: &'static Machine =
        Box::leak(Box::new(Machine { compiler: Compiler::StandIn { bits: 64, defines: &[] }, ..*variant.machine }));
    let stand_in = Variant { machine, ..*variant };
    let header = header(Memory { order: Some(MemoryOrder::Big), copies: 1 }, &stand_in);
    assert_eq!(header.get("memory_order"), Some(&serde_json::Value::Null));
    // Nor does it find fault with the layout's order.
    let mut fake = Fake::new(&layout);
    let constants = fake.constants().unwrap();
    for (order, count) in [(None, 0), (Some(MemoryOrder::Big), 1), (Some(MemoryOrder::Little), 0)] {
        let probed = probe(&mut fake, &constants, Memory { order, copies: 1 }, None).unwrap();
        assert_eq!(differences(&probed, &layout).len(), count, "{order:?}");
    }
}

#[test]
fn copies_of_32_bit_words_are_counted() {
    let row = ROWS.iter().find(|row| row.layout().width == 32).unwrap();
    let memory = Memory { order: Some(MemoryOrder::Big), copies: 4 };
    let constants = Fake { memory, ..Fake::new(row.layout()) }.constants().unwrap();
    assert_eq!(Memory::measured(&constants).unwrap(), memory);
}

/// An 8xx with 16K pages keeps an entry as four words, and with 4K pages as one: the other number is a difference.
#[test]
fn copies_are_those_of_the_page_size() {
    let layout = newest("ppc-nohash32-8xx").unwrap().layout();
    for (page_shift, right, wrong) in [(12, 1, 4), (14, 4, 1)] {
        for (copies, lines) in [(right, 0), (wrong, 1)] {
            let memory = Memory { copies, ..Memory::of(layout, page_shift) };
            let mut fake = Fake { memory, ..Fake::new(layout) };
            let mut constants = fake.constants().unwrap();
            constants.values.insert("page_shift".into(), page_shift.into());
            let measured = Memory::measured(&constants).unwrap();
            let probed = probe(&mut fake, &constants, measured, Some((14, 12))).unwrap();
            let found = differences(&probed, layout);
            assert_eq!(found.len(), lines, "{copies} copies with pages of {page_shift} bits: {found:?}");
        }
    }
}

#[test]
fn what_is_no_order_is_an_error() {
    let (_, layout) = x86_64();
    let mut constants = Fake::new(&layout).constants().unwrap();
    for (size, words, reason) in [
        (8, [0x0201_0403_0605_0807, 0], "an order not known"),
        (16, [0x0807_0605_0403_0201, 0], "differ"),
        (12, [0x0807_0605_0403_0201, 0x0807_0605_0000_0000], "differ"),
        (0, [0, 0], "without a byte"),
    ] {
        constants.values.insert("memory_size".into(), size);
        for (i, word) in words.into_iter().enumerate() {
            constants.values.insert(format!("memory_{i}"), word);
        }
        let error = Memory::measured(&constants).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
