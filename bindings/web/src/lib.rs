//! The page in the browser, `docs/decode.html`: a text goes in, and what every layout reads in the numbers in it comes out, as
//! JSON. The page draws it; everything that is said is said here, by the code that the program has.
//!
//! The browser asks for room ([`swp_pte_input`]), writes a request there, calls [`swp_pte_answer`], and reads what
//! [`swp_pte_output`] points at. One call at a time: a page has one thread.

mod answer;
mod request;

use std::cell::RefCell;

pub use answer::answer;
pub use request::Request;

/// No text is longer than this; of a longer one the beginning is read.
const LONGEST: usize = 1 << 20;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for a request of so many bytes, 1 MiB at most.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_input(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        input.clear();
        input.resize(length.min(LONGEST), 0);
        input.as_mut_ptr()
    })
}

/// Answers the request; how many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_answer() -> usize {
    let answer = INPUT.with_borrow(|input| answer(&String::from_utf8_lossy(input)));
    OUTPUT.with_borrow_mut(|output| {
        *output = answer.into_bytes();
        output.len()
    })
}

/// The answer, JSON in UTF-8; good until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn swp_pte_output() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}
