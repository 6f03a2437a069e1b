//! The table itself: one line a layout, the eras of a variant from the oldest to the newest.

use swp_pte::Source;
use swp_pte_arm64 as arm64;
use swp_pte_ppc as ppc;
use swp_pte_riscv as riscv;
use swp_pte_s390 as s390;
use swp_pte_x86_64 as x86_64;

use crate::{Row, Visit};

/// `backend, pfn bits [, functions of further markers];` becomes a [`Row`] each, and an arm of [`visit`].
macro_rules! rows {
    ($($pte:ty, $pfn_bits:literal $(, $marker:ident)*;)*) => {
        /// Every layout of the record.
        pub static ROWS: &[Row] = &[$(rows!(@row $pte, $pfn_bits $(, $marker)*)),*];

        /// Runs the visitor with the backend that has this source.
        pub(crate) fn visit<V: Visit>(source: &Source, visitor: V) -> Option<V::Output> {
            $(if *source == <$pte>::LAYOUT.source {
                return Some(visitor.visit::<$pte>());
            })*
            None
        }
    };
    (@row $pte:ty, $pfn_bits:literal) => { Row::of::<$pte>($pfn_bits) };
    (@row $pte:ty, $pfn_bits:literal, soft_dirty) => { rows!(@row $pte, $pfn_bits).soft_dirty::<$pte>() };
    (@row $pte:ty, $pfn_bits:literal, uffd_wp) => { rows!(@row $pte, $pfn_bits).uffd_wp::<$pte>() };
    (@row $pte:ty, $pfn_bits:literal, soft_dirty, uffd_wp) => {
        rows!(@row $pte, $pfn_bits, soft_dirty).uffd_wp::<$pte>()
    };
}

rows! {
    x86_64::until_5_18::Pte, 34, soft_dirty, uffd_wp;
    x86_64::since_5_19::Pte, 34, soft_dirty, uffd_wp;
    arm64::until_5_18::Pte, 36;
    arm64::since_5_19::Pte, 36;
    arm64::since_6_10::Pte, 36, uffd_wp;
    s390::until_5_18::Pte, 34, soft_dirty;
    s390::since_5_19::Pte, 34, soft_dirty;
    ppc::book3s64_4k::until_5_18::Pte, 39, soft_dirty;
    ppc::book3s64_4k::since_5_19::Pte, 39, soft_dirty;
    ppc::book3s64_64k::until_5_18::Pte, 35, soft_dirty;
    ppc::book3s64_64k::since_5_19::Pte, 35, soft_dirty;
    ppc::book3s32::until_6_2::Pte, 20;
    ppc::book3s32::since_6_3::Pte, 20;
    ppc::nohash32_8xx::until_6_2::Pte, 20;
    ppc::nohash32_8xx::since_6_3::Pte, 20;
    ppc::nohash32_85xx::until_6_2::Pte, 20;
    ppc::nohash32_85xx::since_6_3::Pte, 20;
    ppc::nohash32_85xx::since_6_7::Pte, 20;
    ppc::nohash32_pte64::until_6_2::Pte, 26;
    ppc::nohash32_pte64::since_6_3::Pte, 26;
    ppc::nohash32_40x::until_6_2::Pte, 20;
    ppc::nohash32_40x::since_6_3::Pte, 20;
    ppc::nohash64::until_6_2::Pte, 32;
    ppc::nohash64::since_6_3::Pte, 32;
    riscv::rv64::until_5_16::Pte, 44;
    riscv::rv64::since_5_17::Pte, 44;
    riscv::rv64::since_6_3::Pte, 44;
    riscv::rv32::until_5_16::Pte, 20;
    riscv::rv32::since_5_17::Pte, 20;
    riscv::rv32::since_6_3::Pte, 20;
    riscv::rv64_svrsw60t59b::since_6_19::Pte, 44, soft_dirty, uffd_wp;
}
