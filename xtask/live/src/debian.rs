//! A kernel of Debian's, by apt: with sources, lists and architecture of its own below the target folder, so that nothing
//! of this machine's own lists or packages changes; proxies and keys are the machine's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::machine::Machine;
use crate::progress::Progress;

/// A kernel with its modules, unpacked.
pub(crate) struct Kernel {
    /// As `uname -r` prints it.
    pub(crate) release: String,
    pub(crate) image: PathBuf,
    /// `lib/modules/RELEASE` of the package.
    pub(crate) modules: PathBuf,
    /// What `walk` is given of it, since its memory does not have it.
    pub(crate) given: Vec<String>,
}

/// What `walk` is given of a kernel whose dump does not tell it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Apart {
    Nothing,
    /// The configuration: where `swap_info` ends leaves open how the types above the swap files are numbered.
    Config,
    /// Symbols and types of a kernel without BTF and without the names of its data: out of the package with its debug
    /// information, types by pahole.
    Debug,
}

/// The kernel that was asked for: a package's file, a folder with what is in one, a version of Debian's, or nothing.
pub(crate) fn kernel(
    machine: &Machine,
    asked: Option<&str>,
    suites: &[String],
    work: &Path,
    progress: &mut Progress,
) -> Result<Kernel> {
    if let Some(path) = asked.map(Path::new).filter(|path| path.exists()) {
        if path.is_dir() {
            return find(path);
        }
        return find(&unpack(&[path.to_path_buf()], work)?);
    }
    let apt = Apt { machine, dir: work.join("apt") };
    progress.step("asking Debian which kernels there are");
    apt.update(suites)?;
    let package = apt.choose(asked)?;
    let names = apt.with_parts(&package)?;
    let folder = work.join("packages");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut files = Vec::new();
    for name in names {
        progress.step(&format!("fetching {name}"));
        files.push(apt.download(&name, &folder)?);
    }
    progress.step("unpacking");
    let mut kernel = find(&unpack(&files, work)?)?;
    kernel.given = match machine.apart {
        Apart::Nothing => Vec::new(),
        Apart::Config => {
            let path = work.join("kernel/boot").join(format!("config-{}", kernel.release));
            vec!["--config".to_owned(), path.display().to_string()]
        }
        Apart::Debug => {
            let name = format!("linux-image-{}-dbg", kernel.release);
            progress.step(&format!("fetching {name}"));
            let package = apt.download(&name, &folder)?;
            progress.step("making BTF of its debug information");
            debug(&package, &kernel.release, work)?
        }
    };
    Ok(kernel)
}

/// Symbols and types out of a package with debug information; of its many modules nothing is unpacked.
fn debug(package: &Path, release: &str, work: &Path) -> Result<Vec<String>> {
    let mut archive = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(package)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run dpkg-deb")?;
    let stream = archive.stdout.take().context("dpkg-deb has no output")?;
    let names = ["System.map", "vmlinux"].map(|name| format!("./usr/lib/debug/boot/{name}-{release}"));
    let status = Command::new("tar").arg("-xC").arg(work).args(&names).stdin(stream).status();
    if !status.context("cannot run tar")?.success() || !archive.wait()?.success() {
        bail!("{} does not have {}", package.display(), names.join(" and "));
    }
    let [symbols, vmlinux] = names.map(|name| work.join(name));
    let types = work.join("types.btf");
    let made = Command::new("pahole").arg(format!("--btf_encode_detached={}", types.display())).arg(&vmlinux).status();
    if !made.context("cannot run pahole")?.success() {
        bail!("pahole makes no BTF of {}", vmlinux.display());
    }
    Ok(["--symbols".to_owned(), symbols.display().to_string(), "--btf".to_owned(), types.display().to_string()].into())
}

struct Apt<'m> {
    machine: &'m Machine,
    dir: PathBuf,
}

impl Apt<'_> {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let at = |name: &str| self.dir.join(name).display().to_string();
        let arch = self.machine.debian;
        for option in [
            format!("Dir::Etc::sourcelist={}", at("sources.list")),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State::lists={}", at("lists")),
            format!("Dir::State::status={}", at("status")),
            format!("Dir::Cache={}", at("cache")),
            format!("APT::Architecture={arch}"),
            format!("APT::Architectures::={arch}"),
            // The lists lie in a folder of whoever builds; so do the packages.
            "APT::Sandbox::User=".to_owned(),
            "Acquire::Languages=none".to_owned(),
            "Acquire::Retries=2".to_owned(),
        ] {
            command.arg("-o").arg(option);
        }
        command.stdin(Stdio::null());
        command
    }

    fn update(&self, suites: &[String]) -> Result<()> {
        for folder in ["lists/partial", "cache/archives/partial"] {
            let folder = self.dir.join(folder);
            fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let sources: String = suites
            .iter()
            .map(|suite| {
                let archive = if suite.ends_with("-security") {
                    "http://security.debian.org/debian-security"
                } else {
                    "http://deb.debian.org/debian"
                };
                format!("deb {archive} {suite} main\n")
            })
            .collect();
        let write = |name: &str, text: &str| {
            let path = self.dir.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        write("sources.list", &sources)?;
        write("status", "")?;
        let output = self.command("apt-get").args(["update", "-qq"]).output().context("cannot run apt-get")?;
        // A list that did not come is no reason to stop if another has the kernel.
        for line in String::from_utf8_lossy(&output.stderr).lines().filter(|line| line.starts_with("E:")) {
            eprintln!("warning: apt-get update: {line}");
        }
        Ok(())
    }

    /// The fields of every version of a package.
    fn show(&self, package: &str) -> Result<String> {
        let output = self.command("apt-cache").args(["show", package]).output().context("cannot run apt-cache")?;
        if output.stdout.is_empty() {
            bail!("Debian has no package {package} for {}, in these suites", self.machine.debian);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The kernel's package: what the newest, or the asked, version of the one without a release in its name depends on.
    fn choose(&self, asked: Option<&str>) -> Result<String> {
        let text = self.show(self.machine.kernel)?;
        let found: Vec<_> = text
            .split("\n\n")
            .filter_map(|entry| Some((field(entry, "Version")?, image(field(entry, "Depends")?)?)))
            .collect();
        let chosen = found.iter().find(|(version, _)| asked.is_none_or(|asked| asked == *version));
        chosen.map(|(_, package)| (*package).to_owned()).with_context(|| {
            let versions: Vec<_> = found.iter().map(|(version, _)| *version).collect();
            format!(
                "no version {} of {}; these suites have {}; --suite names others",
                asked.unwrap_or_default(),
                self.machine.kernel,
                versions.join(", ")
            )
        })
    }

    /// The package, and those of the same release into which newer kernels are split.
    fn with_parts(&self, package: &str) -> Result<Vec<String>> {
        let mut all = vec![package.to_owned()];
        let release = package.trim_start_matches("linux-image-").trim_end_matches("-unsigned").to_owned();
        let mut at = 0;
        while let Some(name) = all.get(at).cloned() {
            let text = self.show(&name)?;
            for part in field(&text, "Depends").into_iter().flat_map(names) {
                if part.contains(&release) && !all.iter().any(|known| known == part) {
                    all.push(part.to_owned());
                }
            }
            at += 1;
        }
        Ok(all)
    }

    fn download(&self, package: &str, folder: &Path) -> Result<PathBuf> {
        let mut command = self.command("apt-get");
        // `download` knows its packages already when their file is there whole.
        let output =
            command.args(["download", package]).current_dir(folder).output().context("cannot run apt-get download")?;
        if !output.status.success() {
            bail!("apt-get download {package}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let start = format!("{package}_");
        let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
        let newest = entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&start))
            .max_by_key(|entry| entry.metadata().and_then(|data| data.modified()).ok());
        newest.map(|entry| entry.path()).with_context(|| format!("apt-get download {package} left no file"))
    }
}

fn field<'t>(entry: &'t str, name: &str) -> Option<&'t str> {
    entry.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The names in a list of dependencies, without versions.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', '|']).filter_map(|part| part.split_whitespace().next())
}

/// The kernel's own package among what the one without a release in its name depends on.
fn image(depends: &str) -> Option<&str> {
    names(depends).find(|name| name.starts_with("linux-image-"))
}

fn unpack(packages: &[PathBuf], work: &Path) -> Result<PathBuf> {
    let folder = work.join("kernel");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    for package in packages {
        let status = Command::new("dpkg-deb").arg("-x").args([package, &folder]).status();
        if !status.context("cannot run dpkg-deb")?.success() {
            bail!("dpkg-deb cannot unpack {}", package.display());
        }
    }
    Ok(folder)
}

/// The kernel in the folder of an unpacked package: beside its modules in newer ones, in `boot` in others.
fn find(folder: &Path) -> Result<Kernel> {
    for modules in ["usr/lib/modules", "lib/modules"].map(|place| folder.join(place)) {
        for entry in fs::read_dir(&modules).into_iter().flatten().flatten() {
            let release = entry.file_name().to_string_lossy().into_owned();
            // Which of the two a package has differs between architectures.
            for name in ["vmlinuz", "vmlinux"] {
                let places = [entry.path().join(name), folder.join("boot").join(format!("{name}-{release}"))];
                if let Some(image) = places.into_iter().find(|path| path.is_file()) {
                    return Ok(Kernel { release, image, modules: entry.path(), given: Vec::new() });
                }
            }
        }
    }
    bail!("no kernel with its modules below {}: boot/vmlinuz-RELEASE and lib/modules/RELEASE", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_package_is_found() {
        // Of Debian 13, and as kernels are packaged since.
        assert_eq!(image("linux-image-6.12.117+deb13-amd64 (= 6.12.117-1)"), Some("linux-image-6.12.117+deb13-amd64"));
        let newer = "linux-base-amd64 (= 7.1-1), linux-image-7.1+deb14-amd64 (= 7.1-1) | x";
        assert_eq!(image(newer), Some("linux-image-7.1+deb14-amd64"));
        assert_eq!(image("linux-base-amd64"), None);
    }
}
