//! Nothing to link: the tests of this package are in `tests/`, and the kernel's answers in `vectors/`.

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
