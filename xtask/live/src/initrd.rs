//! What the guest boots into: an archive of its only program, the modules that it loads, and their list.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSection};
use xtask_shared::files;

use crate::debian::Kernel;
use crate::machine::Machine;

/// Those that the guest uses, if the kernel does not have them in itself. What a module needs is read from it.
const MODULES: [&str; 8] = [
    "pci_host_generic",
    "virtio_pci",
    "virtio_mmio",
    "virtio_ccw",
    "virtio_blk",
    "lz4_compress",
    "zram",
    "qemu_fw_cfg",
];

/// `walks` is the program that the guest asks about itself, if it runs there.
pub(crate) fn make(machine: &Machine, kernel: &Kernel, walks: Option<&Path>, work: &Path) -> Result<PathBuf> {
    let program = compile(machine, work)?;
    let mut archive = Archive::default();
    archive.add("init", 0o100_755, &program)?;
    // The console is there before devtmpfs is.
    archive.add("dev", 0o040_755, &[])?;
    archive.add("lib", 0o040_755, &[])?;
    if let Some(program) = walks {
        for (name, path) in with_libraries(program)? {
            for (slash, _) in name.match_indices('/') {
                archive.add(name.get(..slash).unwrap_or_default(), 0o040_755, &[])?;
            }
            archive.add(&name, 0o100_755, &stripped(&path, work)?)?;
        }
    }
    let mut list = String::new();
    for (name, bytes) in modules(kernel)? {
        writeln!(list, "{name}.ko")?;
        archive.add(&format!("lib/{name}.ko"), 0o100_644, &bytes)?;
    }
    archive.add("modules", 0o100_644, list.as_bytes())?;
    archive.add("TRAILER!!!", 0, &[])?;
    let path = work.join("initrd");
    fs::write(&path, archive.bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn compile(machine: &Machine, work: &Path) -> Result<Vec<u8>> {
    let sources = files::below(&files::root().join("xtask/live/guest"), &["c"])?;
    let program = work.join("init");
    let mut command = Command::new(machine.compiler);
    command.args(["-static", "-O1", "-Wall", "-o"]).arg(&program).args(sources);
    let output = command.output().with_context(|| format!("cannot run {}", machine.compiler))?;
    if !output.status.success() {
        bail!(
            "{} failed; it needs the Debian packages {}:\n{}",
            machine.compiler,
            machine.compiler_packages,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    fs::read(&program).with_context(|| format!("cannot read {}", program.display()))
}

/// A program of this machine and the libraries that it is linked with, by their names in the guest.
fn with_libraries(program: &Path) -> Result<Vec<(String, PathBuf)>> {
    let output = Command::new("ldd").arg(program).output().context("cannot run ldd, of Debian's libc-bin")?;
    let mut found = vec![("swp-pte".to_owned(), program.to_path_buf())];
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        // "libc.so.6 => /lib/…/libc.so.6 (0x…)", and the loader's without the arrow.
        if let Some(path) = line.split_whitespace().find(|word| word.starts_with('/')) {
            found.push((path.trim_start_matches('/').to_owned(), PathBuf::from(path)));
        }
    }
    Ok(found)
}

/// Without its debug information, which would be most of the guest's memory.
fn stripped(path: &Path, work: &Path) -> Result<Vec<u8>> {
    let small = work.join("stripped");
    let status = Command::new("strip").arg("-o").args([&small, path]).status();
    if !status.context("cannot run strip, of Debian's binutils")?.success() {
        bail!("strip cannot read {}", path.display());
    }
    fs::read(&small).with_context(|| format!("cannot read {}", small.display()))
}

/// The modules, each after those that it needs.
fn modules(kernel: &Kernel) -> Result<Vec<(String, Vec<u8>)>> {
    let mut known = BTreeMap::new();
    for path in files::below(&kernel.modules, &["ko", "xz", "gz", "zst"])? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((stem, _)) = name.split_once(".ko") {
            known.insert(stem.replace('-', "_"), path);
        }
    }
    let mut loaded = Vec::new();
    for name in MODULES {
        load(name, &known, &mut loaded)?;
    }
    Ok(loaded)
}

fn load(name: &str, known: &BTreeMap<String, PathBuf>, loaded: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let name = name.replace('-', "_");
    let (Some(path), false) = (known.get(&name), loaded.iter().any(|(other, _)| *other == name)) else { return Ok(()) };
    let bytes = unpacked(path)?;
    for needed in needs(&bytes).with_context(|| format!("cannot read {}", path.display()))? {
        load(&needed, known, loaded)?;
    }
    loaded.push((name, bytes));
    Ok(())
}

/// `depends` of its `.modinfo`.
fn needs(module: &[u8]) -> Result<Vec<String>> {
    let file = object::File::parse(module)?;
    let info = file.section_by_name(".modinfo").context("there is no .modinfo")?.uncompressed_data()?;
    let fields = info.split(|&byte| byte == 0);
    let depends =
        fields.filter_map(|field| field.strip_prefix(b"depends=")).flat_map(|list| list.split(|&byte| byte == b','));
    Ok(depends.filter(|name| !name.is_empty()).map(|name| String::from_utf8_lossy(name).into_owned()).collect())
}

fn unpacked(path: &Path) -> Result<Vec<u8>> {
    let program = match path.extension().and_then(|extension| extension.to_str()) {
        Some("xz") => "xz",
        Some("gz") => "gzip",
        Some("zst") => "zstd",
        _ => return fs::read(path).with_context(|| format!("cannot read {}", path.display())),
    };
    let output = Command::new(program).arg("-dc").arg(path).output();
    let output = output.with_context(|| format!("cannot run {program}, which unpacks {}", path.display()))?;
    if !output.status.success() {
        bail!("{program} cannot unpack {}", path.display());
    }
    Ok(output.stdout)
}

/// cpio's "newc", the only form that the kernel reads.
#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    files: usize,
}

impl Archive {
    fn add(&mut self, name: &str, mode: u32, data: &[u8]) -> Result<()> {
        self.files += 1;
        let size = u32::try_from(data.len()).context("a file of 4 GiB or more")?;
        let mut header = format!("070701{:08x}{mode:08x}", self.files);
        // uid, gid, links, time, size, four numbers of devices, length of the name, no checksum.
        for field in [0, 0, 1, 0, size, 0, 0, 0, 0, u32::try_from(name.len() + 1)?, 0] {
            write!(header, "{field:08x}")?;
        }
        self.bytes.extend_from_slice(header.as_bytes());
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend_from_slice(data);
        self.pad();
        Ok(())
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}
