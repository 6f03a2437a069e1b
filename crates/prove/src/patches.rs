//! Code that a kernel patches at boot: static branches, alternatives for processors, and fixups for features. What is read here
//! is the code before that, so a helper that has such a place was proved for one of the two ways.

use object::{Endianness, Object, ObjectSection, ObjectSymbol};

use crate::image::Unreadable;

/// The sections in which a kernel keeps such places.
const SECTIONS: [&str; 5] = ["__jump_table", ".altinstructions", "__ftr_fixup", "__mmu_ftr_fixup", ".alternative"];

/// A place in a helper that a kernel would patch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Patched {
    /// The helper: `kernel__none`.
    pub helper: String,
    /// How far into it.
    pub offset: u64,
    /// The section that says so: `__jump_table` for a static branch.
    pub section: &'static str,
}

/// All such places of the helpers of a program.
///
/// # Errors
/// What is no ELF program.
pub fn patched(bytes: &[u8]) -> Result<Vec<Patched>, Unreadable> {
    let file = object::File::parse(bytes)?;
    let mut helpers = Vec::new();
    for symbol in file.symbols().filter(|symbol| symbol.is_definition()) {
        if let Some(helper) = symbol.name()?.strip_prefix("kernel__") {
            helpers.push((helper.to_owned(), symbol.address(), symbol.size()));
        }
    }
    let mut found = Vec::new();
    for name in SECTIONS {
        let Some(section) = file.section_by_name(name) else { continue };
        let data = section.data()?;
        for at in candidates(section.address(), data, file.endianness()) {
            let inside = helpers.iter().find(|(_, start, size)| at.wrapping_sub(*start) < *size);
            if let Some((helper, start, _)) = inside {
                let patched = Patched { helper: helper.clone(), offset: at - start, section: name };
                if !found.contains(&patched) {
                    found.push(patched);
                }
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
            all.push(at.wrapping_add_signed(value.into()));
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
