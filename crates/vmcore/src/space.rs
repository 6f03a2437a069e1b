//! The kernel's own addresses.

use std::cell::RefCell;
use std::collections::HashMap;

use swp_pte::MemoryOrder;
use swp_pte_dump::{Memory, Missing};
use swp_pte_walk::{Geometry, Unmapped, translate};

/// Addresses of the kernel's image, which are in memory in one piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Image {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// What is added to an address, in 64 bits.
    pub delta: u64,
}

impl Image {
    /// The physical address, if it is an address of the image.
    #[must_use]
    pub const fn physical(&self, address: u64) -> Option<u64> {
        if self.first <= address && address <= self.last { Some(address.wrapping_add(self.delta)) } else { None }
    }
}

/// Why an address of the kernel cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    /// No page is there.
    #[error("kernel address {address:#x} is mapped nowhere")]
    Hole {
        /// The address.
        address: u64,
    },
    /// The page is not in the dump.
    #[error("kernel address {address:#x}: {why}")]
    Missing {
        /// The address.
        address: u64,
        /// Why.
        why: Missing,
    },
}

/// Pages that are remembered at a time.
const MOST_PAGES: usize = 1 << 16;

/// The kernel's addresses, read out of a dump.
pub struct Space<'a> {
    memory: &'a dyn Memory,
    /// Its page tables.
    pub geometry: Geometry,
    /// The physical address of the highest one.
    pub root: u64,
    image: Image,
    /// Bytes of a pointer.
    pub pointer: usize,
    order: MemoryOrder,
    /// Pages that were found, so that a table is not read for each member of a structure.
    known: RefCell<HashMap<u64, u64>>,
}

impl std::fmt::Debug for Space<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { geometry, root, image, pointer, order, .. } = self;
        let name = geometry.name;
        write!(f, "Space({name}, root {root:#x}, {image:?}, pointers of {pointer} bytes, {order:?})")
    }
}

impl<'a> Space<'a> {
    /// By the kernel's highest table, and where its image is.
    #[must_use]
    pub fn new(
        memory: &'a dyn Memory,
        geometry: Geometry,
        root: u64,
        image: Image,
        pointer: usize,
        order: MemoryOrder,
    ) -> Self {
        Self { memory, geometry, root, image, pointer, order, known: RefCell::default() }
    }

    /// The physical address of a kernel address.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn physical(&self, address: u64) -> Result<u64, Unreadable> {
        if let Some(at) = self.image.physical(address) {
            return Ok(at);
        }
        let inside = (1_u64 << self.geometry.page_shift()) - 1;
        let page = address & !inside;
        if let Some(at) = self.known.borrow().get(&page) {
            return Ok(at | address & inside);
        }
        let read = |at, into: &mut [u8]| self.memory.read(at, into);
        match translate(&self.geometry, self.root, page, read) {
            Ok(mapping) => {
                let mut known = self.known.borrow_mut();
                if known.len() >= MOST_PAGES {
                    known.clear();
                }
                known.insert(page, mapping.at);
                Ok(mapping.at | address & inside)
            }
            Err(Unmapped::Missing { why, .. }) => Err(Unreadable::Missing { address, why }),
            Err(Unmapped::NotCanonical | Unmapped::Hole { .. }) => Err(Unreadable::Hole { address }),
        }
    }

    /// Reads memory of the kernel, page by page.
    ///
    /// # Errors
    /// [`Unreadable`]: the first address that is not there.
    pub fn read(&self, address: u64, into: &mut [u8]) -> Result<(), Unreadable> {
        let page = 1_u64 << self.geometry.page_shift();
        let (mut address, mut rest) = (address, into);
        while !rest.is_empty() {
            let at = self.physical(address)?;
            // A piece of the image is as long as it is; other pages can lie anywhere.
            let left = if self.image.physical(address).is_some() {
                self.image.last - address
            } else {
                page - 1 - (address & (page - 1))
            };
            let length = usize::try_from(left).unwrap_or(usize::MAX).saturating_add(1).min(rest.len());
            let (part, others) = rest.split_at_mut(length);
            self.memory.read(at, part).map_err(|why| Unreadable::Missing { address, why })?;
            rest = others;
            address = address.wrapping_add(length as u64);
        }
        Ok(())
    }

    /// A number of 1, 2, 4 or 8 bytes.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn number(&self, address: u64, bytes: usize) -> Result<u64, Unreadable> {
        let mut buffer = [0; 8];
        let part = buffer.get_mut(..bytes.min(8)).unwrap_or_default();
        self.read(address, part)?;
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Ok(match self.order {
            MemoryOrder::Big => part.iter().fold(0, join),
            _ => part.iter().rev().fold(0, join),
        })
    }

    /// A pointer.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn pointer(&self, address: u64) -> Result<u64, Unreadable> {
        self.number(address, self.pointer)
    }

    /// A text that ends with a zero, at most so long; what is no UTF-8 is replaced.
    ///
    /// # Errors
    /// [`Unreadable`] if not even its first byte is there.
    pub fn text(&self, address: u64, longest: usize) -> Result<String, Unreadable> {
        let mut text = Vec::new();
        while text.len() < longest {
            let at = address.wrapping_add(text.len() as u64);
            // Up to the end of a piece of 64 bytes, which is never in two pages.
            let length = usize::try_from(64 - (at & 63)).unwrap_or(64).min(longest - text.len());
            let mut part = vec![0; length];
            match self.read(at, &mut part) {
                Err(error) if text.is_empty() => return Err(error),
                Err(_) => break,
                Ok(()) => {}
            }
            match part.iter().position(|byte| *byte == 0) {
                Some(end) => {
                    text.extend_from_slice(part.get(..end).unwrap_or_default());
                    break;
                }
                None => text.extend_from_slice(&part),
            }
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The order of bytes in its words.
    #[must_use]
    pub const fn order(&self) -> MemoryOrder {
        self.order
    }

    /// A number out of bytes that were read.
    pub(crate) fn u32(&self, bytes: &[u8]) -> u32 {
        let bytes = <[u8; 4]>::try_from(bytes).unwrap_or_default();
        if self.order == MemoryOrder::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }
}
