//! An installed kernel's headers: a tree that its vendor configured, and of which nothing here was built. Which variant and
//! which release it is stands in it; our C file is compiled by a command line of our own, and nothing is written there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::tree::Tree;
use super::variants::{Machine, VARIANTS, Variant};

/// What a configured tree has beside its sources.
#[derive(Debug)]
pub(super) struct Configured {
    /// Where `include/generated` and `include/config` are; the sources may lie elsewhere.
    folder: PathBuf,
    /// `CONFIG_X` without `CONFIG_`, and its value.
    options: BTreeMap<String, String>,
}

/// Which configuration of ours a tree is of, by its options; the first whose options are so. `!` is off.
const KINDS: &[(&str, &[&str])] = &[
    ("x86_64", &["X86_64"]),
    ("i386-pae", &["X86_32", "X86_PAE"]),
    ("i386-2level", &["X86_32"]),
    ("arm64-64k52", &["ARM64", "ARM64_64K_PAGES"]),
    ("arm64-4k48", &["ARM64"]),
    ("arm-lpae", &["ARM", "ARM_LPAE"]),
    ("arm-2level", &["ARM"]),
    ("s390", &["S390", "64BIT"]),
    ("ppc64le-64k", &["PPC_BOOK3S_64", "PPC_64K_PAGES", "CPU_LITTLE_ENDIAN"]),
    ("ppc64le-4k", &["PPC_BOOK3S_64", "PPC_4K_PAGES", "CPU_LITTLE_ENDIAN"]),
    ("ppc64be-64k", &["PPC_BOOK3S_64", "PPC_64K_PAGES", "CPU_BIG_ENDIAN"]),
    ("riscv64", &["RISCV", "64BIT"]),
    ("riscv32", &["RISCV", "32BIT"]),
];

/// What says that a header made by the kernel's build is there, and the package that forgot it.
const GENERATED: [&str; 3] =
    ["include/generated/autoconf.h", "include/generated/bounds.h", "include/generated/asm-offsets.h"];

/// Options whose helpers ask a hypervisor or a register of the machine that only a kernel can, each with what it changes.
/// None moves a bit of a swap PTE.
const WITHOUT: &[(&str, &str)] = &[
    ("PARAVIRT_XXL", "x86: words go through Xen's calls"),
    ("ARM64_LPA2", "arm64: whether pages are shareable is asked of TCR_EL1"),
];

/// The header of the build's folder that switches those off, behind the configuration.
const LESS: &str = "less.h";

/// Its name and its text.
pub(super) fn less() -> (&'static str, String) {
    let lines = WITHOUT.iter().map(|(option, why)| format!("/* {why} */\n#undef CONFIG_{option}\n"));
    (LESS, lines.collect())
}

/// Flags that every kernel gives its compiler and that its headers count on; warnings about them are the vendor's business.
const FLAGS: &str = "-D__KERNEL__ -fshort-wchar -fno-strict-aliasing -fno-common -fno-PIE -fms-extensions -O2 \
                     -fno-asynchronous-unwind-tables -fno-delete-null-pointer-checks -w";

impl Tree {
    /// The headers that the user named: the folder that `/lib/modules/RELEASE/build` points to.
    pub(super) fn headers(folder: &Path) -> Result<Self> {
        let folder = fs::canonicalize(folder).with_context(|| format!("no headers at {}", folder.display()))?;
        for file in GENERATED {
            if !folder.join(file).is_file() {
                bail!(
                    "{} is no configured tree: it has no {file}. Give the folder that /lib/modules/RELEASE/build points to; \
                     Debian and Ubuntu have it in linux-headers-RELEASE, the RHEL family in kernel-devel, SUSE in \
                     kernel-default-devel. A tree of sources is for --kernel",
                    folder.display()
                );
            }
        }
        let path = sources(&folder)?;
        for needed in ["include/linux/mm.h", "include/linux/swapops.h", "arch"] {
            if !path.join(needed).exists() {
                bail!("{}, where the sources of {} should be, has no {needed}", path.display(), folder.display());
            }
        }
        let release = release(&folder)?;
        let version = release.parse().map_err(|error| anyhow::anyhow!("{}: {release:?}: {error}", folder.display()))?;
        let options = options(&read(&folder.join("include/generated/autoconf.h"))?);
        Ok(Self { path, release, version, configured: Some(Configured { folder, options }) })
    }
}

impl Configured {
    /// The configurations of ours that this one is, as the tree was built: two where the kernel chooses a layout at boot.
    pub(super) fn variants(&self, tree: &Tree) -> Result<Vec<&'static Variant>> {
        let is = |option: &str| match option.strip_prefix('!') {
            Some(off) => !self.options.contains_key(off),
            None => self.options.get(option).is_some_and(|value| value == "1"),
        };
        let kind = KINDS.iter().find(|(_, options)| options.iter().all(|option| is(option)));
        let Some((config, _)) = kind else {
            bail!(
                "{}: the oracle does not know how to compile headers of this architecture or board",
                self.folder.display()
            );
        };
        let known = VARIANTS.iter().find(|variant| variant.config == *config);
        let known = known.with_context(|| format!("the table of configurations has no {config}"))?;
        let page_shift =
            ["PAGE_SHIFT", "ARM64_PAGE_SHIFT"].iter().find_map(|name| self.options.get(*name)?.parse().ok());
        // One layout holds for all page sizes of arm64.
        let pages = page_shift.filter(|_| known.machine.arch == "arm64").map(|build| (build, 12)).or(known.pages);
        // As long as the program, as the table is.
        let built: &'static str = String::leak(format!("as built: {}", self.name()));
        let own = |variant: &Variant| -> &'static Variant {
            Box::leak(Box::new(Variant { defconfig: built, options: &[], pages, ..*variant }))
        };
        // A kernel that learns its layout from the processor, at boot, has both.
        let at_boot = VARIANTS.iter().filter(|it| {
            it.machine.arch == known.machine.arch && it.defconfig == known.defconfig && it.define.is_some()
        });
        let at_boot = at_boot.filter(|it| it.needs.is_some_and(|needs| tree.lacks(needs).is_none()));
        Ok([known].into_iter().chain(at_boot).map(own).collect())
    }

    /// The folder's own name, `linux-headers-6.12.117+deb13-amd64`; of a folder called `build` or `default`, all of it.
    fn name(&self) -> String {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        if name.contains(|c: char| c.is_ascii_digit()) { name.into_owned() } else { self.folder.display().to_string() }
    }

    /// The compiler with the flags of a kernel, for a shell: the architecture's, the paths in the order of the kernel's
    /// Makefile, the headers that it puts in front of each file.
    pub(super) fn command(&self, machine: &Machine, sources: &Path) -> Result<String> {
        let Some(flags) = machine.headers else {
            bail!("the oracle has no flags for headers of {}", machine.arch);
        };
        let (own, arch) = (&self.folder, Path::new("arch").join(machine.folder).join("include"));
        let includes = [
            sources.join(&arch),
            own.join(&arch).join("generated"),
            sources.join("include"),
            own.join("include"),
            sources.join(&arch).join("uapi"),
            own.join(&arch).join("generated/uapi"),
            sources.join("include/uapi"),
            own.join("include/generated/uapi"),
            // Headers of powerpc before 6.x name others from there.
            sources.join("arch").join(machine.folder),
        ];
        let mut command = format!("{} -nostdinc", machine.program());
        for folder in includes {
            command += &format!(" -I{}", quoted(&folder)?);
        }
        for header in ["compiler-version.h", "kconfig.h", "compiler_types.h"] {
            let path = sources.join("include/linux").join(header);
            // The first came with 5.13, the last with 4.15.
            if path.is_file() {
                command += &format!(" -include {}", quoted(&path)?);
            }
        }
        command += &format!(" -include {LESS}");
        let dialect = if sources.join("include/linux/compiler-version.h").is_file() { "gnu11" } else { "gnu89" };
        Ok(format!("{command} {FLAGS} -std={dialect} {}", flags.join(" ")))
    }
}

/// A path for a shell.
fn quoted(path: &Path) -> Result<String> {
    let text = path.to_str().filter(|text| !text.contains(['\'', '\n']));
    Ok(format!("'{}'", text.with_context(|| format!("{}: a path that no command line can have", path.display()))?))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Where the sources of a configured tree are: there (the RHEL family, Ubuntu with its links), or where its Makefile says
/// (Debian, SUSE); or beside it under the same name, for packages that were unpacked somewhere else.
fn sources(folder: &Path) -> Result<PathBuf> {
    if folder.join("include/linux/mm.h").is_file() {
        return Ok(folder.into());
    }
    let makefile = read(&folder.join("Makefile"))?;
    let named = makefile.lines().find_map(|line| {
        let included = line.strip_prefix("include ").and_then(|path| path.trim().strip_suffix("/Makefile"));
        included.or_else(|| line.strip_prefix("MAKEARGS := -C ").and_then(|path| path.split_whitespace().next()))
    });
    let Some(named) = named.map(Path::new) else {
        bail!(
            "{}: neither headers, include/linux/mm.h, nor a Makefile that includes the one of their folder: a package of headers \
             without its other half",
            folder.display()
        );
    };
    let own = folder.join(named);
    let beside = named.file_name().map(|name| folder.with_file_name(name));
    let found = [Some(own), beside].into_iter().flatten().find_map(|path| fs::canonicalize(path).ok());
    found.with_context(|| {
        let name = named.file_name().unwrap_or_default().to_string_lossy();
        format!(
            "{}: its Makefile includes {}, which is not there, nor beside it: apt-get install {name}",
            folder.display(),
            named.display()
        )
    })
}

/// What `uname -r` prints of the kernel. (`include/config/kernel.release` of Debian's 6.1 has another text.)
fn release(folder: &Path) -> Result<String> {
    let header = folder.join("include/generated/utsrelease.h");
    let text = read(&header)?;
    let release =
        text.lines().find_map(|line| Some(line.strip_prefix("#define UTS_RELEASE ")?.trim().trim_matches('"')));
    Ok(release.with_context(|| format!("{} has no UTS_RELEASE", header.display()))?.to_owned())
}

/// The options of a configuration: of `#define CONFIG_X 1` the name and the value.
fn options(autoconf: &str) -> BTreeMap<String, String> {
    let lines = autoconf.lines().filter_map(|line| line.strip_prefix("#define CONFIG_")?.split_once(' '));
    lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::options;
    use crate::tests::folder;
    use crate::tree::Tree;
    use crate::variants::VARIANTS;
    use std::fs;
    use std::path::Path;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Headers as Debian packs them, but for what is left out.
    fn debian(home: &Path, options: &str, without: &str) -> std::path::PathBuf {
        let (own, common) = (home.join("linux-headers-6.12.1-x"), home.join("linux-headers-6.12.1-common"));
        for (path, text) in [
            (own.join("include/generated/autoconf.h"), options),
            (own.join("include/generated/bounds.h"), ""),
            (own.join("include/generated/asm-offsets.h"), ""),
            (own.join("include/generated/utsrelease.h"), "#define UTS_RELEASE \"6.12.1-x\"\n"),
            (own.join("Makefile"), "include /nowhere/linux-headers-6.12.1-common/Makefile\n"),
            (common.join("include/linux/mm.h"), ""),
            (common.join("include/linux/swapops.h"), ""),
            (common.join("arch/x86/Makefile"), ""),
        ] {
            if without.is_empty() || !path.ends_with(without) {
                write(&path, text);
            }
        }
        own
    }

    #[test]
    fn what_a_tree_is_stands_in_it() {
        let home = folder("headers");
        let own = debian(&home, "#define CONFIG_ARM64 1\n#define CONFIG_ARM64_PAGE_SHIFT 14\n", "");
        let tree = Tree::headers(&own).unwrap();
        assert_eq!((tree.release.as_str(), tree.version.to_string()), ("6.12.1-x", "6.12".into()));
        assert!(tree.path.ends_with("linux-headers-6.12.1-common"), "{}", tree.path.display());
        let configured = tree.configured.as_ref().unwrap();
        let variants = configured.variants(&tree).unwrap();
        let [variant] = variants.as_slice() else { panic!("{variants:?}") };
        assert_eq!((variant.config, variant.pages), ("arm64-4k48", Some((14, 12))));
        assert_eq!(variant.kconfig(), "as built: linux-headers-6.12.1-x");
        let command = configured.command(variant.machine, &tree.path).unwrap();
        assert!(command.contains("/arch/arm64/include/generated' -I"), "{command}");
        // None of the kernel's own headers that stand in front is there.
        assert_eq!(command.matches("-include").count(), 1, "{command}");
    }

    #[test]
    fn what_is_missing_is_said() {
        for (without, why) in [
            ("autoconf.h", "no configured tree: it has no include/generated/autoconf.h"),
            ("bounds.h", "it has no include/generated/bounds.h"),
            ("mm.h", "has no include/linux/mm.h"),
            ("swapops.h", "has no include/linux/swapops.h"),
            ("utsrelease.h", "cannot read"),
        ] {
            let home = folder("headers-without");
            let error = Tree::headers(&debian(&home, "", without)).unwrap_err();
            assert!(format!("{error:#}").contains(why), "{without}: {error:#}");
        }
        let home = folder("headers-alone");
        let own = debian(&home, "", "");
        fs::remove_dir_all(home.join("linux-headers-6.12.1-common")).unwrap();
        let error = Tree::headers(&own).unwrap_err().to_string();
        assert!(error.contains("apt-get install linux-headers-6.12.1-common"), "{error}");
        let home = folder("headers-unknown");
        let tree = Tree::headers(&debian(&home, "#define CONFIG_ALPHA 1\n", "")).unwrap();
        let error = tree.configured.as_ref().unwrap().variants(&tree).unwrap_err().to_string();
        assert!(error.contains("does not know how to compile"), "{error}");
    }

    #[test]
    fn every_kind_is_a_configuration_that_can_be_compiled() {
        for (config, _) in super::KINDS {
            let variant = VARIANTS.iter().find(|variant| variant.config == *config).unwrap();
            assert!(variant.machine.headers.is_some(), "{config}");
        }
        let options = options("#define CONFIG_A 1\n#define CONFIG_B_MODULE 1\n#define CONFIG_C \"x y\"\n");
        assert_eq!(options.into_iter().map(|(name, value)| name + &value).collect::<String>(), "A1B_MODULE1C\"x y\"");
    }
}
