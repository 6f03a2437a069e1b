//! What happens when a mapped file shrinks: an error message, no half-written file, exit code 1.
//!
//! The handler runs in the middle of anything, so it does only what POSIX allows there (`write`, `unlink`, `_exit`),
//! with strings that were made beforehand. A `SIGBUS` from elsewhere ends the program as it would have without it.

use std::ffi::CString;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};

use libc::{c_int, c_void, siginfo_t};

/// What the handler needs.
struct Watch {
    addresses: Range<usize>,
    message: Vec<u8>,
    remove: Option<CString>,
}

/// The mapping that is watched. A watch that was replaced is never freed, because a handler could be looking at it;
/// there are two or three in the life of a program.
static WATCH: AtomicPtr<Watch> = AtomicPtr::new(ptr::null_mut());

/// Watches a mapping, in place of the one watched so far.
pub(crate) fn watch(map: &[u8], message: &str, remove: Option<&Path>) {
    static INSTALL: Once = Once::new();
    let addresses = map.as_ptr_range();
    let watch = Watch {
        addresses: addresses.start.addr()..addresses.end.addr().next_multiple_of(page_size()),
        message: message.as_bytes().to_vec(),
        // A path with a zero byte in it cannot be that of a file.
        remove: remove.and_then(|path| CString::new(path.as_os_str().as_bytes()).ok()),
    };
    WATCH.store(Box::into_raw(Box::new(watch)), Ordering::Release);
    INSTALL.call_once(install);
}

/// Watches nothing.
pub(crate) fn unwatch() {
    WATCH.store(ptr::null_mut(), Ordering::Release);
}

#[expect(unsafe_code, reason = "a call of C")]
fn page_size() -> usize {
    // SAFETY: Takes a number, gives a number.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

#[expect(unsafe_code, reason = "signal handlers are set through C")]
fn install() {
    // SAFETY: For this structure all bytes zero is a value: no flags, an empty mask, the default handler.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = on_bus_error as *const () as usize;
    action.sa_flags = libc::SA_SIGINFO;
    // SAFETY: The structure is valid, and the handler has the signature that SA_SIGINFO asks for.
    unsafe { libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut()) };
}

#[expect(unsafe_code, reason = "what a handler may do is in C")]
extern "C" fn on_bus_error(_signal: c_int, info: *mut siginfo_t, _context: *mut c_void) {
    // SAFETY: The system hands a valid structure to a handler with SA_SIGINFO, and null is asked for.
    let info = unsafe { info.as_ref() };
    // SAFETY: For SIGBUS the address is the part of the union that is filled in.
    let address = info.map(|info| unsafe { info.si_addr() }.addr());
    // SAFETY: Null, or a watch that was leaked on purpose.
    let watch = unsafe { WATCH.load(Ordering::Acquire).as_ref() };
    let Some(watch) = watch.filter(|watch| address.is_some_and(|at| watch.addresses.contains(&at))) else {
        // Not ours: back to the default, and the same access happens again.
        // SAFETY: Takes a number and a constant; allowed in a handler.
        unsafe { libc::signal(libc::SIGBUS, libc::SIG_DFL) };
        return;
    };
    if let Some(path) = &watch.remove {
        // SAFETY: A string with a zero at its end, which is never freed; allowed in a handler.
        unsafe { libc::unlink(path.as_ptr()) };
    }
    // SAFETY: Bytes of a vector that is never freed, with their length; allowed in a handler.
    unsafe { libc::write(libc::STDERR_FILENO, watch.message.as_ptr().cast(), watch.message.len()) };
    // SAFETY: Takes a number; allowed in a handler, where `exit` is not.
    unsafe { libc::_exit(1) };
}
