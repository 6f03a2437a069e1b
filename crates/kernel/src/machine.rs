//! The machine that a kernel is for.

use std::fmt::{Display, Formatter};

/// The machine, by the name that `uname -m` has for it: what `--arch` understands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Machine(&'static str);

/// Machines by their numbers in ELF, with what tells those apart that share one: bits, and whether the least significant byte
/// comes first (`include/uapi/linux/elf-em.h`). Names as `UTS_MACHINE`.
const ELF: &[(u16, u32, Option<bool>, &str)] = &[
    (2, 32, None, "sparc32"),
    (3, 32, None, "i386"),
    (4, 32, None, "m68k"),
    (8, 32, None, "mips32"),
    (8, 64, None, "mips64"),
    (15, 32, None, "parisc32"),
    (15, 64, None, "parisc64"),
    (20, 32, None, "ppc"),
    (21, 64, Some(true), "ppc64le"),
    (21, 64, Some(false), "ppc64"),
    (22, 64, None, "s390x"),
    (40, 32, None, "arm"),
    (42, 32, None, "sh"),
    (43, 64, None, "sparc64"),
    (62, 64, None, "x86_64"),
    (92, 32, None, "openrisc"),
    (93, 32, None, "arc"),
    (94, 32, None, "xtensa"),
    (113, 32, None, "nios2"),
    (164, 32, None, "hexagon"),
    (183, 64, None, "aarch64"),
    (189, 32, None, "microblaze"),
    (195, 32, None, "arc"),
    (243, 32, None, "riscv32"),
    (243, 64, None, "riscv64"),
    (252, 32, None, "csky"),
    (258, 64, None, "loongarch64"),
    (0x9026, 64, None, "alpha"),
];

/// Names of machines beside those of [`ELF`], as `uname -m` prints them, and what they are here.
const OTHERS: &[(&str, &str)] = &[
    ("x86", "x86_64"),
    ("i486", "i386"),
    ("i586", "i386"),
    ("i686", "i386"),
    ("arm64", "aarch64"),
    ("s390", "s390x"),
    ("armv7l", "arm"),
    ("armv6l", "arm"),
    ("armv5tel", "arm"),
    ("mips", "mips32"),
    ("sparc", "sparc32"),
    ("parisc", "parisc32"),
];

/// How releases end that say their machine (RHEL and its like, Debian, Ubuntu, openEuler), and what it is here.
const RELEASES: &[(&str, &str)] = &[
    ("x86_64", "x86_64"),
    ("amd64", "x86_64"),
    ("aarch64", "aarch64"),
    ("arm64", "aarch64"),
    ("s390x", "s390x"),
    ("ppc64le", "ppc64le"),
    ("powerpc64le", "ppc64le"),
    ("ppc64", "ppc64"),
    ("riscv64", "riscv64"),
    ("loongarch64", "loongarch64"),
    ("loong64", "loongarch64"),
    ("armv7hl", "arm"),
    ("i686", "i386"),
];

impl Machine {
    /// The machine that a release says at its end: `x86_64` of `5.14.0-427.13.1.el9_4.x86_64`, `aarch64` of
    /// `5.14.0-427.13.1.el9_4.aarch64+64k`.
    #[must_use]
    pub fn of_release(release: &str) -> Option<Self> {
        let known = |part: &str| RELEASES.iter().find(|(suffix, _)| *suffix == part).map(|(_, name)| *name);
        release.rsplit(['.', '-', '+']).find_map(known).and_then(Self::of_uname)
    }

    /// The machine of an ELF file by its number, its bits and its byte order.
    #[must_use]
    pub fn of_elf(number: u16, bits: u32, little: bool) -> Option<Self> {
        let fits = |row: &&(u16, u32, Option<bool>, &'static str)| {
            row.0 == number && row.1 == bits && row.2.is_none_or(|order| order == little)
        };
        ELF.iter().find(fits).map(|row| Self(row.3))
    }

    /// The machine that `uname -m` calls so.
    #[must_use]
    pub fn of_uname(name: &str) -> Option<Self> {
        let other = OTHERS.iter().find(|(other, _)| *other == name).map(|(_, name)| *name);
        let name = other.unwrap_or(name);
        ELF.iter().find(|row| row.3 == name).map(|row| Self(row.3))
    }

    /// The name: `x86_64`, `aarch64`, `ppc64le`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// All machines.
    pub fn all() -> impl Iterator<Item = Self> {
        ELF.iter().map(|row| Self(row.3))
    }
}

impl Display for Machine {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_can_say_its_machine() {
        for (release, machine) in [
            ("5.14.0-427.13.1.el9_4.x86_64", Some("x86_64")),
            ("5.14.0-427.13.1.el9_4.aarch64+64k", Some("aarch64")),
            ("6.12.117+deb13-amd64", Some("x86_64")),
            ("6.1.0-50-cloud-arm64", Some("aarch64")),
            ("6.1.0-50-powerpc64le", Some("ppc64le")),
            ("6.6.0-28.0.0.34.oe2403.aarch64", Some("aarch64")),
            ("6.8.0-45-generic", None),
            ("5.15.90.1-microsoft-standard-WSL2", None),
            ("6.12", None),
        ] {
            assert_eq!(Machine::of_release(release).map(Machine::name), machine, "{release}");
        }
        assert!(RELEASES.iter().all(|(_, name)| Machine::of_uname(name).is_some()));
    }
}
