//! Vendors' kernels, a row for each range of builds. CONTRIBUTING.md says how to add one; tests/record/vendors.toml says all
//! of it a second time.

use swp_pte::{Build, Grade, KernelOption, KernelVersion, Vendor};

use super::{Bits, Stock, VendorRange};
use crate::list::arch::{ppc, x86_64};
use crate::{Numbering, Presence, Row};

const V3_10: KernelVersion = KernelVersion::new(3, 10);
const V4_0: KernelVersion = KernelVersion::new(4, 0);
const V4_9: KernelVersion = KernelVersion::new(4, 9);
const V4_14: KernelVersion = KernelVersion::new(4, 14);
const V4_15: KernelVersion = KernelVersion::new(4, 15);
const V4_19: KernelVersion = KernelVersion::new(4, 19);
const V4_18: KernelVersion = KernelVersion::new(4, 18);
const V5_0: KernelVersion = KernelVersion::new(5, 0);
const V5_7: KernelVersion = KernelVersion::new(5, 7);
const V5_10: KernelVersion = KernelVersion::new(5, 10);
const V5_14: KernelVersion = KernelVersion::new(5, 14);
const V5_19: KernelVersion = KernelVersion::new(5, 19);
const V6_1: KernelVersion = KernelVersion::new(6, 1);
const V6_2: KernelVersion = KernelVersion::new(6, 2);
const V6_6: KernelVersion = KernelVersion::new(6, 6);
const V6_12: KernelVersion = KernelVersion::new(6, 12);

/// What RHEL is built for.
const RHEL: &[&str] = &["x86_64", "arm64", "s390", "ppc-book3s64-64k", "ppc-book3s64-4k"];

/// What Debian is built for and was looked at.
const DEBIAN: &[&str] = &["x86_64", "arm64", "s390", "ppc-book3s64-64k", "ppc-book3s64-4k", "riscv-rv64"];
/// `linux-config-6.1` (6.1.192-2) and `linux-config-6.12` (6.12.117-1~deb12u1): `DEVICE_PRIVATE` is off in amd64's.
const DEBIAN_STOCK: &[Stock] = &[Stock::new(KernelOption::DevicePrivate, Some(false)).of(&["x86_64"])];

/// 4.9.110-3+deb9u3 took the series against L1TF, and with it the build became 8.
const DEBIAN_4_9: &str =
    "Debian's changelog of 4.9.110-3+deb9u3, quoted in sonic-net/sonic-linux-kernel pull request 72";
const UBUNTU_4_15: &str = "tomtiger6/linux-4.5.18-custom e6a2b08f9191, which is Ubuntu's 4.15.0-200.211: debian.master/changelog, \
     4.15.0-32.35, and arch/x86/include/asm/pgtable_64.h and pgtable_types.h";

/// RHEL's own history of its mm, and the trees that its packages were made from.
const RHEL_MARKERS: &str = "mkuron/almalinux-kernel, tag 5.14.0-570.32.1.el9_6, redhat/kernel.changelog-9.2, [5.14.0-179.el9]; \
     tags 5.14.0-284.11.1.el9_2 to 5.14.0-570.32.1.el9_6, asm/pgtable.h of x86, arm64, s390 and powerpc";
const RHEL_9_2: &str = "mkuron/almalinux-kernel, tag 5.14.0-284.30.1.el9_2, include/linux/swap.h and swapops.h";
const RHEL_9_3: &str = "mkuron/almalinux-kernel, tag 5.14.0-362.24.2.el9_3, include/linux/swap.h and swapops.h; \
     redhat/kernel.changelog-9.3, [5.14.0-293.el9] and [5.14.0-298.el9]";
const RHEL_9_4: &str = "mkuron/almalinux-kernel, tag 5.14.0-427.42.1.el9_4, include/linux/swap.h and swapops.h; \
     redhat/kernel.changelog-9.4, [5.14.0-382.el9]";
const RHEL_9_6: &str = "mkuron/almalinux-kernel, tags 5.14.0-503.40.1.el9_5 and 5.14.0-570.32.1.el9_6, include/linux/swap.h and \
     swapops.h; redhat/kernel.changelog-9.5, [5.14.0-441.el9]";

/// The numbering of 9.2: upstream's 5.19, without the type for errors on swap-in.
const OF_9_2: Numbering = Numbering { swapin_error: false, ..Numbering::of(V5_19) };
/// The last builds of 9.4's beginnings: errors on swap-in became a flag of the marker, which still was an option.
const OF_9_4: Numbering = Numbering { marker: Presence::Option, ..Numbering::of(V6_2) };

/// `CONFIG_DEVICE_PRIVATE` came to arm64 with build 379. The markers of x86_64: a changelog says that they were switched on with
/// build 181, the configuration files of 284 to 427 have them off.
const RHEL_STOCK_OLD: &[Stock] = &[
    Stock::new(KernelOption::DevicePrivate, Some(false)).of(&["arm64", "s390"]),
    Stock::new(KernelOption::PteMarker, None).of(&["x86_64"]),
];
const RHEL_STOCK: &[Stock] = &[
    Stock::new(KernelOption::DevicePrivate, Some(false)).of(&["s390"]),
    Stock::new(KernelOption::PteMarker, None).of(&["x86_64"]),
];

/// A row for builds of RHEL 9 that have the marker series.
const fn rhel9(first: u32) -> VendorRange {
    VendorRange::new(Vendor::Rhel, V5_14).of(RHEL).since(Build::new(first)).with_bits(
        Bits::Of(V5_19),
        Grade::Read,
        RHEL_MARKERS,
    )
}

/// A row for builds of RHEL 8 on x86_64: the bits that 4.19 has, later with userfaultfd's as 5.7 has them. Nobody saw when in
/// between 305 and 348 that came; where it is not there, its bit is clear.
const fn rhel8(bits: KernelVersion, source: &'static str) -> VendorRange {
    VendorRange::new(Vendor::Rhel, V4_18)
        .of(&["x86_64"])
        .with_bits(Bits::Of(bits), Grade::Read, source)
        .with_types(&[], Grade::Read, RHEL_8_TYPES)
        .with_entries_of(V5_0)
}

const RHEL_8_TYPES: &str =
    "mkuron/almalinux-kernel, tags 4.18.0-240.el8 to 4.18.0-553.66.1.el8_10, include/linux/swap.h and swapops.h";

/// The layouts that only a vendor's kernels had: data, which is interpreted.
pub static OWN: &[Row] =
    &[Row::own(&x86_64::rhel_7::BEFORE_INVERSION), Row::own(&x86_64::rhel_7::INVERTED), Row::own(&ppc::rhel_7::OF_64K)];

const RHEL_7_693: &str = "headers of daxiatou/linux-3.10.0-693.21.1.el7-study 147c405f9f67, compiled and asked";
const RHEL_7_514: &str = "headers of Mellanox/linux-3.10.0-514-storwize 0e0630e4ed3d, compiled and asked";
const RHEL_7_862: &str = "ELSA-2018-2384, the changelog of 3.10.0-862.11.6.el7: until then without \"x86/mm: Fix swap entry comment \
     and macro\" and \"l1tf: Protect swap entries against L1TF\"";
const RHEL_7_1160: &str = "headers of tremb1e/linux-3.10.0-1160.el7 877199b513f5, compiled and asked; read too in \
     dcui/RHEL77 8e63432c6cc0, which is 1062, and jiho-dev/linux-3.10.0-1127 d90d715f34d8";
/// `SWP_HMM_WRITE` and `SWP_HMM_READ`, with `CONFIG_HMM`, stand where upstream's 4.14 has its device-private types.
const WITH_HMM: &[Numbering] = &[Numbering::of(V4_14)];
const RHEL_7_TYPES: &str = "include/linux/swap.h and swapops.h of the same trees";
/// In 514 it was one type, with `CONFIG_HMM_MIGRATE`: between none and two, nothing that a type can be is left unsaid.
const HMM_UNKNOWN: &[Stock] = &[Stock::new(KernelOption::DevicePrivate, None)];
/// `kernel-3.10.0-x86_64.config` of scality/centos-kernel, tag imports/c7/kernel-3.10.0-1062.1.2.el7.
const HMM_ON: &[Stock] = &[Stock::new(KernelOption::DevicePrivate, Some(true))];

/// A row for builds of RHEL 7 on `x86_64`. Builds between those of two minor releases are of extended support, which got what
/// was mended in the series without a header that can be read: they are in no row.
const fn rhel7(first: Build, bits: &'static Row, grade: Grade, source: &'static str) -> VendorRange {
    VendorRange::new(Vendor::Rhel, V3_10)
        .of(&["x86_64"])
        .since(first)
        .with_bits(Bits::Row(bits), grade, source)
        .with_types(WITH_HMM, Grade::Read, RHEL_7_TYPES)
        .with_options(V4_14, HMM_UNKNOWN)
}

const RHEL_7_OTHERS: &str = "Mellanox/linux-3.10.0-514-storwize 0e0630e4ed3d, daxiatou/linux-3.10.0-693.21.1.el7-study 147c405f9f67 \
     and tremb1e/linux-3.10.0-1160.el7 877199b513f5, asm/pgtable.h of s390 and asm/pgtable-ppc64.h of powerpc";

/// The same for the others, where nothing changed between the builds that were read.
const fn rhel7_others(variants: &'static [&'static str], bits: Bits) -> VendorRange {
    VendorRange::new(Vendor::Rhel, V3_10)
        .of(variants)
        .with_bits(bits, Grade::Read, RHEL_7_OTHERS)
        .with_types(&[], Grade::Read, RHEL_7_TYPES)
        .known_from(Build::new(514))
        .known_to(Build::new(1160))
}

/// The rows; of one vendor and series in the order of builds.
pub const VENDORS: &[VendorRange] = &[
    rhel7(Build::new(514), &OWN[0], Grade::Measured, RHEL_7_514).before(Build([514, 27, 0, 0])),
    rhel7(Build::new(693), &OWN[0], Grade::Measured, RHEL_7_693).before(Build([693, 22, 0, 0])),
    rhel7(Build::new(862), &OWN[0], Grade::Changelog, RHEL_7_862).before(Build([862, 11, 6, 0])),
    rhel7(Build([862, 11, 6, 0]), &OWN[1], Grade::Changelog, RHEL_7_862)
        .before(Build::new(1062))
        .with_options(V4_14, HMM_ON),
    rhel7(Build::new(1062), &OWN[1], Grade::Measured, RHEL_7_1160).with_options(V4_14, HMM_ON),
    rhel7_others(&["s390"], Bits::Of(V4_0)),
    rhel7_others(&["ppc-book3s64-64k"], Bits::Row(&OWN[2])),
    rhel8(V5_0, "mkuron/almalinux-kernel, tags 4.18.0-240.el8 to 4.18.0-305.25.1.el8_4, arch/x86/include/asm/pgtable_64.h")
        .before(Build::new(306))
        .known_from(Build::new(240)),
    rhel8(V5_7, "mkuron/almalinux-kernel, tags 4.18.0-348.el8 to 4.18.0-553.66.1.el8_10, arch/x86/include/asm/pgtable_64.h")
        .since(Build::new(306))
        .known_to(Build([553, 66, 1, 0])),
    VendorRange::new(Vendor::Rhel, V4_18)
        .of(&["arm64", "s390"])
        .with_bits(
            Bits::Series,
            Grade::Read,
            "mkuron/almalinux-kernel, tags 4.18.0-240.el8 to 4.18.0-553.66.1.el8_10, asm/pgtable.h of arm64 and s390",
        )
        .with_types(&[], Grade::Read, RHEL_8_TYPES)
        .with_entries_of(V5_0)
        .known_from(Build::new(240))
        .known_to(Build([553, 66, 1, 0])),
    VendorRange::new(Vendor::Rhel, V4_18)
        .of(&["ppc-book3s64-64k", "ppc-book3s64-4k"])
        .with_bits(
            Bits::Of(V5_0),
            Grade::Read,
            "mkuron/almalinux-kernel, tags 4.18.0-240.el8 to 4.18.0-553.66.1.el8_10, asm/book3s/64/pgtable.h",
        )
        .with_types(&[], Grade::Read, RHEL_8_TYPES)
        .with_entries_of(V5_0)
        .known_from(Build::new(240))
        .known_to(Build([553, 66, 1, 0])),
    VendorRange::new(Vendor::Rhel, V5_14)
        .of(RHEL)
        .before(Build::new(179))
        .with_bits(
            Bits::Series,
            Grade::Read,
            "mkuron/almalinux-kernel, tags 5.14.0-70.30.1.el9_0 and 5.14.0-162.23.1.el9_1, asm/pgtable.h",
        )
        .with_types(
            &[],
            Grade::Read,
            "mkuron/almalinux-kernel, tags 5.14.0-70.30.1.el9_0 and 5.14.0-162.23.1.el9_1, include/linux/swap.h",
        )
        .with_options(V5_14, RHEL_STOCK_OLD),
    rhel9(179)
        .before(Build::new(293))
        .with_types(&[OF_9_2], Grade::Read, RHEL_9_2)
        .with_options(V6_1, RHEL_STOCK_OLD),
    rhel9(293)
        .before(Build::new(298))
        .with_types(&[Numbering::of(V5_19)], Grade::Changelog, RHEL_9_3)
        .with_options(V6_1, RHEL_STOCK_OLD),
    rhel9(298)
        .before(Build::new(379))
        .with_types(&[Numbering::of(V6_1)], Grade::Read, RHEL_9_3)
        .with_options(V6_1, RHEL_STOCK_OLD),
    rhel9(379)
        .before(Build::new(382))
        .with_types(&[Numbering::of(V6_1)], Grade::Changelog, RHEL_9_4)
        .with_options(V6_1, RHEL_STOCK),
    rhel9(382)
        .before(Build::new(441))
        .with_bits(
            Bits::Of(V5_19),
            Grade::Measured,
            "mkuron/almalinux-kernel, tag 5.14.0-427.42.1.el9_4: its headers of x86_64, arm64, s390 and ppc64le, compiled and asked",
        )
        .with_types(&[OF_9_4], Grade::Read, RHEL_9_4)
        .with_options(V6_1, RHEL_STOCK),
    rhel9(441)
        .with_types(&[Numbering::of(V6_2)], Grade::Read, RHEL_9_6)
        .with_options(V6_2, RHEL_STOCK)
        .known_to(Build([570, 32, 1, 0])),
    VendorRange::new(Vendor::Rhel, V6_12)
        .of(RHEL)
        .with_bits(
            Bits::Series,
            Grade::Read,
            "mkuron/almalinux-kernel, tag 6.12.0-55.24.1.el10_0, asm/pgtable.h of x86, arm64, s390 and powerpc",
        )
        .with_types(
            &[],
            Grade::Read,
            "mkuron/almalinux-kernel, tag 6.12.0-55.24.1.el10_0, include/linux/swap.h and swapops.h",
        )
        .with_options(V6_12, &[Stock::new(KernelOption::DevicePrivate, Some(false)).of(&["s390"])])
        .known_to(Build([55, 24, 1, 0])),
    VendorRange::new(Vendor::Uek, V6_12).of(&["arm64"]).with_bits(
        Bits::Series,
        Grade::Read,
        "oracle/linux-uek, 0aad1d93e2e5, arch/arm64/include/asm/pgtable.h",
    ),
    VendorRange::new(Vendor::Deepin, V6_6).of(&["x86_64"]).with_bits(
        Bits::Series,
        Grade::Read,
        "deepin-community/kernel, 11f45e649c64, arch/x86/include/asm/pgtable_64.h",
    ),
    VendorRange::new(Vendor::Debian, V4_9)
        .of(&["x86_64"])
        .before(Build::new(8))
        .with_bits(Bits::Series, Grade::Changelog, DEBIAN_4_9),
    VendorRange::new(Vendor::Debian, V4_9)
        .of(&["x86_64"])
        .since(Build::new(8))
        .with_bits(Bits::Of(V4_19), Grade::Changelog, DEBIAN_4_9),
    VendorRange::new(Vendor::Debian, V6_1)
        .of(DEBIAN)
        .with_bits(Bits::Series, Grade::Read, "linux-headers-6.1.0-50-common (6.1.176-1), asm/pgtable.h of each architecture")
        .with_types(&[], Grade::Read, "linux-headers-6.1.0-50-common (6.1.176-1), linux/swap.h and swapops.h")
        .with_options(V6_1, DEBIAN_STOCK),
    VendorRange::new(Vendor::Debian, V6_12)
        .of(DEBIAN)
        .with_bits(
            Bits::Series,
            Grade::Read,
            "linux-headers-6.12.117+deb12-common (6.12.117-1~deb12u1), asm/pgtable.h of each architecture",
        )
        .with_types(
            &[],
            Grade::Read,
            "linux-headers-6.12.117+deb12-common (6.12.117-1~deb12u1), linux/swap.h and swapops.h",
        )
        .with_options(V6_12, DEBIAN_STOCK),
    // From 1000 on they are flavours for clouds, with numbers of their own.
    VendorRange::new(Vendor::Ubuntu, V4_15)
        .of(&["x86_64"])
        .before(Build::new(32))
        .with_bits(Bits::Series, Grade::Changelog, UBUNTU_4_15),
    VendorRange::new(Vendor::Ubuntu, V4_15)
        .of(&["x86_64"])
        .since(Build::new(32))
        .before(Build::new(1000))
        .with_bits(Bits::Of(V4_19), Grade::Read, UBUNTU_4_15)
        .known_to(Build::new(200)),
    VendorRange::new(Vendor::OpenEuler, V5_10)
        .of(&["x86_64", "arm64"])
        .with_bits(Bits::Series, Grade::Read, "openeuler-mirror/kernel, 0a28d59d5ac2")
        .with_types(&[], Grade::Read, "openeuler-mirror/kernel, 0a28d59d5ac2, include/linux/swap.h")
        .with_options(V5_10, &[Stock::new(KernelOption::Userswap, None)]),
    VendorRange::new(Vendor::OpenEuler, V6_6)
        .of(&["x86_64", "arm64"])
        .with_bits(Bits::Series, Grade::Read, "openeuler-mirror/kernel, faa3fdcd5f4a")
        .with_types(
            &[],
            Grade::Read,
            "openeuler-mirror/kernel, faa3fdcd5f4a, include/linux/swap.h; 0088ad14c6c1, arch/arm64/configs/openeuler_defconfig",
        )
        .with_options(
            V6_6,
            &[
                Stock::new(KernelOption::Userswap, Some(true)).of(&["arm64"]),
                Stock::new(KernelOption::Userswap, None).of(&["x86_64"]),
            ],
        ),
];
