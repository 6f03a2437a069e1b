//! Every function of every layout, exported under a name that can be found in assembly:
//! `<variant>__<module>__<function>`, as `x86_64__since_5_19__encode` or `ppc_book3s64_4k__since_5_19__decode`.
//!
//! `cargo xtask asm` compiles this package with optimization and reads what came out. Nothing else uses it.
#![no_std]

use swp_pte::{DecodeError, EncodeError, PteKind, SwpEntry};
use swp_pte_arm64 as arm64;
use swp_pte_ppc as ppc;
use swp_pte_riscv as riscv;
use swp_pte_s390 as s390;
use swp_pte_x86_64 as x86_64;

/// `name: backend [, further markers];` becomes a module of functions that do nothing but call the backend's own.
macro_rules! probe {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => { $(
        #[doc = concat!("`", stringify!($pte), "`")]
        #[expect(non_snake_case, reason = "two underscores between variant and module, one inside either")]
        pub mod $name {
            use super::*;

            probe!(@function $name encode: fn(entry: SwpEntry) -> Result<$pte, EncodeError> = <$pte>::encode(entry));
            probe!(@function $name decode: fn(pte: $pte) -> Result<SwpEntry, DecodeError> = pte.decode());
            probe!(@function $name kind: fn(pte: $pte) -> PteKind = pte.kind());
            probe!(@marker $name $pte, is_exclusive, mk_exclusive, clear_exclusive);
            $(probe!(@$marker $name $pte);)*
        }
    )* };

    (@soft_dirty $name:ident $pte:ty) => {
        probe!(@marker $name $pte, is_soft_dirty, mk_soft_dirty, clear_soft_dirty);
    };

    (@uffd_wp $name:ident $pte:ty) => {
        probe!(@marker $name $pte, is_uffd_wp, mk_uffd_wp, clear_uffd_wp);
    };

    (@marker $name:ident $pte:ty, $is:ident, $mk:ident, $clear:ident) => {
        probe!(@function $name $is: fn(pte: $pte) -> bool = pte.$is());
        probe!(@function $name $mk: fn(pte: $pte) -> $pte = pte.$mk());
        probe!(@function $name $clear: fn(pte: $pte) -> $pte = pte.$clear());
    };

    (@function $name:ident $function:ident: fn($arg:ident: $in:ty) -> $out:ty = $call:expr) => {
        #[doc = concat!("`", stringify!($function), "` of this layout")]
        #[unsafe(export_name = concat!(stringify!($name), "__", stringify!($function)))]
        pub fn $function($arg: $in) -> $out {
            $call
        }
    };
}

probe! {
    x86_64__until_5_18: x86_64::until_5_18::Pte, soft_dirty, uffd_wp;
    x86_64__since_5_19: x86_64::since_5_19::Pte, soft_dirty, uffd_wp;
    arm64__until_5_18: arm64::until_5_18::Pte;
    arm64__since_5_19: arm64::since_5_19::Pte;
    arm64__since_6_10: arm64::since_6_10::Pte, uffd_wp;
    s390__until_5_18: s390::until_5_18::Pte, soft_dirty;
    s390__since_5_19: s390::since_5_19::Pte, soft_dirty;
    ppc_book3s64_4k__until_5_18: ppc::book3s64_4k::until_5_18::Pte, soft_dirty;
    ppc_book3s64_4k__since_5_19: ppc::book3s64_4k::since_5_19::Pte, soft_dirty;
    ppc_book3s64_64k__until_5_18: ppc::book3s64_64k::until_5_18::Pte, soft_dirty;
    ppc_book3s64_64k__since_5_19: ppc::book3s64_64k::since_5_19::Pte, soft_dirty;
    ppc_book3s32__until_6_2: ppc::book3s32::until_6_2::Pte;
    ppc_book3s32__since_6_3: ppc::book3s32::since_6_3::Pte;
    ppc_nohash32_8xx__until_6_2: ppc::nohash32_8xx::until_6_2::Pte;
    ppc_nohash32_8xx__since_6_3: ppc::nohash32_8xx::since_6_3::Pte;
    ppc_nohash32_85xx__until_6_2: ppc::nohash32_85xx::until_6_2::Pte;
    ppc_nohash32_85xx__since_6_3: ppc::nohash32_85xx::since_6_3::Pte;
    ppc_nohash32_85xx__since_6_7: ppc::nohash32_85xx::since_6_7::Pte;
    ppc_nohash32_pte64__until_6_2: ppc::nohash32_pte64::until_6_2::Pte;
    ppc_nohash32_pte64__since_6_3: ppc::nohash32_pte64::since_6_3::Pte;
    ppc_nohash32_40x__until_6_2: ppc::nohash32_40x::until_6_2::Pte;
    ppc_nohash32_40x__since_6_3: ppc::nohash32_40x::since_6_3::Pte;
    ppc_nohash64__until_6_2: ppc::nohash64::until_6_2::Pte;
    ppc_nohash64__since_6_3: ppc::nohash64::since_6_3::Pte;
    riscv_rv64__until_5_16: riscv::rv64::until_5_16::Pte;
    riscv_rv64__since_5_17: riscv::rv64::since_5_17::Pte;
    riscv_rv64__since_6_3: riscv::rv64::since_6_3::Pte;
    riscv_rv32__until_5_16: riscv::rv32::until_5_16::Pte;
    riscv_rv32__since_5_17: riscv::rv32::since_5_17::Pte;
    riscv_rv32__since_6_3: riscv::rv32::since_6_3::Pte;
    riscv_rv64_svrsw60t59b__since_6_19: riscv::rv64_svrsw60t59b::since_6_19::Pte, soft_dirty, uffd_wp;
}
