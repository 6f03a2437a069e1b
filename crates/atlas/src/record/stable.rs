//! Layouts that arrived inside a stable series.

use swp_pte::{Grade, KernelVersion};

use super::{Bits, StableChange};

const INVERTED: Bits = Bits::Of(KernelVersion::new(4, 19));
const WITH_INVALID: Bits = Bits::Of(KernelVersion::new(5, 0));

/// Variants whose layout vendors took from a later upstream version into kernels of older ones, and that version. What an older
/// kernel of a vendor has is known if there is a row for it, or if its third number says so; not otherwise.
///
/// The offset of `x86_64` is inverted against L1TF, a hole in processors that every vendor mended in August 2018: Ubuntu's 4.15,
/// of which upstream mended none, is measured so in its late builds.
pub const BACKPORTED: &[(&str, KernelVersion)] = &[("x86_64", KernelVersion::new(4, 19))];

/// All five were released on 14 August 2018, when the hole was published, each on the update of a week before.
const OF_4_4: &str = "vmware/photon, changelog of SPECS/linux.spec: 4.4.148, \"l1tf fixes\", after 4.4.147; headers read in \
     rivsidn/linux-4.4.155 a1961d7580fc, arch/x86/include/asm/pgtable_64.h and pgtable_types.h";
const OF_4_9: &str = "vmware/photon, changelog of SPECS/linux.spec: 4.9.120, \"l1tf fixes\"; headers measured in \
     alcorrius/linux-4.9.115 c96bbb21e798 and sh1rataki/linux-4.9.154 9d53b8b4dd1b";
const OF_4_14: &str = "rancher/os issue 2447: 4.14.63 says \"Mitigation: PTE Inversion\"; headers read in linuxzjs/linux-4.14 \
     7b102d5dac53, which is 4.14.177, arch/x86/include/asm/pgtable_64.h and pgtable_types.h";
const OF_4_17: &str = "Debian, linux 6.1.176-1, debian/changelog.old, 4.17.15-1: ChangeLog-4.17.15 has bcd11afa7ada";
const OF_4_18: &str = "Debian, linux 6.1.176-1, debian/changelog.old, 4.18.5-1~exp1: ChangeLog-4.18.1 has bcd11afa7ada; headers \
     measured in Ubuntu's linux-source-4.18.0 4.18.0-25.26~18.04.1, which is 4.18.20";

/// A row for each layout that arrived in a stable update, in the order of variant, series and third number. From 5.10 on there
/// is none.
pub const STABLE: &[StableChange] = &[
    StableChange::new("x86_64", KernelVersion::new(4, 4), 148, INVERTED, Grade::Changelog, OF_4_4).after(147),
    StableChange::new("x86_64", KernelVersion::new(4, 9), 120, INVERTED, Grade::Changelog, OF_4_9).after(119),
    StableChange::new("x86_64", KernelVersion::new(4, 14), 63, INVERTED, Grade::Changelog, OF_4_14).after(62),
    StableChange::new("x86_64", KernelVersion::new(4, 17), 15, INVERTED, Grade::Changelog, OF_4_17).after(14),
    StableChange::new("x86_64", KernelVersion::new(4, 18), 1, INVERTED, Grade::Changelog, OF_4_18).after(0),
    StableChange::new(
        "ppc-book3s64-4k",
        KernelVersion::new(4, 18),
        20,
        WITH_INVALID,
        Grade::Measured,
        "Ubuntu's linux-source-4.18.0 4.18.0-25.26~18.04.1, which is 4.18.20",
    ),
    StableChange::new(
        "ppc-book3s64-4k",
        KernelVersion::new(4, 19),
        304,
        WITH_INVALID,
        Grade::Measured,
        "maxiangpan/linux-4.19 c46e277ca0cf, which is 4.19.304",
    ),
    StableChange::new(
        "ppc-book3s64-64k",
        KernelVersion::new(4, 18),
        20,
        WITH_INVALID,
        Grade::Measured,
        "Ubuntu's linux-source-4.18.0 4.18.0-25.26~18.04.1, which is 4.18.20",
    ),
    StableChange::new(
        "ppc-book3s64-64k",
        KernelVersion::new(4, 19),
        304,
        WITH_INVALID,
        Grade::Measured,
        "maxiangpan/linux-4.19 c46e277ca0cf, which is 4.19.304",
    ),
    StableChange::new(
        "riscv-rv64",
        KernelVersion::new(4, 19),
        304,
        WITH_INVALID,
        Grade::Measured,
        "maxiangpan/linux-4.19 c46e277ca0cf, which is 4.19.304",
    ),
];
