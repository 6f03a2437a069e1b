//! A kernel's configuration: `/boot/config-*`, `/proc/config.gz`, and the copy that a kernel carries (`CONFIG_IKCONFIG`).

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use swp_pte::{KernelVersion, Release};

use crate::banner::positions;
use crate::{Facts, Learned, Machine};

/// The longest configuration that is read, unpacked; a whole one has 300 kB.
const LONGEST: u64 = 16 << 20;

/// What an option is that is not set.
const OFF: &str = "n";

/// Where `kernel/configs.c` puts its copy.
const IKCONFIG: &[u8] = b"IKCFG_ST";

/// A configuration: what is set, and to what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    values: BTreeMap<String, String>,
    /// What the comment at its head says: `x86` and `6.12.117`.
    head: Option<(String, Release)>,
}

impl Config {
    /// Reads lines as `CONFIG_X=y` and `# CONFIG_X is not set`; `None` if there is not one of them.
    ///
    /// # Errors
    /// An option that is set twice, to different values.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        let mut config = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            let unset = line.strip_prefix("# CONFIG_").and_then(|rest| rest.strip_suffix(" is not set"));
            let (name, value) = match (line.strip_prefix("CONFIG_"), unset) {
                (Some(rest), _) => {
                    rest.split_once('=').ok_or_else(|| format!("line {number}: no = in \"{}\"", shown(line)))?
                }
                (None, Some(name)) => (name, OFF),
                (None, None) => {
                    if let Some(head) = head(line) {
                        config.head.get_or_insert(head);
                    }
                    continue;
                }
            };
            if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') || name.is_empty() {
                return Err(format!("line {number}: \"{}\" is no name of an option", shown(name)));
            }
            let before = config.values.insert(name.into(), value.into());
            if before.is_some_and(|before| before != value) {
                return Err(format!("line {number}: CONFIG_{name} is there twice, with different values"));
            }
        }
        Ok((!config.values.is_empty()).then_some(config))
    }

    /// Whether an option is on, by its name without `CONFIG_`.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.value(name), Some("y" | "m"))
    }

    /// What an option is set to; `n` if a line says that it is not set, `None` if none speaks of it.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// An option that another configuration has otherwise.
    pub(crate) fn first_difference(&self, other: &Self) -> Option<String> {
        let names = self.values.keys().chain(other.values.keys());
        let value = |config: &Self, name: &str| config.value(name).unwrap_or(OFF).to_owned();
        names.filter(|name| value(self, name) != value(other, name)).min().cloned()
    }

    /// log2 of the page size, of the architectures that have several.
    fn page_shift(&self) -> Option<u32> {
        if let Some(shift) = self.value("PAGE_SHIFT") {
            return shift.parse().ok().filter(|shift| (10..=24).contains(shift));
        }
        // Each architecture had a name of its own before 6.9.
        let names = [
            ("ARM64_4K_PAGES", 12),
            ("ARM64_16K_PAGES", 14),
            ("ARM64_64K_PAGES", 16),
            ("PPC_4K_PAGES", 12),
            ("PPC_16K_PAGES", 14),
            ("PPC_64K_PAGES", 16),
            ("PPC_256K_PAGES", 18),
            ("PAGE_SIZE_4KB", 12),
            ("PAGE_SIZE_16KB", 14),
            ("PAGE_SIZE_64KB", 16),
        ];
        names.into_iter().find(|(name, _)| self.is_on(name)).map(|(_, shift)| shift)
    }

    /// The machine, by the options that name it.
    fn machine(&self) -> Option<Machine> {
        let arch = self.head.as_ref().map(|(arch, _)| arch.as_str())?;
        let little = self.is_on("CPU_LITTLE_ENDIAN");
        let wide = self.is_on("64BIT");
        let name = match arch {
            "x86" if wide => "x86_64",
            "x86" => "i386",
            "powerpc" if wide && little => "ppc64le",
            "powerpc" if wide => "ppc64",
            "powerpc" => "ppc",
            "riscv" if wide => "riscv64",
            "riscv" => "riscv32",
            "mips" if wide => "mips64",
            "sparc" if wide => "sparc64",
            "parisc" if wide => "parisc64",
            "loongarch" => "loongarch64",
            other => other,
        };
        Machine::of_uname(name)
    }

    /// The release: that of `CONFIG_BUILD_SALT`, which distributions set to it, if it is one of the version at the head; else
    /// that version.
    fn release(&self) -> Option<Release> {
        let salt = self.value("BUILD_SALT").and_then(|salt| salt.trim_matches('"').parse::<Release>().ok());
        let series = |release: &Release| -> KernelVersion { release.series() };
        match &self.head {
            Some((_, head)) => {
                let local = self.value("LOCALVERSION").map_or("", |local| local.trim_matches('"'));
                let whole = format!("{head}{local}").parse().ok();
                salt.filter(|salt| series(salt) == series(head)).or(whole).or(Some(*head))
            }
            None => salt,
        }
    }

    /// Everything that it tells.
    pub(crate) fn facts(self, from: &str) -> Facts {
        let place = |what: &str| format!("{from}: {what}");
        Facts {
            release: self.release().map(|release| Learned::new(release, place("its head"))),
            machine: self.machine().map(|machine| Learned::new(machine, place("its head"))),
            page_shift: self.page_shift().map(|shift| Learned::new(shift, place("its page size"))),
            config: Some(Learned::new(self, from.into())),
            ..Facts::default()
        }
    }
}

/// `# Linux/x86 6.12.117 Kernel Configuration`.
fn head(line: &str) -> Option<(String, Release)> {
    let rest = line.strip_prefix("# Linux/")?.strip_suffix(" Kernel Configuration")?;
    let (arch, version) = rest.split_once(' ')?;
    Some((arch.to_owned(), version.parse().ok()?))
}

/// A part of a text, short, without control characters.
fn shown(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}

/// Whether bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// What gzip packed.
///
/// # Errors
/// That it is broken, or longer than any configuration.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::new();
    let mut reader = GzDecoder::new(bytes).take(LONGEST + 1);
    reader.read_to_end(&mut unpacked).map_err(|error| format!("gzip: {error}"))?;
    if unpacked.len() as u64 > LONGEST {
        return Err(format!("gzip: more than {LONGEST} bytes, longer than any kernel's configuration"));
    }
    Ok(unpacked)
}

/// The configuration that a kernel carries.
///
/// # Errors
/// That it is broken.
pub(crate) fn carried(bytes: &[u8]) -> Result<Option<Config>, String> {
    let gzip = |at: usize| bytes.get(at + IKCONFIG.len()..).filter(|rest| is_gzip(rest));
    let Some(packed) = positions(bytes, IKCONFIG).find_map(gzip) else { return Ok(None) };
    let text = unpack(packed)?;
    Config::parse(str::from_utf8(&text).map_err(|_| "its configuration is no text")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    const TEXT: &str = "#\n# Linux/x86 6.12.117 Kernel Configuration\n#\nCONFIG_64BIT=y\nCONFIG_MIGRATION=y\n\
        # CONFIG_DEVICE_PRIVATE is not set\nCONFIG_BUILD_SALT=\"6.12.117+deb13-amd64\"\nCONFIG_PAGE_SHIFT=12\n";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn options_release_machine_and_page_size_are_read() {
        let facts = Config::parse(TEXT).unwrap().unwrap().facts("config");
        let config = &facts.config.as_ref().unwrap().value;
        let on = ["MIGRATION", "DEVICE_PRIVATE", "USERSWAP"].map(|name| config.is_on(name));
        assert_eq!(on, [true, false, false]);
        assert_eq!(facts.release.unwrap().value.as_str(), "6.12.117+deb13-amd64");
        assert_eq!(facts.machine.unwrap().value.name(), "x86_64");
        assert_eq!(facts.page_shift.unwrap().value, 12);
    }

    #[test]
    fn a_salt_of_another_version_is_none() {
        let text = TEXT.replace("6.12.117+deb13-amd64", "5.10.0-amd64");
        assert_eq!(Config::parse(&text).unwrap().unwrap().release().unwrap().as_str(), "6.12.117");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for text in ["", "\n\n", "no configuration", "# CONFIG_X"] {
            assert_eq!(Config::parse(text), Ok(None), "{text}");
        }
        for (text, why) in [
            ("CONFIG_X\n", "line 1: no ="),
            ("CONFIG_A=y\nCONFIG_\u{1b}=y", "line 2"),
            ("CONFIG_=y", "no name"),
            ("CONFIG_A=y\nCONFIG_A=m", "twice"),
        ] {
            assert!(Config::parse(text).unwrap_err().contains(why), "{text}");
        }
    }

    #[test]
    fn gzip_is_unpacked_and_bounded() {
        assert_eq!(unpack(&gzip(TEXT.as_bytes())).unwrap(), TEXT.as_bytes());
        let long = vec![b'#'; usize::try_from(LONGEST).unwrap() + 1];
        assert!(unpack(&gzip(&long)).unwrap_err().contains("longer than any"));
        assert!(unpack(&[0x1f, 0x8b, 8]).unwrap_err().contains("gzip"));
    }

    #[test]
    fn a_kernel_carries_its_configuration() {
        let carrying = [&b"IKCFG_ST IKCFG_ST"[..], &gzip(TEXT.as_bytes()), b"IKCFG_ED"].concat();
        assert_eq!(carried(&carrying).unwrap(), Config::parse(TEXT).unwrap());
        assert_eq!(carried(b"IKCFG_ST").unwrap(), None);
        assert!(carried(&[&b"IKCFG_ST"[..], &[0x1f, 0x8b, 8, 0]].concat()).is_err());
    }
}
