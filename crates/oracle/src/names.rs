//! The names of what is asked, which kernels change now and then: which of them a tree has is found out in the tree, by
//! its compiler's preprocessor. Another name for a helper is one more in its line here.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use swp_pte::KernelVersion;

use super::ask::Constants;

/// A helper of the kernel.
struct Helper {
    /// What `ask.c` calls it, less `asked_`.
    ours: &'static str,
    /// The kernel's names for it, the newest first.
    names: &'static [&'static str],
    /// What stands for one that is not there: a marker that no word has. Nothing stands for what everything needs.
    instead: Option<&'static str>,
    /// The first kernel of which every architecture has it.
    since: KernelVersion,
}

const NO_MARKER: Option<&str> = Some("0");
const UNCHANGED: Option<&str> = Some("(it)");

/// The oldest kernel that the oracle is asked about.
const OLDEST: KernelVersion = KernelVersion::new(3, 10);
const V4_14: KernelVersion = KernelVersion::new(4, 14);
const V5_7: KernelVersion = KernelVersion::new(5, 7);
const V5_19: KernelVersion = KernelVersion::new(5, 19);

const fn helper(ours: &'static str, names: &'static [&'static str], instead: Option<&'static str>) -> Helper {
    Helper { ours, names, instead, since: OLDEST }
}

const fn exclusive(ours: &'static str, names: &'static [&'static str], instead: Option<&'static str>) -> Helper {
    Helper { ours, names, instead, since: V5_19 }
}

const fn uffd(ours: &'static str, names: &'static [&'static str], instead: Option<&'static str>) -> Helper {
    Helper { ours, names, instead, since: V5_7 }
}

/// Commit 179ef71cbc08, "mm: save soft-dirty bits on swapped pages".
const fn soft_dirty(ours: &'static str, names: &'static [&'static str], instead: Option<&'static str>) -> Helper {
    Helper { ours, names, instead, since: KernelVersion::new(3, 14) }
}

const HELPERS: &[Helper] = &[
    helper("encode", &["swp_entry_to_pte", "softleaf_to_pte"], None),
    helper("decode", &["softleaf_from_pte", "pte_to_swp_entry"], None),
    exclusive("is_exclusive", &["pte_swp_exclusive"], NO_MARKER),
    exclusive("mk_exclusive", &["pte_swp_mkexclusive"], UNCHANGED),
    exclusive("clear_exclusive", &["pte_swp_clear_exclusive"], UNCHANGED),
    soft_dirty("is_soft_dirty", &["pte_swp_soft_dirty"], NO_MARKER),
    soft_dirty("mk_soft_dirty", &["pte_swp_mksoft_dirty"], UNCHANGED),
    soft_dirty("clear_soft_dirty", &["pte_swp_clear_soft_dirty"], UNCHANGED),
    uffd("is_uffd", &["pte_swp_uffd", "pte_swp_uffd_wp"], NO_MARKER),
    uffd("mk_uffd", &["pte_swp_mkuffd", "pte_swp_mkuffd_wp"], UNCHANGED),
    uffd("clear_uffd", &["pte_swp_clear_uffd", "pte_swp_clear_uffd_wp"], UNCHANGED),
    // Asked only where the option says that it is there.
    Helper { since: V4_14, ..helper("pmd_encode", &["swp_entry_to_pmd", "softleaf_to_pmd"], Some("it")) },
    Helper { since: V4_14, ..helper("pmd_mk_soft_dirty", &["pmd_swp_mksoft_dirty"], UNCHANGED) },
    uffd("pmd_mk_uffd", &["pmd_swp_mkuffd", "pmd_swp_mkuffd_wp"], UNCHANGED),
    Helper { since: KernelVersion::new(4, 0), ..helper("protnone", &["pte_protnone"], Some("0")) },
    helper("mk_old", &["pte_mkold"], None),
    helper("modify", &["pte_modify"], None),
];

/// An option on which the headers make it depend whether something is there at all: what `ask.c` calls it, less `ASKED_`;
/// the kernel's names, the newest first; the headers that ask for it, likewise; the first kernel that has it.
const OPTIONS: &[Asked] = &[
    Asked {
        ours: "HAS_PMD",
        names: &["CONFIG_ARCH_HAS_PMD_SOFTLEAVES", "CONFIG_ARCH_ENABLE_THP_MIGRATION"],
        headers: &["include/linux/swapops.h"],
        since: V4_14,
    },
    Asked {
        ours: "HAS_PROTNONE",
        names: &["CONFIG_ARCH_HAS_PTE_PROTNONE", "CONFIG_NUMA_BALANCING"],
        headers: &["include/linux/pgtable.h", "include/asm-generic/pgtable.h"],
        since: KernelVersion::new(4, 0),
    },
    Asked {
        ours: "HAS_UFFD",
        names: &["CONFIG_HAVE_ARCH_USERFAULTFD_WP"],
        headers: &["include/asm-generic/pgtable_uffd.h"],
        since: V5_7,
    },
];

/// An option of the kernel's configuration, as [`OPTIONS`] has it.
struct Asked {
    ours: &'static str,
    names: &'static [&'static str],
    headers: &'static [&'static str],
    since: KernelVersion,
}

/// Macros of the headers that layouts name by one of the names that they have had.
const RENAMED: &[&[&str]] = &[
    &["PTE_SWP_UFFD_WP", "PTE_SWP_UFFD"],
    &["_PAGE_SWP_UFFD_WP", "_PAGE_SWP_UFFD"],
    &["_PAGE_UFFD_WP", "_PAGE_UFFD"],
    &["_PAGE_NEWPAGE", "_PAGE_NEEDSYNC"],
];

/// The names under which a tree may have a macro that a layout names.
pub(super) fn also_named(name: &str) -> impl Iterator<Item = &str> {
    let others = RENAMED.iter().find(|names| names.contains(&name)).copied().unwrap_or_default();
    std::iter::once(name).chain(others.iter().copied().filter(move |other| *other != name))
}

/// The C file that the preprocessor is given, with the names that are looked for: another list is another program.
pub(super) fn question() -> String {
    let mut text = String::from("#include \"kernel.h\"\n");
    for helper in HELPERS {
        let _ = writeln!(text, "/* {} {:?} */", helper.ours, helper.names);
    }
    for Asked { ours, names, headers, .. } in OPTIONS {
        let _ = writeln!(text, "/* {ours} {names:?} {headers:?} */");
    }
    text
}

/// The header that gives `ask.c` the tree's names, from what the preprocessor made of [`question`].
pub(super) fn header(preprocessed: &str, tree: &Path) -> Result<String> {
    let defined = defined(preprocessed);
    let (mut text, mut lacks) = (String::new(), String::new());
    let mut lack = |ours: &str| lacks.push_str(&format!(" constant(\"lacks:{ours}\", 1);"));
    for Helper { ours, names, instead, .. } in HELPERS {
        let found = names.iter().find(|name| defined.contains(*name));
        let _ = writeln!(text, "#define ASKED_FOUND_{ours} {}", u8::from(found.is_some()));
        match (found, instead) {
            (Some(name), _) => {
                let _ = writeln!(text, "#define asked_{ours} {name}");
            }
            (None, Some(instead)) => {
                let _ = writeln!(text, "#define asked_{ours}(it) {instead}");
                lack(ours);
            }
            (None, None) => bail!("this tree has no {}: another name belongs into names.rs", names.join(", nor ")),
        }
    }
    // The protection of a mapping that nobody may access; some architectures have no name for it, and 7.3 one that
    // does not compile.
    let page_none = preprocessed.lines().rfind(|line| line.starts_with("#define PAGE_NONE "));
    let usable = page_none.is_some_and(|definition| !definition.contains("BUILD_BUG"));
    let _ = writeln!(text, "#define ASKED_HAS_PAGE_NONE {}", u8::from(usable));
    for Asked { ours, names, headers, .. } in OPTIONS {
        let file: String = headers.iter().filter_map(|it| std::fs::read_to_string(tree.join(it)).ok()).collect();
        match names.iter().find(|name| super::sources::has(&file, name)) {
            Some(name) => {
                let _ = writeln!(text, "#define ASKED_{ours} IS_ENABLED({name})");
            }
            None => {
                let _ = writeln!(text, "#define ASKED_{ours} 0");
                lack(ours);
            }
        }
    }
    let _ = writeln!(text, "#define ASKED_LACKS{lacks}");
    Ok(text)
}

/// Those of our names that are functions or macros at the end of a preprocessed text, in which macros are kept (`-dD`).
fn defined(text: &str) -> BTreeSet<&'static str> {
    let names: Vec<&'static str> = HELPERS.iter().flat_map(|helper| helper.names).copied().collect();
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|line| line.contains("pte") || line.contains("pmd")) {
        let macro_of = |directive: &str| {
            let rest = line.strip_prefix(directive)?;
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()
        };
        if let Some(name) = macro_of("#undef ") {
            found.remove(name);
        } else if let Some(name) = macro_of("#define ") {
            found.extend(names.iter().filter(|it| **it == name));
        } else if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            // A function's head stands at the beginning of a line, its name before a parenthesis.
            let head = |name: &&&str| {
                line.split_once(&format!("{name}(")).is_some_and(|(before, _)| before.ends_with([' ', '*']))
            };
            found.extend(names.iter().filter(head));
        }
    }
    found
}

/// What this build could not be asked though every tree of its version should have it: a line for each.
pub(super) fn missing(constants: &Constants, version: KernelVersion) -> Vec<String> {
    let lacks = |ours: &str| constants.values.contains_key(&format!("lacks:{ours}"));
    let helpers = HELPERS.iter().filter(|helper| version >= helper.since).map(|it| (it.ours, it.names));
    let options = OPTIONS.iter().filter(|option| version >= option.since).map(|it| (it.ours, it.names));
    let missing = helpers.chain(options).filter(|(ours, _)| lacks(ours));
    missing
        .map(|(_, names)| {
            format!("not asked: this tree has no {}; another name belongs into names.rs", names.join(", nor "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{HELPERS, defined, header, missing, question};
    use crate::ask::Constants;

    #[test]
    fn functions_and_macros_are_told_from_calls() {
        let text = "static inline __attribute__((x)) pte_t pte_swp_mkuffd(pte_t pte)\n{\n return pte_swp_uffd_wp(pte);\n\
                    #define pte_swp_mksoft_dirty(pte) (pte)\n#define pte_swp_exclusive pte_swp_exclusive\n\
                    #undef pte_swp_mksoft_dirty\npte_t *pte_mkold(pte_t pte);\n#define my_pte_protnone(x) 1\n";
        assert_eq!(defined(text).into_iter().collect::<Vec<_>>(), ["pte_mkold", "pte_swp_exclusive", "pte_swp_mkuffd"]);
    }

    #[test]
    fn a_helper_that_is_not_there_is_stubbed_and_said() {
        let all = |without: &str| {
            let names = HELPERS.iter().filter(|it| it.ours != without).filter_map(|it| it.names.last());
            names.map(|name| format!("int {name}(int);\n")).collect::<String>()
        };
        let tree = std::env::temp_dir();
        let text = header(&all("mk_uffd").replace("int pte_swp_mkuffd_wp", "int other"), &tree).unwrap();
        assert!(
            text.contains("#define asked_mk_uffd(it) (it)") && text.contains("#define ASKED_FOUND_mk_uffd 0"),
            "{text}"
        );
        assert!(text.contains("#define asked_is_uffd pte_swp_uffd_wp") && text.contains("lacks:mk_uffd"), "{text}");
        let error = header(&all("decode"), &tree).unwrap_err().to_string();
        assert!(error.contains("no softleaf_from_pte, nor pte_to_swp_entry"), "{error}");

        let mut constants = Constants::default();
        constants.values.insert("lacks:mk_exclusive".into(), 1);
        constants.values.insert("lacks:mk_uffd".into(), 1);
        assert_eq!(missing(&constants, "5.10".parse().unwrap()).len(), 1);
        let lines = missing(&constants, "7.3".parse().unwrap());
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains("pte_swp_mkuffd, nor pte_swp_mkuffd_wp"), "{lines:?}");
        assert!(question().contains("pte_swp_mkuffd_wp"));
    }
}
