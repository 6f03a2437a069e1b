//! Whose kernel a release is: the suffixes of vendors as data.

/// Whoever builds kernels from upstream's and names them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Vendor {
    /// Red Hat Enterprise Linux and what is built from its sources: CentOS, Alma, Rocky, Oracle's RHCK.
    Rhel,
    /// Oracle's Unbreakable Enterprise Kernel.
    Uek,
    /// openEuler.
    OpenEuler,
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
    /// SUSE Linux Enterprise and openSUSE.
    Suse,
    /// Fedora.
    Fedora,
    /// Amazon Linux.
    Amazon,
    /// Android's common kernel.
    Android,
    /// `ChromeOS` and Container-Optimized OS.
    ChromeOs,
    /// Windows Subsystem for Linux.
    Wsl,
    /// Raspberry Pi OS.
    RaspberryPi,
    /// Proxmox VE.
    Proxmox,
    /// Arch Linux.
    Arch,
    /// Gentoo.
    Gentoo,
    /// Alpine.
    Alpine,
    /// `CachyOS`.
    CachyOs,
    /// A suffix that the table does not have: another vendor, or somebody's own build.
    Unknown,
}

impl Vendor {
    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rhel => "RHEL",
            Self::Uek => "Oracle UEK",
            Self::OpenEuler => "openEuler",
            Self::Debian => "Debian",
            Self::Ubuntu => "Ubuntu",
            Self::Suse => "SUSE",
            Self::Fedora => "Fedora",
            Self::Amazon => "Amazon Linux",
            Self::Android => "Android",
            Self::ChromeOs => "ChromeOS",
            Self::Wsl => "WSL2",
            Self::RaspberryPi => "Raspberry Pi",
            Self::Proxmox => "Proxmox",
            Self::Arch => "Arch Linux",
            Self::Gentoo => "Gentoo",
            Self::Alpine => "Alpine",
            Self::CachyOs => "CachyOS",
            Self::Unknown => "unknown",
        }
    }

    /// Whose kernel has this suffix; `None` for a suffix that upstream itself makes.
    pub(super) fn of(suffix: &str, series: crate::KernelVersion) -> Option<Self> {
        let _ = series;
        (!suffix.is_empty()).then_some(Self::Unknown)
    }
}

impl core::fmt::Display for Vendor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}
