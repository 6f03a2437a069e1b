//! Words of `/proc/PID/pagemap` (`pte_to_pagemap_entry`, `fs/proc/task_mmu.c`): the kernel already took the entry apart.

/// A word of `/proc/PID/pagemap`, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Pagemap {
    /// What is at the address.
    pub kind: PagemapKind,
    /// `PM_FILE`: a page of a file, or of shared anonymous memory.
    pub file_or_shared: bool,
    /// `PM_MMAP_EXCLUSIVE`: mapped by this process alone. Not the exclusive marker.
    pub mapped_exclusively: bool,
    /// `PM_SOFT_DIRTY`: the page, or the whole mapping, was written since the bit was last cleared.
    pub soft_dirty: bool,
    /// `PM_UFFD_WP`: write-protected by userfaultfd; from 5.14 on.
    pub uffd_wp: bool,
    /// `PM_GUARD_REGION`: a guard region; from 6.15 on.
    pub guard: bool,
    /// Bits that no kernel sets.
    pub stray: u64,
}

/// What is at the address of a pagemap word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PagemapKind {
    /// Nothing: not mapped, or never touched.
    None,
    /// A page.
    Present {
        /// The page frame number; `None` where the kernel showed 0, to a reader without `CAP_SYS_ADMIN`.
        frame: Option<u64>,
    },
    /// A swap entry, or another that is not present (migration, device memory, hwpoison, a marker).
    Swapped {
        /// The swap type, 0 to 31.
        swp_type: u64,
        /// The swap offset, 50 bits; higher ones are cut. Type and offset are 0 to a reader without `CAP_SYS_ADMIN`.
        offset: u64,
    },
    /// Present and swapped at once, which no kernel writes.
    Both,
}

const FRAME_BITS: u32 = 55;
const TYPE_BITS: u32 = 5;
const SOFT_DIRTY: u32 = 55;
const MMAP_EXCLUSIVE: u32 = 56;
const UFFD_WP: u32 = 57;
const GUARD: u32 = 58;
const STRAY: u64 = 0b11 << 59;
const FILE: u32 = 61;
const SWAP: u32 = 62;
const PRESENT: u32 = 63;

impl Pagemap {
    /// Takes a word apart.
    #[must_use]
    pub fn of(word: u64) -> Self {
        let is_set = |bit: u32| word >> bit & 1 != 0;
        let low = word & ((1 << FRAME_BITS) - 1);
        let kind = match (is_set(PRESENT), is_set(SWAP)) {
            (true, true) => PagemapKind::Both,
            (true, false) => PagemapKind::Present { frame: if low == 0 { None } else { Some(low) } },
            (false, true) => PagemapKind::Swapped { swp_type: low & ((1 << TYPE_BITS) - 1), offset: low >> TYPE_BITS },
            (false, false) => PagemapKind::None,
        };
        let none = matches!(kind, PagemapKind::None);
        Self {
            kind,
            file_or_shared: is_set(FILE),
            mapped_exclusively: is_set(MMAP_EXCLUSIVE),
            soft_dirty: is_set(SOFT_DIRTY),
            uffd_wp: is_set(UFFD_WP),
            guard: is_set(GUARD),
            stray: word & STRAY | if none { low } else { 0 },
        }
    }

    /// Whether a kernel can have written the word, and says enough in it to be told from any other number: a page or an
    /// entry that is not hidden, with a flag or two, nothing stray.
    #[must_use]
    pub fn is_likely(word: u64) -> bool {
        let pagemap = Self::of(word);
        // 64 TiB of memory, and 16 TiB of swap file, in pages of 4 KiB.
        let place = match pagemap.kind {
            PagemapKind::Present { frame: Some(frame) } => frame < 1 << 34,
            PagemapKind::Swapped { swp_type, offset } => swp_type < 2 && offset != 0 && offset < 1 << 32,
            _ => false,
        };
        let a_flag = pagemap.file_or_shared || pagemap.mapped_exclusively || pagemap.soft_dirty;
        place && pagemap.stray == 0 && !pagemap.guard && (a_flag || matches!(pagemap.kind, PagemapKind::Swapped { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind() {
        let swapped = Pagemap::of(1 << 62 | 1 << 55 | 0x41 << 5 | 1);
        assert_eq!(swapped.kind, PagemapKind::Swapped { swp_type: 1, offset: 0x41 });
        assert!(swapped.soft_dirty && !swapped.uffd_wp && swapped.stray == 0);
        let present = Pagemap::of(1 << 63 | 1 << 61 | 0x1234);
        assert_eq!((present.kind, present.file_or_shared), (PagemapKind::Present { frame: Some(0x1234) }, true));
        assert_eq!(Pagemap::of(1 << 63).kind, PagemapKind::Present { frame: None });
        assert_eq!(Pagemap::of(3 << 62).kind, PagemapKind::Both);
        let guard = Pagemap::of(1 << 58);
        assert_eq!((guard.kind, guard.guard, guard.stray), (PagemapKind::None, true, 0));
        assert_eq!(Pagemap::of(1 << 59 | 0x41).stray, 1 << 59 | 0x41);
    }

    #[test]
    fn raw_words_are_not_likely() {
        for word in [1 << 62 | 0x41 << 5 | 1, 1 << 63 | 1 << 56 | 0x1234] {
            assert!(Pagemap::is_likely(word), "{word:#x}");
        }
        // x86_64: a page, a page that may not be run, a swap PTE; arm64: a page; nothing; a hidden frame.
        for word in
            [0x1234_5067, 0x8000_0001_2345_6067, 0x07ff_ffff_ffff_7c0a, 0x00e8_0001_2345_6f43, 0, 1 << 63, 1 << 62]
        {
            assert!(!Pagemap::is_likely(word), "{word:#x}");
        }
    }
}
