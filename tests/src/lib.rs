//! Nothing to link: the tests of this package are in `tests/`, and the kernel's answers in `vectors/`.
