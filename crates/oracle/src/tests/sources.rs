//! A tree that has what the layout says, and then lacks one thing at a time.

use std::fs;
use std::path::Path;

use super::errors::folder;
use super::x86_64;
use crate::ask::Constants;
use crate::sources::{check, names};

const HEADER: &str = "arch/x86/include/asm/pgtable_64.h";

/// What is found in a tree with only this header, in a build that gives these names their values.
fn found(text: &str, constants: &Constants) -> Vec<String> {
    let tree = folder("sources");
    let header = tree.join(HEADER);
    fs::create_dir_all(header.parent().unwrap_or(Path::new(""))).unwrap();
    fs::write(&header, text).unwrap();
    let (variant, layout) = x86_64();
    let found = check(&tree, variant, &layout, constants).unwrap();
    assert!(found.checks > 10);
    found.mismatches
}

#[test]
fn a_header_a_symbol_a_name_and_a_value_that_are_not_there_are_found() {
    let (_, layout) = x86_64();
    let mut constants = Constants::default();
    let mut text = String::new();
    for name in names(layout.source.symbols) {
        text += &format!("#define {}\n", name.replace('*', "EXCLUSIVE"));
    }
    // The lowest bits to the names, the rest to the last: together they are the mask.
    for reserved in layout.reserved {
        let mut left = reserved.bits;
        let count = names(reserved.name).count();
        for (i, name) in names(reserved.name).enumerate() {
            let value = if i + 1 == count { left } else { left & left.wrapping_neg() };
            left &= !value;
            text += &format!("#define {name}\n");
            constants.values.insert(format!("symbol:{name}"), value);
        }
    }
    assert_eq!(found(&text, &constants), [""; 0]);

    let folder = "arch/x86/include/asm";
    assert_eq!(
        found(&text.replace("SWP_TYPE_BITS", "SWP_TYPE_WIDTH"), &constants),
        [format!("symbol SWP_TYPE_BITS of the layout is in no header of {folder}")]
    );
    assert_eq!(
        found(&text.replace("#define _PAGE_PSE", "/* _PAGE_PSE */"), &constants),
        [format!("reserved _PAGE_PSE is in no header of {folder}")]
    );
    let mut moved = constants.clone();
    moved.values.insert("symbol:_PAGE_PSE".into(), 1 << 4);
    assert_eq!(found(&text, &moved), ["reserved _PAGE_PSE: its value is 0x10, our mask 0x80"]);
    moved.values.remove("symbol:_PAGE_PSE");
    let lines = [
        "reserved _PAGE_PSE is no macro of this build: it has no value to compare",
        "reserved _PAGE_PSE: its value is 0x0, our mask 0x80",
    ];
    assert_eq!(found(&text, &moved), lines);

    let (variant, mut layout) = x86_64();
    layout.source.header = "arch/x86/include/asm/pgtable_65.h";
    let tree = std::env::temp_dir().join(format!("swp-pte-oracle-{}-sources", std::process::id()));
    let mismatches = check(&tree, variant, &layout, &constants).unwrap().mismatches;
    let missing = format!("the layout's header, {}, is not in this tree", layout.source.header);
    assert!(mismatches.contains(&missing), "{mismatches:?}");
}
