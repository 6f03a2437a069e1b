//! The C side, and the one barrier that both sides have: all the unsafe code of this project.
#![expect(unsafe_code, reason = "calls C, and keeps words in registers by an empty line of assembly")]

use std::arch::asm;

/// A word and what becomes of it, side by side, so that a loop has one pointer.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub(crate) struct Pair<I, O> {
    pub(crate) input: I,
    pub(crate) output: O,
}

/// Eight words a turn, so that the loop itself, and where it happens to lie in memory, costs next to nothing.
pub(crate) type Turn<I, O> = [Pair<I, O>; 8];

type Function = unsafe extern "C" fn(*mut Turn<u64, u64>, usize) -> i32;

/// One function of `macros.c`.
#[derive(Clone, Copy)]
pub(crate) struct C(Function);

impl C {
    /// The function over all words, up to the first that it refuses; whether there was none.
    pub(crate) fn run(self, turns: &mut [Turn<u64, u64>]) -> bool {
        // SAFETY: every function of `macros.c` reads and writes the `turns.len()` times eight pairs, and nothing else.
        unsafe { (self.0)(turns.as_mut_ptr(), turns.len()) != 0 }
    }
}

/// The word itself, but one at a time: the `alone` of `macros.c`, instruction for instruction.
#[inline]
pub(crate) fn alone(mut word: u64) -> u64 {
    // SAFETY: there is no instruction in it.
    unsafe { asm!("/* {0} */", inout(reg) word, options(nomem, nostack)) };
    word
}

/// The loops of `slices.c` over one layout, at one level of optimization.
#[derive(Clone, Copy)]
pub(crate) struct Slices {
    decode_sum: unsafe extern "C" fn(*const u64, usize) -> u64,
    encode_each: unsafe extern "C" fn(*const u64, *mut u64, usize) -> usize,
}

impl Slices {
    /// Types and offsets of all swap PTEs, added up.
    pub(crate) fn decode_sum(self, words: &[u64]) -> u64 {
        // SAFETY: the function reads the `words.len()` words, and nothing else.
        unsafe { (self.decode_sum)(words.as_ptr(), words.len()) }
    }

    /// The words of the entries, in the kernel's packing, as many as fit; how many entries were refused.
    pub(crate) fn encode_each(self, entries: &[u64], words: &mut [u64]) -> usize {
        let count = entries.len().min(words.len());
        // SAFETY: the function reads `count` entries and writes `count` words, and nothing else.
        unsafe { (self.encode_each)(entries.as_ptr(), words.as_mut_ptr(), count) }
    }
}

/// The functions of one layout.
pub(crate) struct Functions {
    pub(crate) encode: C,
    /// With the checks of the Rust encoder.
    pub(crate) encode_checked: C,
    pub(crate) decode: C,
    pub(crate) is_exclusive: C,
    pub(crate) mk_exclusive: C,
    pub(crate) clear_exclusive: C,
    pub(crate) slices_o2: Slices,
    pub(crate) slices_o3: Slices,
}

macro_rules! functions {
    ($($layout:ident: $encode:ident $checked:ident $decode:ident $is:ident $mk:ident $clear:ident
        $sum_o2:ident $each_o2:ident $sum_o3:ident $each_o3:ident;)*) => {
        $(
            unsafe extern "C" {
                fn $encode(first: *mut Turn<u64, u64>, turns: usize) -> i32;
                fn $checked(first: *mut Turn<u64, u64>, turns: usize) -> i32;
                fn $decode(first: *mut Turn<u64, u64>, turns: usize) -> i32;
                fn $is(first: *mut Turn<u64, u64>, turns: usize) -> i32;
                fn $mk(first: *mut Turn<u64, u64>, turns: usize) -> i32;
                fn $clear(first: *mut Turn<u64, u64>, turns: usize) -> i32;
                fn $sum_o2(words: *const u64, count: usize) -> u64;
                fn $each_o2(entries: *const u64, words: *mut u64, count: usize) -> usize;
                fn $sum_o3(words: *const u64, count: usize) -> u64;
                fn $each_o3(entries: *const u64, words: *mut u64, count: usize) -> usize;
            }

            pub(crate) const $layout: Functions = Functions {
                encode: C($encode),
                encode_checked: C($checked),
                decode: C($decode),
                is_exclusive: C($is),
                mk_exclusive: C($mk),
                clear_exclusive: C($clear),
                slices_o2: Slices { decode_sum: $sum_o2, encode_each: $each_o2 },
                slices_o3: Slices { decode_sum: $sum_o3, encode_each: $each_o3 },
            };
        )*
    };
}

functions! {
    X86_64: x86_64_encode x86_64_encode_checked x86_64_decode x86_64_is_exclusive x86_64_mk_exclusive x86_64_clear_exclusive
        x86_64_decode_sum_o2 x86_64_encode_each_o2 x86_64_decode_sum_o3 x86_64_encode_each_o3;
    S390: s390_encode s390_encode_checked s390_decode s390_is_exclusive s390_mk_exclusive s390_clear_exclusive
        s390_decode_sum_o2 s390_encode_each_o2 s390_decode_sum_o3 s390_encode_each_o3;
    ARM64: arm64_encode arm64_encode_checked arm64_decode arm64_is_exclusive arm64_mk_exclusive arm64_clear_exclusive
        arm64_decode_sum_o2 arm64_encode_each_o2 arm64_decode_sum_o3 arm64_encode_each_o3;
}
