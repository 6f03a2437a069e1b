//! The functions for C, called with C's calling convention.

use bare_metal::{Entry, Status, Word};

/// The three functions of a variant, as C sees them.
type Functions =
    (extern "C" fn(u64, u64, u32) -> Word, extern "C" fn(u64) -> Entry, extern "C" fn(u64) -> u64, &'static str);

macro_rules! functions {
    ($($variant:ident)*) => {
        [$((bare_metal::$variant::swap_out, bare_metal::$variant::swap_in, bare_metal::$variant::fork, stringify!($variant))),*]
    };
}

const VARIANTS: [Functions; 14] = functions! {
    x86_64 arm64 s390 ppc_book3s64_4k ppc_book3s64_64k ppc_book3s32 ppc_nohash32_8xx ppc_nohash32_85xx ppc_nohash32_pte64
    ppc_nohash32_40x ppc_nohash64 riscv_rv64 riscv_rv32 riscv_rv64_svrsw60t59b
};

#[test]
fn what_goes_out_comes_in() {
    for (swap_out, swap_in, fork, variant) in VARIANTS {
        let Word { word, status } = swap_out(3, 0x1234, 1);
        assert_eq!(status, Status::Ok, "{variant}");
        let entry = |exclusive| Entry { swp_type: 3, offset: 0x1234, exclusive, status: Status::Ok };
        assert_eq!(swap_in(word), entry(1), "{variant}");
        assert_eq!(swap_in(fork(word)), entry(0), "{variant}");
        assert_eq!(swap_out(3, 0x1234, 0), Word { word: fork(word), status: Status::Ok }, "{variant}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for (swap_out, ..) in VARIANTS {
        let refused = Word { word: 0, status: Status::Range };
        assert_eq!(swap_out(32, 0, 0), refused);
        assert_eq!(swap_out(0, u64::MAX, 0), refused);
        assert_eq!(swap_out(31, 1 << 58, 1), refused);
    }
}

/// Words that the kernel's headers answered: the same functions, from the kernel's side.
#[test]
fn the_kernels_own_words() {
    use bare_metal::{arm64, s390, x86_64};
    assert_eq!(x86_64::swap_in(0x07ff_ffff_ffff_7c0a).offset, 0x41);
    assert_eq!(x86_64::swap_in(0).status, Status::None);
    assert_eq!(arm64::swap_in(1).status, Status::Present);
    assert_eq!(s390::swap_in(0x400).status, Status::None);
    assert_eq!(bare_metal::ppc_book3s32::swap_in(1 << 32).status, Status::Range);
}
