//! The swap files: `swap_info[]`, and the names of their files.

use crate::lack::Lack;
use crate::{Kernel, Unreadable};

/// `SWP_USED` (`include/linux/swap.h`).
const USED: u64 = 1;
/// No kernel has more types.
const MOST_FILES: u64 = 32;
/// Directories in each other, and mounts.
const DEEPEST: usize = 256;
/// `NAME_MAX`.
const LONGEST_NAME: usize = 255;

/// A swap file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SwapFile {
    /// Its type: the index in `swap_info[]`.
    pub swp_type: u64,
    /// Its path, as far as the dump has it.
    pub path: Option<String>,
    /// The pages that entries can name, the header's among them (`max`).
    pub max: u64,
    /// The pages that can be used (`pages`).
    pub pages: Option<u64>,
    /// Its priority.
    pub prio: Option<i64>,
    /// The kernel address of its counts of references (`swap_map`), a byte a page; `None` where the kernel has them elsewhere.
    pub swap_map: Option<u64>,
}

impl Kernel<'_> {
    /// The swap files in use, by type.
    ///
    /// # Errors
    /// [`Lack`]: no symbols or no types.
    pub fn swap_files(&self) -> Result<Vec<SwapFile>, Lack> {
        const WHAT: &str = "the swap files";
        const INSTEAD: &str = "give --swap-pages, or nothing: entries are named by type and offset all the same";
        let (symbols, types) = (self.symbols()?, self.types()?);
        let lost = |why: &dyn std::fmt::Display| Lack::new(WHAT, why, INSTEAD);
        let Some(at) = symbols.swap_info else { return Err(lost(&"no symbol swap_info: built without CONFIG_SWAP")) };
        let types = types.swap.ok_or_else(|| lost(&"struct swap_info_struct is not as it is known here"))?;
        let space = &self.space;
        let pointer = space.pointer as u64;
        let behind = symbols.behind_swap_info.map(|next| next.saturating_sub(at) / pointer);
        let used = symbols.nr_swapfiles.and_then(|at| space.number(at, 4).ok());
        let count = used.or(behind).unwrap_or(MOST_FILES).min(behind.unwrap_or(MOST_FILES)).min(MOST_FILES);
        let mut files = Vec::new();
        for swp_type in 0..count {
            let info = space.pointer(at.wrapping_add(swp_type * pointer)).map_err(|why| lost(&why))?;
            if info == 0 {
                continue;
            }
            let number = |member: swp_pte_kernel::Member, usual: u64| {
                let size = usize::try_from(member.size.unwrap_or(usual)).unwrap_or(8);
                space.number(info.wrapping_add(member.offset), size)
            };
            let flags = number(types.flags, pointer).map_err(|why| lost(&why))?;
            if flags & USED == 0 {
                continue;
            }
            let prio = types.prio.and_then(|member| {
                let bits = 8 * member.size.unwrap_or(4).min(8);
                let shift = u32::try_from(64 - bits).ok()?;
                Some((number(member, 4).ok()? << shift).cast_signed() >> shift)
            });
            let file = space.pointer(info.wrapping_add(types.swap_file)).ok().filter(|file| *file != 0);
            let map = types.swap_map.and_then(|offset| space.pointer(info.wrapping_add(offset)).ok());
            files.push(SwapFile {
                swp_type,
                path: file.and_then(|file| self.path_of(file).ok().flatten()),
                max: number(types.max, 4).map_err(|why| lost(&why))?,
                pages: types.pages.and_then(|member| number(member, 4).ok()),
                prio,
                swap_map: map.filter(|map| *map != 0),
            });
        }
        Ok(files)
    }

    /// The path of a `struct file`: the names of its dentries up to the root of its mount, and those of that.
    fn path_of(&self, file: u64) -> Result<Option<String>, Unreadable> {
        let Ok(types) = self.types() else { return Ok(None) };
        let Some(types) = types.path else { return Ok(None) };
        let space = &self.space;
        let mut dentry = space.pointer(file.wrapping_add(types.file_dentry))?;
        let mounted = space.pointer(file.wrapping_add(types.file_mount))?;
        let mut mount = types.mount.map(|of| mounted.wrapping_sub(of.inside));
        let mut names = Vec::new();
        for _ in 0..DEEPEST {
            // At the root of a mount the path goes on where that is mounted.
            if let (Some(at), Some(of)) = (mount, types.mount) {
                let up = || -> Result<Option<(u64, u64)>, Unreadable> {
                    if space.pointer(at.wrapping_add(of.root))? != dentry {
                        return Ok(None);
                    }
                    let parent = space.pointer(at.wrapping_add(of.parent))?;
                    Ok(Some((parent, space.pointer(at.wrapping_add(of.mountpoint))?)))
                };
                match up() {
                    Ok(Some((parent, _))) if parent == at => break,
                    Ok(Some((parent, mountpoint))) => {
                        (mount, dentry) = (Some(parent), mountpoint);
                        continue;
                    }
                    Ok(None) => {}
                    // The name inside of the mount is better than none.
                    Err(_) => mount = None,
                }
            }
            let parent = space.pointer(dentry.wrapping_add(types.parent))?;
            if parent == dentry {
                break;
            }
            names.push(space.text(space.pointer(dentry.wrapping_add(types.name))?, LONGEST_NAME)?);
            dentry = parent;
        }
        names.reverse();
        Ok((!names.is_empty()).then(|| format!("/{}", names.join("/"))))
    }

    /// How often the entries of all page tables name a page of a swap file, by the kernel's own count (`swap_map`); `None` where
    /// it is not to be had, or went on elsewhere.
    #[must_use]
    pub fn swap_count(&self, file: &SwapFile, offset: u64) -> Option<u64> {
        let at = file.swap_map.filter(|_| offset < file.max)?.wrapping_add(offset);
        plain_count(self.space.number(at, 1).ok()?)
    }

    /// [`Self::swap_count`] of the pages from one on, as many as there is room for.
    pub fn swap_counts(&self, file: &SwapFile, first: u64, into: &mut [Option<u64>]) {
        into.fill(None);
        let Some(map) = file.swap_map.filter(|_| first < file.max) else { return };
        let length = usize::try_from(file.max - first).unwrap_or(usize::MAX).min(into.len());
        let mut bytes = vec![0; length];
        if self.space.read(map.wrapping_add(first), &mut bytes).is_ok() {
            for (count, byte) in into.iter_mut().zip(&bytes) {
                *count = plain_count(u64::from(*byte));
            }
            return;
        }
        // A page of them is missing.
        for (offset, count) in (first..file.max).zip(into) {
            *count = self.swap_count(file, offset);
        }
    }
}

/// A byte of `swap_map`. `SWAP_HAS_CACHE` is 0x40; `COUNT_CONTINUED` 0x80, `SWAP_MAP_BAD` 0x3f and `SWAP_MAP_SHMEM` 0xbf are no counts.
const fn plain_count(byte: u64) -> Option<u64> {
    let plain = byte & !0x40;
    if plain < 0x3f { Some(plain) } else { None }
}
