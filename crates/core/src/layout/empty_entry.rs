//! The one entry that a layout may have no word for.

use super::Layout;
use crate::{EncodeError, SwpEntry};

impl Layout {
    /// The entry that encodes to the word that means none, if there is one: it is at an edge of the offset.
    #[must_use]
    pub fn empty_entry(&self) -> Option<SwpEntry> {
        [0, self.max_offset()]
            .into_iter()
            .filter_map(|offset| SwpEntry::from_parts(0, offset).ok())
            .find(|entry| matches!(self.encode(*entry), Err(EncodeError::EncodesToNone { .. })))
    }
}
