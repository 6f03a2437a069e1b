//! Releases as machines, logs and trees print them.

extern crate std;

use super::*;
use std::string::ToString;

fn read(text: &str) -> Release {
    text.parse().unwrap_or_else(|_| panic!("{text} is a release"))
}

#[test]
fn upstream_says_how_far_it_came() {
    let series = KernelVersion::new(6, 2);
    for (text, stable, candidate, commits) in [
        ("6.2", None, None, None),
        ("6.2.0", Some(0), None, None),
        ("6.2.16", Some(16), None, None),
        ("6.2.0-rc4+", Some(0), Some(4), None),
        ("v6.2-rc4", None, Some(4), None),
        ("v6.2-rc4-480-g0123456789ab", None, Some(4), Some(480)),
        ("6.2.0-rc4-00480-g0123456789ab-dirty", Some(0), Some(4), Some(480)),
        ("v6.2-480-g0123456", None, None, Some(480)),
    ] {
        let release = read(text);
        assert_eq!(
            (release.series(), release.stable(), release.candidate(), release.commits()),
            (series, stable, candidate, commits),
            "{text}"
        );
        assert_eq!((release.vendor(), release.build()), (None, None), "{text}");
        assert_eq!(release.to_string(), text);
    }
}

#[test]
fn a_release_is_found_in_its_line() {
    for line in [
        "5.14.0-427.13.1.el9_4.x86_64",
        " 5.14.0-427.13.1.el9_4.x86_64\n",
        "Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@example.org) (gcc (GCC) 11.4.1) #1 SMP",
        "[    0.000000] Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@example.org)",
        "Linux host 5.14.0-427.13.1.el9_4.x86_64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux",
    ] {
        let release = read(line);
        assert_eq!(release.as_str(), "5.14.0-427.13.1.el9_4.x86_64", "{line}");
        assert_eq!((release.stable(), release.build()), (Some(0), Some(Build([427, 13, 1, 0]))), "{line}");
    }
    assert_eq!(Build([427, 13, 1, 0]).to_string(), "427.13.1");
    assert_eq!(Build::new(179).to_string(), "179");
}

#[test]
fn what_is_no_release_is_refused() {
    let long = "6.12-".to_string() + &"x".repeat(60);
    for text in [
        "",
        " ",
        "6",
        "6.",
        ".12",
        "6.x",
        "+6.12",
        "6.+12",
        "6.012",
        "06.12",
        "6.12.",
        "6.12.x",
        "6.12.01",
        "6.12abc",
        "99999.1",
        "6.99999",
        "6.12.99999",
        "6,12",
        "é.1",
        "6.12-é",
        "6.12 and more",
        "Linux version ",
        "Linux",
        "vv6.12",
        "6.12\0",
        &long,
    ] {
        assert_eq!(text.parse::<Release>(), Err(VersionError::NotAVersion), "{text:?}");
    }
}

/// What machines print; the suffixes of vendors that are seen most have several.
const SEEN: &[(&str, Vendor)] = &[
    ("5.14.0-427.13.1.el9_4.x86_64", Vendor::Rhel),
    ("5.14.0-427.13.1.el9_4.aarch64+64k", Vendor::Rhel),
    ("5.14.0-284.11.1.rt14.296.el9_2.x86_64", Vendor::Rhel),
    ("5.14.0-179.el9.s390x", Vendor::Rhel),
    ("4.18.0-553.16.1.el8_10.x86_64", Vendor::Rhel),
    ("3.10.0-1160.119.1.el7.x86_64", Vendor::Rhel),
    ("6.12.0-55.9.1.el10_0.ppc64le", Vendor::Rhel),
    ("2.6.32-754.35.1.el6.x86_64", Vendor::Rhel),
    ("6.11.6-0.hs1.hsx.el9.x86_64", Vendor::Unknown),
    ("5.15.0-205.149.5.1.el9uek.x86_64", Vendor::Uek),
    ("6.12.0-105.51.5.el9uek.x86_64", Vendor::Uek),
    ("6.11.0-0.el9ueknext.x86_64", Vendor::Uek),
    ("5.4.17-2136.330.7.1.el8uek.x86_64", Vendor::Uek),
    ("6.9.7-1.el9.elrepo.x86_64", Vendor::ElRepo),
    ("4.18.0-513.18.1.lve.el8.x86_64", Vendor::CloudLinux),
    ("3.10.0-962.3.2.lve1.5.80.el7.x86_64", Vendor::CloudLinux),
    ("3.10.0-1160.105.1.vz7.214.3", Vendor::Virtuozzo),
    ("6.11.5-300.fc41.x86_64", Vendor::Fedora),
    ("6.12.0-0.rc5.44.fc42.x86_64", Vendor::Fedora),
    ("5.10.226-214.880.amzn2.x86_64", Vendor::Amazon),
    ("6.1.112-122.189.amzn2023.aarch64", Vendor::Amazon),
    ("6.6.0-28.0.0.34.oe2403.aarch64", Vendor::OpenEuler),
    ("5.10.0-60.18.0.50.oe2203.x86_64", Vendor::OpenEuler),
    ("4.19.90-2003.4.0.0036.oe1.x86_64", Vendor::OpenEuler),
    ("4.18.0-147.5.1.6.h841.eulerosv2r9.x86_64", Vendor::EulerOs),
    ("5.10.0-182.0.0.95.r2220.156.hce2.x86_64", Vendor::Hce),
    ("4.19.90-52.22.v2207.ky10.aarch64", Vendor::Kylin),
    ("4.19.90-2201.4.0.0135.up2.uel20.x86_64", Vendor::Uos),
    ("5.10.134-16.2.an8.x86_64", Vendor::Anolis),
    ("5.10.134-16.3.al8.x86_64", Vendor::Alibaba),
    ("5.4.241-1-tlinux4-0017.7", Vendor::Tencent),
    ("6.6.47-12.oc9.x86_64", Vendor::Tencent),
    ("6.1.0-31-amd64", Vendor::Debian),
    ("6.1.0-50-s390x", Vendor::Debian),
    ("6.12.117+deb13-amd64", Vendor::Debian),
    ("6.12~rc6-arm64", Vendor::Debian),
    ("5.10.0-0.bpo.15-amd64", Vendor::Debian),
    ("6.12.12+bpo-cloud-amd64", Vendor::Debian),
    ("6.8.0-48-generic", Vendor::Ubuntu),
    ("5.15.0-1041-azure", Vendor::Ubuntu),
    ("5.15.0-1051-aws", Vendor::Ubuntu),
    ("6.5.0-060500-generic", Vendor::Ubuntu),
    ("6.8.0-1013-raspi", Vendor::Ubuntu),
    ("6.9.3-76060903-generic", Vendor::PopOs),
    ("6.6.40-amd64-desktop-hwe", Vendor::Deepin),
    ("6.8.12-4-pve", Vendor::Proxmox),
    ("5.14.21-150500.55.68-default", Vendor::Suse),
    ("5.14.21-150500.33.37-azure", Vendor::Suse),
    ("6.11.8-1-default", Vendor::Suse),
    ("4.12.14-122.37-default", Vendor::Suse),
    ("6.12.1-arch1-1", Vendor::Arch),
    ("6.6.63-1-lts", Vendor::Arch),
    ("6.11.9-zen1-1-zen", Vendor::Arch),
    ("6.6.63-1-MANJARO", Vendor::Manjaro),
    ("6.11.5-2-cachyos", Vendor::CachyOs),
    ("6.6.58-gentoo-r1-x86_64", Vendor::Gentoo),
    ("6.6.58-0-lts", Vendor::Alpine),
    ("6.6.58-0-virt", Vendor::Alpine),
    ("6.6.58_1", Vendor::Void),
    ("6.6.58-desktop-1.mga9", Vendor::Mageia),
    ("6.1.77-un-def-alt1", Vendor::Alt),
    ("6.11.5-1480.native", Vendor::ClearLinux),
    ("6.6.57.1-2.azl3", Vendor::AzureLinux),
    ("5.15.158.2-1.cm2", Vendor::AzureLinux),
    ("6.1.83-2.ph5", Vendor::Photon),
    ("6.6.30-flatcar", Vendor::Flatcar),
    ("6.6.29-talos", Vendor::Talos),
    ("6.6.12-linuxkit", Vendor::LinuxKit),
    ("6.7.7-orbstack-00201-g2ddb8197ae46", Vendor::OrbStack),
    ("6.6.87.2-microsoft-standard-WSL2", Vendor::Wsl),
    ("5.10.157-android13-4-00003-g776d0a76f6aa-ab10208116", Vendor::Android),
    ("5.15.148-20574-g0123456789ab", Vendor::ChromeOs),
    ("6.6.51+rpt-rpi-v8", Vendor::RaspberryPi),
    ("6.1.21-v8+", Vendor::RaspberryPi),
    ("6.6.31-current-rockchip64", Vendor::Armbian),
    ("5.15.148-tegra", Vendor::Tegra),
    ("6.6.3-411-asahi", Vendor::Asahi),
    ("5.15.0-starfive", Vendor::StarFive),
    ("4.19.0+1", Vendor::XenServer),
    ("6.1.74-Unraid", Vendor::Unraid),
    ("6.6.32-production+truenas", Vendor::TrueNas),
    ("6.11.9-1-liquorix-amd64", Vendor::Liquorix),
    ("6.6.9-x64v3-xanmod1", Vendor::XanMod),
    ("5.15.71-rt53", Vendor::Rt),
    ("6.1.0-next-20221220", Vendor::Next),
    ("6.6.0-rc2-next-20230919", Vendor::Next),
    ("6.12.9-somebodys", Vendor::Unknown),
    ("6.6.22-g73daf6f844a2", Vendor::Unknown),
];

#[test]
fn vendors_are_known_by_their_suffixes() {
    for (text, vendor) in SEEN {
        let release = read(text);
        assert_eq!(release.vendor(), Some(*vendor), "{text}");
        assert_eq!(read(&std::format!("Linux version {text} (build@host) #1 SMP")), release, "{text}");
        let numbers: std::vec::Vec<_> = text.split(['.', '-', '+', '_', '~']).take(2).collect();
        assert_eq!(release.series().to_string(), numbers.join("."), "{text}");
    }
    for vendor in Vendor::ALL {
        assert!(SEEN.iter().any(|(_, seen)| seen == vendor), "{vendor} has no release");
    }
}

/// A suffix that no release of the list has is one that nobody looked at, and one of an earlier row hides it.
#[test]
fn builds_are_read_as_their_vendor_counts_them() {
    for (text, build) in [
        ("5.14.0-284.11.1.rt14.296.el9_2.x86_64", "284.11.1"),
        ("5.14.0-179.el9.s390x", "179"),
        ("6.6.0-28.0.0.34.oe2403.aarch64", "28.0.0.34"),
        ("6.1.0-31-amd64", "31"),
        ("5.14.21-150500.55.68-default", "150500.55.68"),
        ("4.19.90-2003.4.0.0036.oe1.x86_64", "2003.4"),
    ] {
        assert_eq!(read(text).build().map(|build| build.to_string()).as_deref(), Some(build), "{text}");
    }
    for text in ["6.12.117+deb13-amd64", "6.6.30-flatcar", "6.1.21-v8+", "5.10.157-android13-4-00003-g776d0a76f6aa-ab1"]
    {
        assert_eq!(read(text).build(), None, "{text}");
    }
}
