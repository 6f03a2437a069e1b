//! Where one address is.

use crate::geometry::{Geometry, Root, address, low_bits};
use crate::walker::word_of;

/// Where an address is in physical memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// The physical address.
    pub at: u64,
    /// How many bytes from there on are mapped by the same word.
    pub bytes: u64,
    /// The level of the word, 1 being the lowest.
    pub level: usize,
    /// The word.
    pub word: u64,
}

/// Why an address is nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unmapped<E> {
    /// The tables do not reach so far.
    NotCanonical,
    /// The entry maps nothing.
    Hole {
        /// Its level.
        level: usize,
        /// Its word.
        word: u64,
    },
    /// A table that cannot be read.
    Missing {
        /// Its level.
        level: usize,
        /// The entry's physical address.
        at: u64,
        /// Why.
        why: E,
    },
}

/// Where a virtual address is, by the tables below a root.
///
/// # Errors
/// [`Unmapped`].
pub fn translate<E>(
    geometry: &Geometry,
    root: u64,
    virtual_address: u64,
    mut read: impl FnMut(u64, &mut [u8]) -> Result<(), E>,
) -> Result<Mapping, Unmapped<E>> {
    if !geometry.is_canonical(virtual_address) {
        return Err(Unmapped::NotCanonical);
    }
    let mut table_at = Root::new(root);
    for level in (1..=geometry.levels()).rev() {
        let Some(table) = geometry.table(level) else { break };
        let index = table.index(virtual_address);
        if index < table_at.first || index > table_at.last {
            return Err(Unmapped::Hole { level, word: 0 });
        }
        let at = table_at.at.wrapping_add(index * geometry.word_bytes);
        let mut bytes = [0; 8];
        let bytes = if geometry.word_bytes == 4 { &mut bytes[..4] } else { &mut bytes[..] };
        read(at, bytes).map_err(|why| Unmapped::Missing { level, at, why })?;
        let word = word_of(bytes, geometry.order);
        if table.format.is_leaf(word) {
            let inside = low_bits(table.shift);
            let page = address(table.format.page, word) & !inside;
            let at = page | virtual_address & inside;
            return Ok(Mapping { at, bytes: inside - (virtual_address & inside) + 1, level, word });
        }
        table_at = table.format.table(word).ok_or(Unmapped::Hole { level, word })?;
    }
    Err(Unmapped::Hole { level: 1, word: 0 })
}
