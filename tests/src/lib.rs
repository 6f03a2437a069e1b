//! Nothing to link: the tests of this package are in `tests/`, and the kernel's answers in `vectors/`.

/// The examples of the page on the library, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/library.md")]
pub struct Library;
