//! Fault paths for C, one per backend, as a kernel would link them: `swp_pte_<variant>_swap_out`, `_swap_in` and
//! `_fork`, in a static library without std, without an allocator, and with a panic handler that must never be linked.
//!
//! `cargo xtask cross` links the functions of each variant alone, for each bare-metal target, and looks at what came
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

/// `variant: backend;` becomes a module with the three functions of that layout, for C.
macro_rules! fault_paths {
    ($($variant:ident: $pte:ty;)*) => { $(
        #[doc = concat!("`", stringify!($pte), "`")]
        pub mod $variant {
            use super::*;

            /// The word for an entry; `exclusive` is 0 or not.
            #[unsafe(export_name = concat!("swp_pte_", stringify!($variant), "_swap_out"))]
            pub extern "C" fn swap_out(swp_type: u64, offset: u64, exclusive: u32) -> Word {
                super::swap_out::<$pte>(swp_type, offset, exclusive)
            }

            /// The entry in a word.
            #[unsafe(export_name = concat!("swp_pte_", stringify!($variant), "_swap_in"))]
            pub extern "C" fn swap_in(word: u64) -> Entry {
                super::swap_in::<$pte>(word)
            }

            /// The word without its exclusive marker.
            #[unsafe(export_name = concat!("swp_pte_", stringify!($variant), "_fork"))]
            pub extern "C" fn fork(word: u64) -> u64 {
                super::fork::<$pte>(word)
            }
        }
    )* };
}

fault_paths! {
    x86_64: swp_pte_x86_64::since_5_19::Pte;
    arm64: swp_pte_arm64::since_6_10::Pte;
    s390: swp_pte_s390::since_5_19::Pte;
    ppc_book3s64_4k: swp_pte_ppc::book3s64_4k::since_5_19::Pte;
    ppc_book3s64_64k: swp_pte_ppc::book3s64_64k::since_5_19::Pte;
    ppc_book3s32: swp_pte_ppc::book3s32::since_6_3::Pte;
    ppc_nohash32_8xx: swp_pte_ppc::nohash32_8xx::since_6_3::Pte;
    ppc_nohash32_85xx: swp_pte_ppc::nohash32_85xx::since_6_7::Pte;
    ppc_nohash32_pte64: swp_pte_ppc::nohash32_pte64::since_6_3::Pte;
    ppc_nohash32_40x: swp_pte_ppc::nohash32_40x::since_6_3::Pte;
    ppc_nohash64: swp_pte_ppc::nohash64::since_6_3::Pte;
    riscv_rv64: swp_pte_riscv::rv64::since_6_3::Pte;
    riscv_rv32: swp_pte_riscv::rv32::since_6_3::Pte;
    riscv_rv64_svrsw60t59b: swp_pte_riscv::rv64_svrsw60t59b::since_6_19::Pte;
}
