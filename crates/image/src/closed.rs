//! Whether standard output was closed when the program started. The standard library opens `/dev/null` in its place before
//! `main`, so that all output would be lost without an error; this looks earlier.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

#[expect(unsafe_code, reason = "a function that runs before main is named in a section of the program")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

#[expect(unsafe_code, reason = "a call of C")]
extern "C" fn look() {
    // SAFETY: Takes a number and a constant, and changes nothing.
    let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
    CLOSED.store(flags == -1, Ordering::Relaxed);
}

/// Whether the program was started without standard output, as by `>&-`.
#[must_use]
pub fn stdout_was_closed() -> bool {
    // Named, so that it is linked.
    std::hint::black_box(&LOOK);
    CLOSED.load(Ordering::Relaxed)
}
