//! How many tables may still be visited: what ends a walk of tables that point at each other.

use core::sync::atomic::{AtomicU64, Ordering};

/// A number of tables, which walks share.
///
/// Every table is at one place of one tree, but for what the kernel shares on purpose (page tables of hugetlb, shadow
/// memory of KASAN). So a few times as many tables as fit into memory are enough for all processes together, and no memory,
/// however it was made, can ask for more.
#[derive(Debug)]
pub struct Budget(AtomicU64);

impl Budget {
    /// So many tables.
    #[must_use]
    pub const fn new(tables: u64) -> Self {
        Self(AtomicU64::new(tables))
    }

    /// Enough for the trees in so many bytes of memory: each table of them, of at least 256 bytes, four times.
    #[must_use]
    pub const fn for_memory(bytes: u64) -> Self {
        Self::new((bytes / 256).saturating_mul(4).saturating_add(64))
    }

    /// How many are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes one; whether there was one.
    pub(crate) fn take(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}
