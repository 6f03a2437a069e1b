//! The one list of layouts: the atlas's table, the suite's backends and the probe's functions are all made of it.

/// Every architecture's crate, under the name of the architecture.
pub mod arch {
    pub use swp_pte_alpha as alpha;
    pub use swp_pte_arc as arc;
    pub use swp_pte_arm as arm;
    pub use swp_pte_arm64 as arm64;
    pub use swp_pte_csky as csky;
    pub use swp_pte_hexagon as hexagon;
    pub use swp_pte_i386 as i386;
    pub use swp_pte_loongarch as loongarch;
    pub use swp_pte_m68k as m68k;
    pub use swp_pte_microblaze as microblaze;
    pub use swp_pte_mips as mips;
    pub use swp_pte_nios2 as nios2;
    pub use swp_pte_openrisc as openrisc;
    pub use swp_pte_parisc as parisc;
    pub use swp_pte_ppc as ppc;
    pub use swp_pte_riscv as riscv;
    pub use swp_pte_s390 as s390;
    pub use swp_pte_sh as sh;
    pub use swp_pte_sparc as sparc;
    pub use swp_pte_um as um;
    pub use swp_pte_x86_64 as x86_64;
    pub use swp_pte_xtensa as xtensa;
}

/// The facts of every architecture.
pub const ARCHES: &[&swp_pte::Arch<'static>] = &[
    &arch::x86_64::ARCH,
    &arch::arm64::ARCH,
    &arch::s390::ARCH,
    &arch::ppc::ARCH,
    &arch::riscv::ARCH,
    &arch::openrisc::ARCH,
    &arch::alpha::ARCH,
    &arch::sparc::ARCH,
    &arch::um::ARCH,
    &arch::loongarch::ARCH,
    &arch::arm::ARCH,
    &arch::i386::ARCH,
    &arch::mips::ARCH,
    &arch::microblaze::ARCH,
    &arch::xtensa::ARCH,
    &arch::arc::ARCH,
    &arch::m68k::ARCH,
    &arch::sh::ARCH,
    &arch::hexagon::ARCH,
    &arch::csky::ARCH,
    &arch::nios2::ARCH,
    &arch::parisc::ARCH,
];

/// Hands the list to another macro: a line a layout, `name: type, markers;`, the eras of a variant from the oldest to the
/// newest. Names are `<variant>__<module>`, as functions that are compiled for a layout are called.
#[macro_export]
macro_rules! for_each_layout {
    ($callback:ident) => {
        $callback! {
            x86_64__until_3_10: $crate::arch::x86_64::until_3_10::Pte;
            x86_64__since_4_0: $crate::arch::x86_64::since_4_0::Pte, soft_dirty;
            x86_64__since_4_8: $crate::arch::x86_64::since_4_8::Pte, soft_dirty;
            x86_64__since_4_14: $crate::arch::x86_64::since_4_14::Pte, soft_dirty;
            x86_64__since_4_19: $crate::arch::x86_64::since_4_19::Pte, soft_dirty;
            x86_64__since_5_7: $crate::arch::x86_64::since_5_7::Pte, soft_dirty, uffd_wp;
            x86_64__since_5_19: $crate::arch::x86_64::since_5_19::Pte, exclusive, soft_dirty, uffd_wp;
            arm64__until_5_18: $crate::arch::arm64::until_5_18::Pte;
            arm64__since_5_19: $crate::arch::arm64::since_5_19::Pte, exclusive;
            arm64__since_6_10: $crate::arch::arm64::since_6_10::Pte, exclusive, uffd_wp;
            s390__until_5_18: $crate::arch::s390::until_5_18::Pte, soft_dirty;
            s390__since_5_19: $crate::arch::s390::since_5_19::Pte, exclusive, soft_dirty;
            ppc_book3s64_4k__until_4_9: $crate::arch::ppc::book3s64_4k::until_4_9::Pte, soft_dirty;
            ppc_book3s64_4k__since_4_15: $crate::arch::ppc::book3s64_4k::since_4_15::Pte, soft_dirty;
            ppc_book3s64_4k__since_5_0: $crate::arch::ppc::book3s64_4k::since_5_0::Pte, soft_dirty;
            ppc_book3s64_4k__since_5_10: $crate::arch::ppc::book3s64_4k::since_5_10::Pte, soft_dirty;
            ppc_book3s64_4k__since_5_19: $crate::arch::ppc::book3s64_4k::since_5_19::Pte, exclusive, soft_dirty;
            ppc_book3s64_64k__until_4_9: $crate::arch::ppc::book3s64_64k::until_4_9::Pte, soft_dirty;
            ppc_book3s64_64k__since_4_15: $crate::arch::ppc::book3s64_64k::since_4_15::Pte, soft_dirty;
            ppc_book3s64_64k__since_5_0: $crate::arch::ppc::book3s64_64k::since_5_0::Pte, soft_dirty;
            ppc_book3s64_64k__since_5_10: $crate::arch::ppc::book3s64_64k::since_5_10::Pte, soft_dirty;
            ppc_book3s64_64k__since_5_19: $crate::arch::ppc::book3s64_64k::since_5_19::Pte, exclusive, soft_dirty;
            ppc_book3s32__until_6_2: $crate::arch::ppc::book3s32::until_6_2::Pte;
            ppc_book3s32__since_6_3: $crate::arch::ppc::book3s32::since_6_3::Pte, exclusive;
            ppc_nohash32_8xx__until_6_2: $crate::arch::ppc::nohash32_8xx::until_6_2::Pte;
            ppc_nohash32_8xx__since_6_3: $crate::arch::ppc::nohash32_8xx::since_6_3::Pte, exclusive;
            ppc_nohash32_85xx__until_6_2: $crate::arch::ppc::nohash32_85xx::until_6_2::Pte;
            ppc_nohash32_85xx__since_6_3: $crate::arch::ppc::nohash32_85xx::since_6_3::Pte, exclusive;
            ppc_nohash32_85xx__since_6_7: $crate::arch::ppc::nohash32_85xx::since_6_7::Pte, exclusive;
            ppc_nohash32_pte64__until_6_2: $crate::arch::ppc::nohash32_pte64::until_6_2::Pte;
            ppc_nohash32_pte64__since_6_3: $crate::arch::ppc::nohash32_pte64::since_6_3::Pte, exclusive;
            ppc_nohash32_40x__until_6_2: $crate::arch::ppc::nohash32_40x::until_6_2::Pte;
            ppc_nohash32_40x__since_6_3: $crate::arch::ppc::nohash32_40x::since_6_3::Pte, exclusive;
            ppc_nohash64__until_6_2: $crate::arch::ppc::nohash64::until_6_2::Pte;
            ppc_nohash64__since_6_3: $crate::arch::ppc::nohash64::since_6_3::Pte, exclusive;
            riscv_rv64__until_4_18: $crate::arch::riscv::rv64::until_4_18::Pte;
            riscv_rv64__since_5_0: $crate::arch::riscv::rv64::since_5_0::Pte;
            riscv_rv64__since_5_17: $crate::arch::riscv::rv64::since_5_17::Pte;
            riscv_rv64__since_6_3: $crate::arch::riscv::rv64::since_6_3::Pte, exclusive;
            riscv_rv32__until_5_16: $crate::arch::riscv::rv32::until_5_16::Pte;
            riscv_rv32__since_5_17: $crate::arch::riscv::rv32::since_5_17::Pte;
            riscv_rv32__since_6_3: $crate::arch::riscv::rv32::since_6_3::Pte, exclusive;
            riscv_rv64_svrsw60t59b__since_6_19:
                $crate::arch::riscv::rv64_svrsw60t59b::since_6_19::Pte, exclusive, soft_dirty, uffd_wp;
            openrisc__until_6_2: $crate::arch::openrisc::until_6_2::Pte;
            openrisc__since_6_3: $crate::arch::openrisc::since_6_3::Pte, exclusive;
            alpha__until_6_2: $crate::arch::alpha::until_6_2::Pte;
            alpha__since_6_3: $crate::arch::alpha::since_6_3::Pte, exclusive;
            sparc64__until_6_2: $crate::arch::sparc::sparc64::until_6_2::Pte;
            sparc64__since_6_3: $crate::arch::sparc::sparc64::since_6_3::Pte, exclusive;
            sparc32__until_6_2: $crate::arch::sparc::sparc32::until_6_2::Pte;
            sparc32__since_6_3: $crate::arch::sparc::sparc32::since_6_3::Pte, exclusive;
            um__until_6_2: $crate::arch::um::until_6_2::Pte;
            um__since_6_3: $crate::arch::um::since_6_3::Pte, exclusive;
            loongarch64__until_6_2: $crate::arch::loongarch::until_6_2::Pte;
            loongarch64__since_6_3: $crate::arch::loongarch::since_6_3::Pte, exclusive;
            arm__until_6_2: $crate::arch::arm::two_level::until_6_2::Pte;
            arm__since_6_3: $crate::arch::arm::two_level::since_6_3::Pte, exclusive;
            arm_lpae__until_6_2: $crate::arch::arm::lpae::until_6_2::Pte;
            arm_lpae__since_6_3: $crate::arch::arm::lpae::since_6_3::Pte, exclusive;
            i386__until_6_2: $crate::arch::i386::two_level::until_6_2::Pte;
            i386__since_6_3: $crate::arch::i386::two_level::since_6_3::Pte, exclusive;
            i386_pae__until_6_2: $crate::arch::i386::pae::until_6_2::Pte;
            i386_pae__since_6_3: $crate::arch::i386::pae::since_6_3::Pte, exclusive;
            mips32__until_6_2: $crate::arch::mips::mips32::until_6_2::Pte;
            mips32__since_6_3: $crate::arch::mips::mips32::since_6_3::Pte, exclusive;
            mips32_r3k__until_6_2: $crate::arch::mips::mips32_r3k::until_6_2::Pte;
            mips32_r3k__since_6_3: $crate::arch::mips::mips32_r3k::since_6_3::Pte, exclusive;
            mips32_xpa__until_6_2: $crate::arch::mips::mips32_xpa::until_6_2::Pte;
            mips32_xpa__since_6_3: $crate::arch::mips::mips32_xpa::since_6_3::Pte, exclusive;
            mips32_phys64__until_6_2: $crate::arch::mips::mips32_phys64::until_6_2::Pte;
            mips32_phys64__since_6_3: $crate::arch::mips::mips32_phys64::since_6_3::Pte, exclusive;
            mips64__until_6_2: $crate::arch::mips::mips64::until_6_2::Pte;
            mips64__since_6_3: $crate::arch::mips::mips64::since_6_3::Pte, exclusive;
            microblaze__until_6_2: $crate::arch::microblaze::until_6_2::Pte;
            microblaze__since_6_3: $crate::arch::microblaze::since_6_3::Pte, exclusive;
            xtensa__until_6_2: $crate::arch::xtensa::until_6_2::Pte;
            xtensa__since_6_3: $crate::arch::xtensa::since_6_3::Pte, exclusive;
            arc__until_6_2: $crate::arch::arc::plain::until_6_2::Pte;
            arc__since_6_3: $crate::arch::arc::plain::since_6_3::Pte, exclusive;
            arc_pae40__until_6_2: $crate::arch::arc::pae40::until_6_2::Pte;
            arc_pae40__since_6_3: $crate::arch::arc::pae40::since_6_3::Pte, exclusive;
            m68k_motorola__until_6_2: $crate::arch::m68k::motorola::until_6_2::Pte;
            m68k_motorola__since_6_3: $crate::arch::m68k::motorola::since_6_3::Pte, exclusive;
            m68k_sun3__until_6_2: $crate::arch::m68k::sun3::until_6_2::Pte;
            m68k_sun3__since_6_3: $crate::arch::m68k::sun3::since_6_3::Pte, exclusive;
            m68k_coldfire__until_6_2: $crate::arch::m68k::coldfire::until_6_2::Pte;
            m68k_coldfire__since_6_3: $crate::arch::m68k::coldfire::since_6_3::Pte, exclusive;
            sh__until_6_2: $crate::arch::sh::plain::until_6_2::Pte;
            sh__since_6_3: $crate::arch::sh::plain::since_6_3::Pte, exclusive;
            sh_x2tlb__until_6_2: $crate::arch::sh::x2tlb::until_6_2::Pte;
            sh_x2tlb__since_6_3: $crate::arch::sh::x2tlb::since_6_3::Pte, exclusive;
            hexagon__until_6_2: $crate::arch::hexagon::until_6_2::Pte;
            hexagon__since_6_3: $crate::arch::hexagon::since_6_3::Pte, exclusive;
            csky__until_5_11: $crate::arch::csky::abiv2::until_5_11::Pte;
            csky__since_5_12: $crate::arch::csky::abiv2::since_5_12::Pte;
            csky__since_6_3: $crate::arch::csky::abiv2::since_6_3::Pte, exclusive;
            csky_ck610__until_5_11: $crate::arch::csky::ck610::until_5_11::Pte;
            csky_ck610__since_5_12: $crate::arch::csky::ck610::since_5_12::Pte;
            csky_ck610__since_6_3: $crate::arch::csky::ck610::since_6_3::Pte, exclusive;
            nios2__until_6_2: $crate::arch::nios2::until_6_2::Pte;
            nios2__since_6_3: $crate::arch::nios2::since_6_3::Pte, exclusive;
            parisc32__until_6_2: $crate::arch::parisc::parisc32::until_6_2::Pte;
            parisc32__since_6_4: $crate::arch::parisc::parisc32::since_6_4::Pte, exclusive;
            parisc64__until_6_2: $crate::arch::parisc::parisc64::until_6_2::Pte;
            parisc64__since_6_4: $crate::arch::parisc::parisc64::since_6_4::Pte, exclusive;
        }
    };
}

/// The same for the layouts of a higher level of the page tables, where they are not those of the PTE.
#[macro_export]
macro_rules! for_each_second_form {
    ($callback:ident) => {
        $callback! {
            s390_pmd__since_7_2: $crate::arch::s390::segment::Pmd, soft_dirty;
            loongarch64_pmd__until_6_2: $crate::arch::loongarch::pmd::until_6_2::Pmd;
            loongarch64_pmd__since_6_3: $crate::arch::loongarch::pmd::since_6_3::Pmd;
        }
    };
}
