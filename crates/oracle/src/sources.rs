//! What a layout says about the kernel's sources, looked up there: the header and symbols of its `Source`, the names of
//! its `Reserved` bits, and the values that the build gives those names.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use swp_pte::{Flag, Layout};
use swp_pte_atlas::ROWS;

use super::ask::Constants;
use super::names::also_named;
use super::present;
use super::variants::Variant;

/// The kernel's names in a text that lists them: `_PAGE_DIRTY, _PAGE_ACCESSED`. A name that ends in `*` is the start of
/// several.
pub(super) fn names(list: &str) -> impl Iterator<Item = &str> {
    let words = list.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '*');
    words.filter(|word| word.contains('_'))
}

/// Every name whose value the program of a variant shall give, where it is a macro: those of the reserved bits of all
/// its eras, and those of the facts about present words.
pub(super) fn symbols(variant: &str) -> Vec<&'static str> {
    let rows = ROWS.iter().filter(|row| row.variant() == variant);
    let reserved = rows.flat_map(|row| row.layout().reserved).flat_map(|reserved| names(reserved.name));
    let mut symbols: Vec<_> = reserved.chain(present::symbols(variant)).flat_map(also_named).collect();
    symbols.sort_unstable();
    symbols.dedup();
    symbols
}

/// What looking found.
#[derive(Default, Debug)]
pub(super) struct Found {
    pub(super) checks: usize,
    pub(super) mismatches: Vec<String>,
}

/// The layout that the tree has for a variant, against the tree and the constants of the build.
pub(super) fn check(tree: &Path, variant: &Variant, layout: &Layout<'_>, constants: &Constants) -> Result<Found> {
    let mut found = Found::default();
    let mut expect = |holds: bool, otherwise: &dyn Fn() -> String| {
        found.checks += 1;
        if !holds {
            found.mismatches.push(otherwise());
        }
    };
    let source = &layout.source;
    let header = fs::read_to_string(tree.join(source.header)).map(|text| code(&text));
    expect(header.is_ok(), &|| format!("the layout's header, {}, is not in this tree", source.header));
    let folder = Path::new("arch").join(variant.machine.folder).join("include").join("asm");
    let headers = headers(&tree.join(&folder))?;
    let anywhere = |name: &str| also_named(name).any(|name| headers.iter().any(|text| has(text, name)));
    for name in names(source.symbols) {
        let there = header.as_ref().is_ok_and(|text| also_named(name).any(|name| has(text, name))) || anywhere(name);
        expect(there, &|| format!("symbol {name} of the layout is in no header of {}", folder.display()));
    }
    let markers = Flag::ALL.into_iter().fold(0, |mask, flag| mask | layout.flag_mask(flag));
    // What a decoder only reads can be reserved.
    let own = (layout.swp_type.mask() | layout.swp_offset.mask() | markers) & !layout.reserved_mask();
    for reserved in layout.reserved {
        // A bit that the hardware's manual names and no header does: nothing to compare it with.
        if names(reserved.name).next().is_none() {
            continue;
        }
        let mut value = 0;
        for name in names(reserved.name) {
            expect(anywhere(name), &|| format!("reserved {name} is in no header of {}", folder.display()));
            let symbol = also_named(name).find_map(|name| constants.symbol(name));
            expect(symbol.is_some(), &|| {
                format!("reserved {name} is no macro of this build: it has no value to compare")
            });
            value |= symbol.unwrap_or(0);
        }
        // Nothing is reserved that the swap PTE itself uses: _PTE_NONE_MASK of 32-bit ppc reaches into the offset.
        let (name, bits, value) = (reserved.name, reserved.bits, value & !own);
        expect(value == bits, &|| format!("reserved {name}: its value is {value:#x}, our mask {bits:#x}"));
    }
    Ok(found)
}

/// All headers below a folder, without their comments.
fn headers(folder: &Path) -> Result<Vec<String>> {
    let (mut folders, mut texts) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "h") {
                let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                texts.push(code(&String::from_utf8_lossy(&text)));
            }
        }
    }
    Ok(texts)
}

/// A C text without its comments: a name that only a comment knows is none.
fn code(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(start) = rest.find("/*").into_iter().chain(rest.find("//")).min() {
        let (before, comment) = rest.split_at(start);
        kept.push_str(before);
        let end = if comment.starts_with("/*") { comment.find("*/").map(|at| at + 2) } else { comment.find('\n') };
        // A name on either side of a comment is a name of its own.
        kept.push(' ');
        rest = comment.get(end.unwrap_or(comment.len())..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// Whether a text has a name as a whole word, or for `NAME_*` a word that begins so.
pub(super) fn has(text: &str, name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (start, whole) = match name.strip_suffix('*') {
        Some(start) => (start, false),
        None => (name, true),
    };
    text.match_indices(start).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + start.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(word) && after.is_some_and(word) != whole
    })
}

#[cfg(test)]
mod tests {
    use super::{code, has, names};

    #[test]
    fn lists_of_names_are_read() {
        assert_eq!(names("PTE_VALID, PTE_TABLE_BIT").collect::<Vec<_>>(), ["PTE_VALID", "PTE_TABLE_BIT"]);
        let list = "_PAGE_READ, as _PAGE_WRITE and _PAGE_SWP_*";
        assert_eq!(names(list).collect::<Vec<_>>(), ["_PAGE_READ", "_PAGE_WRITE", "_PAGE_SWP_*"]);
    }

    #[test]
    fn whole_words_of_code_are_found() {
        let text = code("#define _PAGE_A 1 /* _PAGE_B */\n// _PAGE_C\n#define _PAGE_SWP_X\t_PAGE_DD/**/_PAGE_E");
        for (name, there) in [
            ("_PAGE_A", true),
            ("_PAGE_B", false),
            ("_PAGE_C", false),
            ("_PAGE_D", false),
            ("PAGE_A", false),
            ("_PAGE_SWP_*", true),
            ("_PAGE_SWQ_*", false),
            ("_PAGE_SWP_X*", false),
            ("_PAGE_E", true),
        ] {
            assert_eq!(has(&text, name), there, "{name}");
        }
        assert_eq!(code("a /* no end"), "a  ");
    }
}
