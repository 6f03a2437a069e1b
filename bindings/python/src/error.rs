//! The exceptions: each is a `ValueError`, so that code that knows nothing of them catches them all the same.

use std::path::Path;

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use swp_pte_atlas::LookupError;

create_exception!(swp_pte, SwpPteError, PyValueError, "Any refusal of this package.");
create_exception!(
    swp_pte,
    KernelError,
    SwpPteError,
    "No layout is known: an unknown variant, a text that is no release, or a kernel of which the record does not say which layout it has."
);
create_exception!(
    swp_pte,
    EncodeError,
    SwpPteError,
    "An entry that the layout cannot hold; the message has field, value and limit."
);
create_exception!(
    swp_pte,
    DecodeError,
    SwpPteError,
    "A number that is no word of the layout, or a buffer that is no array of words."
);

create_exception!(
    swp_pte,
    DumpError,
    SwpPteError,
    "A file that is no dump, memory that is not in it, or what its kernel does not say."
);

/// A lookup that failed, with the names that there are where the name is to blame.
pub(crate) fn lookup(variant: &str, error: LookupError) -> PyErr {
    match error {
        LookupError::UnknownVariant => {
            let names: Vec<_> = swp_pte_atlas::variants().collect();
            KernelError::new_err(format!("unknown variant {:?}: there are {}", short(variant), names.join(", ")))
        }
        error => KernelError::new_err(format!("{variant}: {error}")),
    }
}

/// What is repeated of a text that somebody gave.
pub(crate) fn short(text: &str) -> String {
    cut(text, 80)
}

/// What is repeated of a path; Linux takes none that is longer.
pub(crate) fn shown(path: &Path) -> String {
    cut(&path.display().to_string(), 4096)
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}
