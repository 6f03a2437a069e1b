//! The functions for C, called with C's calling convention.

use bare_metal::{ALL, Entry, FaultPath, Status, Word};

#[test]
fn what_goes_out_comes_in() {
    for FaultPath { name, exclusive, swap_out, swap_in, fork } in ALL {
        let Word { word, status } = swap_out(3, 0x1234, 1);
        assert_eq!(status, Status::Ok, "{name}");
        assert_eq!(word & exclusive, *exclusive, "{name}");
        let entry = |exclusive| Entry { swp_type: 3, offset: 0x1234, exclusive, status: Status::Ok };
        assert_eq!(swap_in(word), entry((*exclusive != 0).into()), "{name}");
        assert_eq!(swap_in(fork(word)), entry(0), "{name}");
        assert_eq!(swap_out(3, 0x1234, 0), Word { word: word & !exclusive, status: Status::Ok }, "{name}");
        assert_eq!(fork(word), word & !exclusive, "{name}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for FaultPath { swap_out, .. } in ALL {
        let refused = Word { word: 0, status: Status::Range };
        assert_eq!(swap_out(32, 0, 0), refused);
        assert_eq!(swap_out(0, u64::MAX, 0), refused);
        assert_eq!(swap_out(31, 1 << 58, 1), refused);
    }
}

/// Words that the kernel's headers answered: the same functions, from the kernel's side.
#[test]
fn the_kernels_own_words() {
    use bare_metal::{
        arm64__since_6_10 as arm64, ppc_book3s32__since_6_3 as ppc_book3s32, s390__since_5_19 as s390,
        x86_64__since_5_19 as x86_64,
    };
    assert_eq!(x86_64::swap_in(0x07ff_ffff_ffff_7c0a).offset, 0x41);
    assert_eq!(x86_64::swap_in(0).status, Status::None);
    assert_eq!(arm64::swap_in(1).status, Status::Present);
    assert_eq!(s390::swap_in(0x400).status, Status::None);
    assert_eq!(ppc_book3s32::swap_in(1 << 32).status, Status::Range);
}
