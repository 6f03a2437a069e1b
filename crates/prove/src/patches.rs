//! Code that a kernel patches at boot: static branches, alternatives for processors, and fixups for features. What is read here
//! is the code before that, so a helper that has such a place was proved for one of the two ways.

use std::collections::BTreeSet;

use object::{Endianness, Object, ObjectSection, ObjectSymbol, RelocationTarget};

use crate::image::Unreadable;

/// The sections in which a kernel keeps such places.
const SECTIONS: [&str; 9] = [
    "__jump_table",
    ".altinstructions",
    "__ftr_fixup",
    "__mmu_ftr_fixup",
    ".alternative",
    ".sun4v_1insn_patch",
    ".sun4v_2insn_patch",
    ".pv_table",
    ".alt.smp.init",
];

/// The helpers of a program that have such a place, each with the section that says so: `__jump_table` for a static branch.
///
/// # Errors
/// What is no ELF program.
pub fn patched(bytes: &[u8]) -> Result<BTreeSet<(String, &'static str)>, Unreadable> {
    let file = object::File::parse(bytes)?;
    let mut helpers = Vec::new();
    for symbol in file.symbols().filter(|symbol| symbol.is_definition()) {
        if let Some(helper) = symbol.name()?.strip_prefix("kernel__") {
            helpers.push((helper.to_owned(), symbol.address(), symbol.size()));
        }
    }
    let mut found = BTreeSet::new();
    for name in SECTIONS {
        let Some(section) = file.section_by_name(name) else { continue };
        let data = section.data()?;
        for at in candidates(section.address(), data, file.endianness()) {
            let inside = helpers.iter().find(|(_, start, size)| at.wrapping_sub(*start) < *size);
            if let Some((helper, ..)) = inside {
                found.insert((helper.clone(), name));
            }
        }
    }
    Ok(found)
}

/// The addresses that a table can mean: distances from the place where they stand in 32 or 64 bits, and plain addresses. Its
/// entries have another form in each architecture; what means no helper is passed over.
fn candidates(base: u64, data: &[u8], order: Endianness) -> Vec<u64> {
    let mut all = Vec::new();
    for (at, bytes) in (base..).step_by(4).zip(data.chunks(4)) {
        if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
            let value = if order == Endianness::Big { i32::from_be_bytes(bytes) } else { i32::from_le_bytes(bytes) };
            all.extend([at.wrapping_add_signed(value.into()), u64::from(value.cast_unsigned())]);
        }
    }
    for (at, bytes) in (base..).step_by(8).zip(data.chunks(8)) {
        if let Ok(bytes) = <[u8; 8]>::try_from(bytes) {
            let value = if order == Endianness::Big { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) };
            all.extend([value, at.wrapping_add(value)]);
        }
    }
    all
}

/// The helpers of an object file that need the address of what it does not define, each with the symbol's name.
///
/// # Errors
/// What is no ELF object.
pub fn unresolved(bytes: &[u8]) -> Result<BTreeSet<(String, String)>, Unreadable> {
    let file = object::File::parse(bytes)?;
    let mut found = BTreeSet::new();
    for section in file.sections() {
        for (at, relocation) in section.relocations() {
            let RelocationTarget::Symbol(index) = relocation.target() else { continue };
            let symbol = file.symbol_by_index(index)?;
            if !symbol.is_undefined() || symbol.name()?.is_empty() {
                continue;
            }
            for helper in file.symbols().filter(|helper| helper.section_index() == Some(section.index())) {
                let inside = at.wrapping_sub(helper.address()) < helper.size();
                if let (true, Some(name)) = (inside, helper.name()?.strip_prefix("kernel__")) {
                    found.insert((name.to_owned(), symbol.name()?.to_owned()));
                }
            }
        }
    }
    Ok(found)
}
