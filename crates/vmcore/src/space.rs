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
#[derive(Debug)]
pub struct Space<'a> {
    memory: &'a Shown<'a>,
    /// Its page tables.
    pub geometry: Geometry,
    /// The physical address of the highest one.
    pub root: u64,
    image: Image,
    /// Bytes of a pointer.
    pub pointer: u64,
    order: MemoryOrder,
    known: RefCell<HashMap<u64, u64>>,
}

/// Memory, for `Debug`.
pub struct Shown<'a>(pub &'a dyn Memory);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "memory of {} ranges", self.0.ranges().len())
    }
}
