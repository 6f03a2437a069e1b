//! What can be done in a state.

use crate::{Bounds, State};

/// A step that somebody may try. What it turns out to be is an [`Event`](crate::Event).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// A process writes to its page, if that is mapped writable.
    Write(usize),
    /// A process faults.
    Fault {
        /// The process.
        p: usize,
        /// `FAULT_FLAG_WRITE`.
        write: bool,
        /// The swap device is full, so that slots are given up where that is possible: `mem_cgroup_swap_full()`.
        full: bool,
    },
    /// A process whose `anon_vma` does not fit faults on a former KSM page in the swap cache.
    KsmFault {
        /// The process.
        p: usize,
        /// `FAULT_FLAG_WRITE`.
        write: bool,
    },
    /// A process faults with `FAULT_FLAG_UNSHARE`, on behalf of GUP.
    Unshare(usize),
    /// A process forks.
    Fork(usize),
    /// A driver takes a reference by the address of a process.
    Gup {
        /// The process.
        p: usize,
        /// `FOLL_PIN`; else `FOLL_GET`.
        pin: bool,
        /// `FOLL_WRITE`.
        write: bool,
    },
    /// The driver writes through its reference.
    WriteThrough,
    /// The driver gives its reference back.
    Release,
    /// Reclaim gives the page of a process a slot.
    AddToSwap(usize),
    /// Reclaim unmaps the page from a process.
    Unmap(usize),
    /// Reclaim starts to write the page in a slot's swap cache.
    WritebackStart(u8),
    /// The device has written it.
    WritebackEnd(u8),
    /// Reclaim frees the page in a slot's swap cache.
    Reclaim(u8),
    /// Somebody gives up the swap cache of a slot that no entry names.
    FreeSwap(u8),
    /// Somebody reads a slot into the swap cache.
    SwapRead(u8),
    /// Swapoff restores the entry of a process.
    Unuse {
        /// The process.
        p: usize,
        /// Its `anon_vma` does not fit the former KSM page in the swap cache.
        ksm: bool,
    },
    /// KSM takes the page of a process.
    KsmShare(usize),
    /// `/proc/PID/clear_refs` clears soft-dirty.
    ClearSoftDirty(usize),
    /// `UFFDIO_WRITEPROTECT`, on or off.
    Uffd {
        /// The process.
        p: usize,
        /// Protect; else resolve.
        protect: bool,
    },
    /// A process exits.
    Exit(usize),
}

impl Action {
    /// All that may be tried, for the processes that live, the slots that there are and the reference that is held.
    pub(crate) fn possible(state: &State, bounds: Bounds, actions: &mut Vec<Self>) {
        for (p, _) in state.living() {
            actions.push(Self::Write(p));
            for write in [false, true] {
                actions.extend([false, true].map(|full| Self::Fault { p, write, full }));
                actions.push(Self::KsmFault { p, write });
            }
            actions.extend([Self::Unshare(p), Self::Fork(p)]);
            if state.reference.is_none() {
                let modes = [(false, false), (false, true), (true, false), (true, true)];
                actions.extend(modes.map(|(pin, write)| Self::Gup { p, pin, write }));
            }
            actions.extend([Self::AddToSwap(p), Self::Unmap(p)]);
            actions.extend([false, true].map(|ksm| Self::Unuse { p, ksm }));
            actions.extend([Self::KsmShare(p), Self::Exit(p)]);
            if p < bounds.tracked {
                actions.push(Self::ClearSoftDirty(p));
                actions.extend([true, false].map(|protect| Self::Uffd { p, protect }));
            }
        }
        if state.reference.is_some() {
            actions.extend([Self::WriteThrough, Self::Release]);
        }
        for slot in (0..bounds.slots).filter_map(|slot| u8::try_from(slot).ok()) {
            actions.extend([Self::WritebackStart(slot), Self::WritebackEnd(slot), Self::Reclaim(slot)]);
            actions.extend([Self::FreeSwap(slot), Self::SwapRead(slot)]);
        }
    }
}
