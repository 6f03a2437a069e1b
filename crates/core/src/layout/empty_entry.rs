//! The one entry that a layout may have no word for.

use super::Layout;
use crate::{EncodeError, SwpEntry};

impl Layout<'_> {
    /// The entry that encodes to the word that means none, if there is one: it is at an edge of the offset.
    #[must_use]
    pub fn empty_entry(&self) -> Option<SwpEntry> {
        [0, self.max_offset()]
            .into_iter()
            .filter_map(|offset| SwpEntry::from_parts(0, offset).ok())
            .find(|entry| matches!(self.encode(*entry), Err(EncodeError::EncodesToNone { .. })))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sketch::sketch;
    use super::*;

    #[test]
    fn it_is_at_an_edge_of_the_offset() {
        let mut layout = sketch();
        assert_eq!(layout.empty_entry(), SwpEntry::from_parts(0, 0).ok());
        layout.swp_offset = layout.swp_offset.inverted();
        assert_eq!(layout.empty_entry(), SwpEntry::from_parts(0, (1 << 19) - 1).ok());
        layout.always_one = 1 << 7;
        assert_eq!(layout.empty_entry(), None);
    }
}
