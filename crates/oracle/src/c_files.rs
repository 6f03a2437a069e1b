//! The C files of a build, and what the build is asked for.

use std::fmt::Write as _;

use super::headers;
use super::names;
use super::sources;
use super::variants::{FRAGMENT, Machine, Variant};

/// Our side of the conversation: files of the folder of a build.
const FILES: [(&str, &str); 7] = [
    ("oracle.c", include_str!("c/ask.c")),
    ("constants.h", include_str!("c/constants.h")),
    ("kernel.h", include_str!("c/kernel.h")),
    ("given.h", include_str!("c/given.h")),
    ("talk.h", include_str!("c/talk.h")),
    ("calls.h", include_str!("c/calls.h")),
    ("prove.c", include_str!("c/prove.c")),
];
/// The names whose values the program gives.
const SYMBOLS: &str = "symbols.h";
/// What the preprocessor is given to find the tree's names.
pub(super) const QUESTION: &str = "names.c";

/// Everything that decides what `make` does.
pub(super) fn configuration(variant: &Variant) -> String {
    let Machine { kernel_arch, compiler, .. } = variant.machine;
    format!("{kernel_arch} {compiler:?}\n{}\n{FRAGMENT:?}\n", variant.kconfig())
}

/// Our C files.
pub(super) fn sources(variant: &Variant) -> Vec<(&'static str, String)> {
    let mut symbols = String::new();
    for name in sources::symbols(variant.variant) {
        let _ = writeln!(symbols, "#ifdef {name}\n\tconstant(\"symbol:{name}\", {name});\n#endif");
    }
    let files = FILES.iter().map(|(name, text)| (*name, (*text).into()));
    files.chain([(SYMBOLS, symbols), (QUESTION, names::question()), headers::less()]).collect()
}
