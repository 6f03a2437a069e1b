//! A short text that lies in its own bytes.

use core::fmt::{self, Arguments, Write};

/// `__NEW_UTS_LEN`: the longest release that a kernel can have, in bytes.
const LONGEST: usize = 64;

/// At most [`LONGEST`] bytes of text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Text {
    bytes: [u8; LONGEST],
    length: u8,
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [0; LONGEST], length: 0 }
    }
}

impl Text {
    /// What is formatted, if it is short enough.
    pub(super) fn of(text: Arguments<'_>) -> Option<Self> {
        let mut copy = Self::default();
        copy.write_fmt(text).ok().map(|()| copy)
    }

    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        // Only whole texts were written.
        str::from_utf8(bytes).unwrap_or_default()
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let length = usize::from(self.length);
        let end = length.saturating_add(text.len());
        let free = self.bytes.get_mut(length..end).ok_or(fmt::Error)?;
        free.copy_from_slice(text.as_bytes());
        self.length = u8::try_from(end).map_err(|_| fmt::Error)?;
        Ok(())
    }
}
