//! Texts of C: read with a limit, and made of ours while this is compiled.

use core::ffi::c_char;
use core::slice;

use crate::Status;

/// The longest text that is read, in bytes; the longest release that `uname` gives has 64.
const LONGEST: usize = 255;

/// The text at a pointer.
///
/// # Safety
/// `text` is null, or readable up to a NUL or 256 bytes.
pub(crate) unsafe fn read<'a>(text: *const c_char) -> Result<&'a str, Status> {
    if text.is_null() {
        return Err(Status::NullPointer);
    }
    let bytes = text.cast::<u8>();
    let mut length = 0;
    // SAFETY: the caller's promise, up to the NUL.
    while unsafe { bytes.add(length).read() } != 0 {
        length += 1;
        if length > LONGEST {
            return Err(Status::BadText);
        }
    }
    // SAFETY: so many bytes were just read.
    let bytes = unsafe { slice::from_raw_parts(bytes, length) };
    str::from_utf8(bytes).map_err(|_| Status::BadText)
}

/// A short name with a NUL behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name([u8; 32]);

impl Name {
    #[expect(clippy::panic, reason = "only in constants: a name that is too long does not compile")]
    pub(crate) const fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut name = [0; 32];
        if bytes.len() >= name.len() {
            panic!("a name has no room for its NUL");
        }
        let mut i = 0;
        while i < bytes.len() {
            name[i] = bytes[i];
            i += 1;
        }
        Self(name)
    }

    pub(crate) const fn as_ptr(&'static self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}
