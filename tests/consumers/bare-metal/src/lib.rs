//! Fault paths for C, one per backend, as a kernel would link them: `swp_pte_<variant>__<module>_swap_out`, `_swap_in`
//! and `_fork`, in a static library without std, without an allocator, and with a panic handler that must never be linked.
//!
//! `cargo xtask cross` links the functions of each layout alone, for each bare-metal target, and looks at what came
//! along: no panic, no allocator, nothing that is undefined, and no more code than a fault path needs.
#![no_std]
#![cfg_attr(target_os = "none", no_main)]

use swp_pte::{DecodeError, EncodeError, Flag, PteBits, SwpEntry, SwpPte};

/// Linked only if something can panic, and found by its name then.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Linked only if something allocates, and found by its name then; without it, the linker would name no culprit.
#[cfg(target_os = "none")]
#[global_allocator]
static ALLOCATOR: NoAllocator = NoAllocator;

/// Has nothing to give.
#[cfg(target_os = "none")]
#[derive(Debug)]
struct NoAllocator;

// SAFETY: it never returns memory.
#[cfg(target_os = "none")]
unsafe impl core::alloc::GlobalAlloc for NoAllocator {
    unsafe fn alloc(&self, _: core::alloc::Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: core::alloc::Layout) {}
}

/// What a function made of its input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
#[non_exhaustive]
pub enum Status {
    /// The rest of the result is meant.
    Ok = 0,
    /// The layout, or its word, cannot hold the entry; or no encoder can have written the word.
    Range = 1,
    /// The word means that no page is here, or the entry would encode to it.
    None = 2,
    /// The word maps a page.
    Present = 3,
    /// An error that is newer than this program.
    Other = 4,
}

/// `struct { uint64_t word; uint32_t status; }`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Word {
    /// The word for the page table; 0 with an error.
    pub word: u64,
    /// What became of it.
    pub status: Status,
}

/// `struct { uint64_t type, offset; uint32_t exclusive, status; }`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Entry {
    /// The swap type; 0 with an error.
    pub swp_type: u64,
    /// The swap offset, in pages; 0 with an error.
    pub offset: u64,
    /// 1 if the page belonged to one process alone.
    pub exclusive: u32,
    /// What became of it.
    pub status: Status,
}

/// The three functions of a layout, as C sees them.
#[derive(Clone, Copy, Debug)]
pub struct FaultPath {
    /// `<variant>__<module>`
    pub name: &'static str,
    /// The mask of the exclusive marker; 0 in a layout without it.
    pub exclusive: u64,
    /// Type, offset and exclusive to a word.
    pub swap_out: extern "C" fn(u64, u64, u32) -> Word,
    /// A word to its entry.
    pub swap_in: extern "C" fn(u64) -> Entry,
    /// A word to the same without its exclusive marker.
    pub fork: extern "C" fn(u64) -> u64,
}

/// What `try_to_unmap` writes.
#[inline(always)]
fn swap_out<P: SwpPte>(swp_type: u64, offset: u64, exclusive: u32) -> Word {
    let Ok(entry) = SwpEntry::from_parts(swp_type, offset) else {
        return Word { word: 0, status: Status::Range };
    };
    match P::encode(entry) {
        Ok(pte) => {
            let pte = if exclusive == 0 { pte } else { pte.set_or_stub(Flag::Exclusive) };
            Word { word: pte.to_bits().into(), status: Status::Ok }
        }
        Err(error) => {
            let none = matches!(error.why(), EncodeError::EncodesToNone { .. });
            Word { word: 0, status: if none { Status::None } else { Status::Range } }
        }
    }
}

/// What `do_swap_page` reads.
#[inline(always)]
fn swap_in<P: SwpPte>(word: u64) -> Entry {
    let none = |status| Entry { swp_type: 0, offset: 0, exclusive: 0, status };
    let Some(bits) = P::Bits::try_from_u64(word) else {
        return none(Status::Range);
    };
    let pte = P::from_bits(bits);
    match pte.decode() {
        Ok(entry) => Entry {
            swp_type: entry.swp_type().get(),
            offset: entry.offset().get(),
            exclusive: pte.is_set_or_stub(Flag::Exclusive).into(),
            status: Status::Ok,
        },
        Err(error) => none(match error.why() {
            DecodeError::None { .. } => Status::None,
            DecodeError::Present { .. } => Status::Present,
            DecodeError::TypeOutOfRange { .. } | DecodeError::OffsetOutOfRange { .. } => Status::Range,
            _ => Status::Other,
        }),
    }
}

/// What `fork` does to the parent's word; a word that is too wide for the layout comes back as it is.
#[inline(always)]
fn fork<P: SwpPte>(word: u64) -> u64 {
    P::Bits::try_from_u64(word).map_or(word, |bits| P::from_bits(bits).clear_or_stub(Flag::Exclusive).to_bits().into())
}

/// A line of the list becomes a module with the three functions of that layout, for C.
macro_rules! fault_paths {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => {
        $(
            #[doc = concat!("`", stringify!($pte), "`")]
            pub mod $name {
                use super::*;

                /// The word for an entry; `exclusive` is 0 or not.
                #[unsafe(export_name = concat!("swp_pte_", stringify!($name), "_swap_out"))]
                pub extern "C" fn swap_out(swp_type: u64, offset: u64, exclusive: u32) -> Word {
                    super::swap_out::<$pte>(swp_type, offset, exclusive)
                }

                /// The entry in a word.
                #[unsafe(export_name = concat!("swp_pte_", stringify!($name), "_swap_in"))]
                pub extern "C" fn swap_in(word: u64) -> Entry {
                    super::swap_in::<$pte>(word)
                }

                /// The word without its exclusive marker.
                #[unsafe(export_name = concat!("swp_pte_", stringify!($name), "_fork"))]
                pub extern "C" fn fork(word: u64) -> u64 {
                    super::fork::<$pte>(word)
                }
            }
        )*

        /// The functions of every layout, with its name and the mask of its exclusive marker.
        pub const ALL: &[FaultPath] = &[$(FaultPath {
            name: stringify!($name),
            exclusive: <$pte>::LAYOUT.flag_mask(Flag::Exclusive),
            swap_out: $name::swap_out,
            swap_in: $name::swap_in,
            fork: $name::fork,
        }),*];
    };
}

swp_pte_atlas::for_each_layout!(fault_paths);
