//! Whose kernel a release is: the vendors, and the suffixes that they put behind the numbers, as data.

use crate::KernelVersion;

/// The list becomes the enumeration and its names.
macro_rules! vendors {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// Whoever builds kernels from upstream's and gives their releases a suffix.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Vendor {
            $($(#[$doc])* $variant,)*
        }

        impl Vendor {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name for people.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

vendors! {
    /// Red Hat Enterprise Linux and what is built from its sources: `CentOS` Stream, Alma, Rocky, Oracle's RHCK.
    Rhel = "RHEL";
    /// Oracle's Unbreakable Enterprise Kernel.
    Uek = "Oracle UEK";
    /// Kernels of upstream's versions for RHEL.
    ElRepo = "ELRepo";
    /// A kernel of RHEL, changed again.
    CloudLinux = "CloudLinux";
    /// A kernel of RHEL, changed again.
    Virtuozzo = "Virtuozzo";
    /// Fedora.
    Fedora = "Fedora";
    /// Amazon Linux.
    Amazon = "Amazon Linux";
    /// openEuler.
    OpenEuler = "openEuler";
    /// Huawei's, from which openEuler came.
    EulerOs = "EulerOS";
    /// Huawei Cloud `EulerOS`.
    Hce = "Huawei Cloud EulerOS";
    /// Kylin, mostly from openEuler.
    Kylin = "Kylin";
    /// `UnionTech` OS.
    Uos = "UOS";
    /// Anolis OS.
    Anolis = "Anolis OS";
    /// Alibaba Cloud Linux.
    Alibaba = "Alibaba Cloud Linux";
    /// `TencentOS` and `OpenCloudOS`.
    Tencent = "TencentOS";
    /// Debian.
    Debian = "Debian";
    /// Ubuntu and what takes its kernels.
    Ubuntu = "Ubuntu";
    /// `Pop!_OS`.
    PopOs = "Pop!_OS";
    /// Deepin.
    Deepin = "deepin";
    /// Proxmox VE.
    Proxmox = "Proxmox VE";
    /// SUSE Linux Enterprise and openSUSE.
    Suse = "SUSE";
    /// Arch Linux.
    Arch = "Arch Linux";
    /// Manjaro.
    Manjaro = "Manjaro";
    /// `CachyOS`.
    CachyOs = "CachyOS";
    /// Gentoo.
    Gentoo = "Gentoo";
    /// Alpine Linux.
    Alpine = "Alpine Linux";
    /// Void Linux.
    Void = "Void Linux";
    /// Mageia.
    Mageia = "Mageia";
    /// ALT Linux.
    Alt = "ALT Linux";
    /// Clear Linux.
    ClearLinux = "Clear Linux";
    /// Azure Linux, before CBL-Mariner.
    AzureLinux = "Azure Linux";
    /// `VMware`'s Photon OS.
    Photon = "Photon OS";
    /// Flatcar.
    Flatcar = "Flatcar";
    /// Talos Linux.
    Talos = "Talos Linux";
    /// Docker Desktop.
    LinuxKit = "LinuxKit";
    /// `OrbStack`.
    OrbStack = "OrbStack";
    /// Windows Subsystem for Linux.
    Wsl = "WSL2";
    /// Android's common kernel and the devices' from it.
    Android = "Android";
    /// Kernels of `ChromeOS` devices.
    ChromeOs = "ChromeOS";
    /// Raspberry Pi OS.
    RaspberryPi = "Raspberry Pi OS";
    /// Armbian.
    Armbian = "Armbian";
    /// NVIDIA's Jetson Linux.
    Tegra = "NVIDIA Jetson Linux";
    /// Asahi Linux.
    Asahi = "Asahi Linux";
    /// `StarFive`'s kernels of RISC-V boards.
    StarFive = "StarFive";
    /// `XenServer` and XCP-ng.
    XenServer = "XenServer";
    /// Unraid.
    Unraid = "Unraid";
    /// `TrueNAS` SCALE.
    TrueNas = "TrueNAS";
    /// Liquorix.
    Liquorix = "Liquorix";
    /// `XanMod`.
    XanMod = "XanMod";
    /// The `PREEMPT_RT` patches.
    Rt = "PREEMPT_RT";
    /// linux-next: what will be merged for the release after this.
    Next = "linux-next";
    /// A suffix that the table does not have: another vendor, or somebody's own build.
    Unknown = "unknown";
}

/// What a suffix looks like; `tail` is what follows the third number.
#[derive(Clone, Copy, Debug)]
enum Mark {
    /// These letters stand somewhere in the tail.
    Has(&'static str),
    /// The tail ends so.
    Ends(&'static str),
    /// One of the tail's parts, which `.`, `-`, `+`, `_` and `~` separate, is these letters and a digit, and whatever follows.
    Numbered(&'static str),
    /// The tail is exactly this.
    Is(&'static str),
}

impl Mark {
    fn fits(self, tail: &str) -> bool {
        let number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        match self {
            Self::Has(text) => tail.contains(text),
            Self::Ends(text) => tail.ends_with(text),
            Self::Numbered(text) => parts(tail).any(|part| part.strip_prefix(text).is_some_and(number)),
            Self::Is(text) => tail == text,
        }
    }
}

/// What the separators separate.
pub(super) fn parts(tail: &str) -> impl Iterator<Item = &str> {
    tail.split(['.', '-', '+', '_', '~'])
}

use Mark::{Ends, Has, Is, Numbered};

/// The suffixes; the first that fits counts, so that those that are also part of another come later.
const SUFFIXES: &[(Mark, Vendor)] = &[
    (Has("-next-20"), Vendor::Next),
    (Has("uek"), Vendor::Uek),
    (Has("elrepo"), Vendor::ElRepo),
    (Has(".lve."), Vendor::CloudLinux),
    (Has(".lve1"), Vendor::CloudLinux),
    (Numbered("vz"), Vendor::Virtuozzo),
    (Has("icrosoft"), Vendor::Wsl),
    (Ends("-pve"), Vendor::Proxmox),
    (Numbered("oe"), Vendor::OpenEuler),
    (Numbered("eulerosv"), Vendor::EulerOs),
    (Numbered("hce"), Vendor::Hce),
    (Numbered("ky"), Vendor::Kylin),
    (Numbered("uel"), Vendor::Uos),
    (Numbered("uelc"), Vendor::Uos),
    (Numbered("an"), Vendor::Anolis),
    (Numbered("al"), Vendor::Alibaba),
    (Numbered("alios"), Vendor::Alibaba),
    (Has("tlinux"), Vendor::Tencent),
    (Numbered("tl"), Vendor::Tencent),
    (Numbered("oc"), Vendor::Tencent),
    (Numbered("amzn"), Vendor::Amazon),
    (Numbered("fc"), Vendor::Fedora),
    (Has(".eln"), Vendor::Fedora),
    (Numbered("azl"), Vendor::AzureLinux),
    (Numbered("cm"), Vendor::AzureLinux),
    (Numbered("ph"), Vendor::Photon),
    (Numbered("mga"), Vendor::Mageia),
    (Numbered("alt"), Vendor::Alt),
    (Numbered("el"), Vendor::Rhel),
    (Has("-android"), Vendor::Android),
    (Ends(".native"), Vendor::ClearLinux),
    (Has("-flatcar"), Vendor::Flatcar),
    (Has("-talos"), Vendor::Talos),
    (Has("-linuxkit"), Vendor::LinuxKit),
    (Has("-orbstack"), Vendor::OrbStack),
    (Has("-tegra"), Vendor::Tegra),
    (Has("asahi"), Vendor::Asahi),
    (Has("starfive"), Vendor::StarFive),
    (Ends("-Unraid"), Vendor::Unraid),
    (Has("+truenas"), Vendor::TrueNas),
    (Has("-liquorix"), Vendor::Liquorix),
    (Has("-xanmod"), Vendor::XanMod),
    (Has("-cachyos"), Vendor::CachyOs),
    (Has("-gentoo"), Vendor::Gentoo),
    (Ends("-MANJARO"), Vendor::Manjaro),
    (Has("+rpt-rpi-"), Vendor::RaspberryPi),
    (Is("-v7+"), Vendor::RaspberryPi),
    (Is("-v7l+"), Vendor::RaspberryPi),
    (Is("-v8+"), Vendor::RaspberryPi),
    (Is("-v8-16k+"), Vendor::RaspberryPi),
    (Has("-current-"), Vendor::Armbian),
    (Has("-edge-"), Vendor::Armbian),
    (Has("-legacy-"), Vendor::Armbian),
    (Has("-desktop-hwe"), Vendor::Deepin),
    (Ends("-amd64-desktop"), Vendor::Deepin),
    (Ends("-arm64-desktop"), Vendor::Deepin),
    (Is("-0-lts"), Vendor::Alpine),
    (Ends("-0-virt"), Vendor::Alpine),
    (Ends("-virt"), Vendor::Alpine),
    (Numbered("arch"), Vendor::Arch),
    (Ends("-lts"), Vendor::Arch),
    (Ends("-zen"), Vendor::Arch),
    (Ends("-hardened"), Vendor::Arch),
    (Ends("-default"), Vendor::Suse),
    (Has("-150"), Vendor::Suse),
    (Ends("-preempt"), Vendor::Suse),
    (Ends("-64kb"), Vendor::Suse),
    (Ends("-kvmsmall"), Vendor::Suse),
    (Ends("-longterm"), Vendor::Suse),
    (Has("-7606"), Vendor::PopOs),
    (Has("-generic"), Vendor::Ubuntu),
    (Ends("-lowlatency"), Vendor::Ubuntu),
    (Ends("-lowlatency-64k"), Vendor::Ubuntu),
    (Ends("-aws"), Vendor::Ubuntu),
    (Ends("-azure"), Vendor::Ubuntu),
    (Ends("-azure-fde"), Vendor::Ubuntu),
    (Ends("-gcp"), Vendor::Ubuntu),
    (Ends("-gke"), Vendor::Ubuntu),
    (Ends("-gkeop"), Vendor::Ubuntu),
    (Ends("-ibm"), Vendor::Ubuntu),
    (Ends("-kvm"), Vendor::Ubuntu),
    (Ends("-nvidia"), Vendor::Ubuntu),
    (Ends("-nvidia-64k"), Vendor::Ubuntu),
    (Ends("-oem"), Vendor::Ubuntu),
    (Ends("-oracle"), Vendor::Ubuntu),
    (Ends("-raspi"), Vendor::Ubuntu),
    (Ends("-fips"), Vendor::Ubuntu),
    (Ends("-realtime"), Vendor::Ubuntu),
    (Numbered("deb"), Vendor::Debian),
    (Has("-bpo"), Vendor::Debian),
    (Ends("-amd64"), Vendor::Debian),
    (Ends("-686"), Vendor::Debian),
    (Ends("-686-pae"), Vendor::Debian),
    (Ends("-arm64"), Vendor::Debian),
    (Ends("-arm64-16k"), Vendor::Debian),
    (Ends("-armmp"), Vendor::Debian),
    (Ends("-armmp-lpae"), Vendor::Debian),
    (Ends("-s390x"), Vendor::Debian),
    (Ends("-powerpc64le"), Vendor::Debian),
    (Ends("-powerpc64le-64k"), Vendor::Debian),
    (Ends("-powerpc64"), Vendor::Debian),
    (Ends("-powerpc"), Vendor::Debian),
    (Ends("-riscv64"), Vendor::Debian),
    (Ends("-loong64"), Vendor::Debian),
    (Ends("-sparc64"), Vendor::Debian),
    (Ends("-alpha-generic"), Vendor::Debian),
    (Ends("-mips64el"), Vendor::Debian),
    (Ends("-loongson-3"), Vendor::Debian),
    (Ends("-octeon"), Vendor::Debian),
    (Ends("-4kc-malta"), Vendor::Debian),
    (Ends("-5kc-malta"), Vendor::Debian),
    (Is("+1"), Vendor::XenServer),
];

/// The upstream versions of RHEL's kernels by the number of `el`: another one there is somebody's package for it.
const RHEL: &[(&str, KernelVersion)] = &[
    ("el6", KernelVersion::new(2, 6)),
    ("el7", KernelVersion::new(3, 10)),
    ("el8", KernelVersion::new(4, 18)),
    ("el9", KernelVersion::new(5, 14)),
    ("el10", KernelVersion::new(6, 12)),
];

impl Vendor {
    /// Whose kernel has this tail; a tail that is not upstream's own.
    pub(super) fn of(tail: &str, series: KernelVersion) -> Self {
        let found = SUFFIXES.iter().find(|(mark, _)| mark.fits(tail)).map_or(Self::Unknown, |(_, vendor)| *vendor);
        match found {
            Self::Rhel if !RHEL.iter().any(|(el, kernel)| *kernel == series && parts(tail).any(|part| part == *el)) => {
                Self::Unknown
            }
            // `6.6.58_1`, and nothing else.
            Self::Unknown if tail.strip_prefix('_').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) => {
                Self::Void
            }
            Self::Unknown if parts(tail).any(is_rt) => Self::Rt,
            other => other,
        }
    }
}

/// `rt53`.
fn is_rt(part: &str) -> bool {
    part.strip_prefix("rt").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

impl core::fmt::Display for Vendor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}
