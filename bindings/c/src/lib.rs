//! Linux swap page-table entries for C: what the header `include/swp_pte.h` declares.
//!
//! No std, no allocation, no global state: every function may be called from every thread. A layout is a handle, so that a
//! number that is none is a [`Status`] and never a crash; a pointer that is null likewise. Nothing is written where a function
//! fails.
#![no_std]

mod array;
mod kernel;
mod layout;
mod softleaf;
mod status;
mod text;
mod word;

pub use array::{ByteOrder, Columns, swp_pte_decode_array};
pub use kernel::{Assumed, Build, Grade, Kernel, Option, swp_pte_assumed_message, swp_pte_find};
pub use layout::{
    Facts, Layout, swp_pte_layout_at, swp_pte_layout_count, swp_pte_layout_facts, swp_pte_layout_variant,
    swp_pte_newest,
};
pub use softleaf::{Meaning, Softleaf, swp_pte_meaning_name, swp_pte_name_entry};
pub use status::{Status, swp_pte_message};
pub use word::{
    Entry, Kind, Marker, swp_pte_clear, swp_pte_decode, swp_pte_encode, swp_pte_is_set, swp_pte_kind_of, swp_pte_set,
};

/// Never reached: nothing here panics. It is not even linked, but for `swp_pte_find`, which searches a text with core's functions.
#[cfg(feature = "freestanding")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Writes a result where the caller wants it.
///
/// # Safety
/// `into` is null, or it can be written.
unsafe fn give<T>(into: *mut T, value: T) -> Result<(), Status> {
    if into.is_null() {
        return Err(Status::NullPointer);
    }
    // SAFETY: the caller's promise; it need not be aligned.
    unsafe { into.write_unaligned(value) };
    Ok(())
}

/// The status of what went well or not.
fn status(result: Result<(), Status>) -> Status {
    result.err().unwrap_or(Status::Ok)
}

/// What the tables for unwinding in the compiled core name; nothing unwinds, and a linker that drops what is not reached drops it.
#[cfg(feature = "freestanding")]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
