//! The sizes of a machine's swap files, as far as somebody knows them.

use core::fmt::{Display, Formatter};

/// `MAX_SWAPFILES_SHIFT` leaves 32 types at most.
const MOST: usize = 32;

/// The swap files of a machine, by type, each with its size in pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwapFiles {
    pages: [u64; MOST],
    count: usize,
}

/// Why a list of swap files cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SwapFilesError {
    /// More than 32.
    TooMany,
    /// A size that is no number, or 0.
    NotASize {
        /// Which, from 1 on.
        number: usize,
    },
}

impl Display for SwapFilesError {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooMany => write!(f, "more than {MOST} swap files, which no kernel has"),
            Self::NotASize { number } => {
                write!(f, "swap file {number} has no size; a number of pages above 0, or KiB in /proc/swaps")
            }
        }
    }
}

impl core::error::Error for SwapFilesError {}

impl SwapFiles {
    /// Swap files of these sizes in pages, that of type 0 first.
    ///
    /// # Errors
    /// [`SwapFilesError`].
    pub fn of(pages: impl IntoIterator<Item = u64>) -> Result<Self, SwapFilesError> {
        let mut files = Self { pages: [0; MOST], count: 0 };
        for size in pages {
            let number = files.count + 1;
            let slot = files.pages.get_mut(files.count).ok_or(SwapFilesError::TooMany)?;
            if size == 0 {
                return Err(SwapFilesError::NotASize { number });
            }
            (*slot, files.count) = (size, number);
        }
        Ok(files)
    }

    /// Sizes in pages, with commas between them: `2097152,1048576`.
    ///
    /// # Errors
    /// [`SwapFilesError`].
    pub fn from_list(text: &str) -> Result<Self, SwapFilesError> {
        Self::collect(text.split(',').map(|size| {
            let size = size.trim();
            match size.strip_prefix("0x") {
                Some(hex) if !hex.starts_with('+') => u64::from_str_radix(hex, 16).ok(),
                _ if size.bytes().all(|byte| byte.is_ascii_digit()) => size.parse().ok(),
                _ => None,
            }
        }))
    }

    /// What `/proc/swaps` says, with pages of `1 << page_shift` bytes. Its lines are in the order of types, and a type that
    /// is free between two others has none; its sizes are in KiB, without the page of the header.
    ///
    /// # Errors
    /// [`SwapFilesError`].
    pub fn from_proc(text: &str, page_shift: u32) -> Result<Self, SwapFilesError> {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("Filename"));
        Self::collect(lines.map(|line| {
            // A name can have spaces; four columns stand behind it: type, size, used, priority.
            let kib: u64 = line.split_whitespace().rev().nth(2)?.parse().ok()?;
            (kib << 10 >> page_shift).checked_add(1)
        }))
    }

    fn collect(sizes: impl Iterator<Item = Option<u64>>) -> Result<Self, SwapFilesError> {
        let mut number = 0;
        let mut failed = false;
        let good = sizes.map_while(|size| {
            number += 1;
            failed = size.is_none();
            size
        });
        let files = Self::of(good)?;
        if failed { Err(SwapFilesError::NotASize { number: files.count + 1 }) } else { Ok(files) }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The pages of the swap file of a type; `None` where there is none.
    #[must_use]
    pub fn pages(&self, swp_type: u64) -> Option<u64> {
        let known = self.pages.get(..self.count).unwrap_or_default();
        known.get(usize::try_from(swp_type).ok()?).copied()
    }

    /// Whether a page can be there: a file of the type, an offset inside it, and not the page of its header.
    #[must_use]
    pub fn has(&self, swp_type: u64, offset: u64) -> bool {
        self.pages(swp_type).is_some_and(|pages| (1..pages).contains(&offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_pages() {
        let files = SwapFiles::from_list("0x100, 16").unwrap();
        assert_eq!((files.count(), files.pages(0), files.pages(1), files.pages(2)), (2, Some(256), Some(16), None));
        assert!(files.has(0, 255) && files.has(1, 1));
        assert!(!files.has(0, 256) && !files.has(1, 0) && !files.has(2, 1));
        for text in ["", "0", "1,,2", "1,-2", "x", "0x+1", "1,0"] {
            assert!(SwapFiles::from_list(text).is_err(), "{text}");
        }
        assert_eq!(SwapFiles::of([1; 33]), Err(SwapFilesError::TooMany));
    }

    #[test]
    fn what_proc_says() {
        let text = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n\
                    /dev/vda2                               partition\t8388604\t\t0\t\t-2\n\
                    /a\\040b                                  file\t\t1020\t0\t-3\n";
        assert_eq!(SwapFiles::from_proc(text, 12), SwapFiles::of([2_097_152, 256]));
        assert_eq!(SwapFiles::from_proc("rubbish\n", 12), Err(SwapFilesError::NotASize { number: 1 }));
        assert_eq!(SwapFiles::from_proc("", 12).unwrap().count(), 0);
    }
}
