//! What must not compile, and in which words. Each file in `ui` is a mistake that somebody who writes a backend or uses
//! one can make; the file beside it is what the compiler then says.

#[test]
fn mistakes_are_named() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
