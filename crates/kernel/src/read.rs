//! Files: what each is, by its content, and what the machine has that this runs on.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::config::Config;
use crate::{Error, Facts, Learned, banner, btf, config, elf, packed, symbols};

/// The largest file that is read into memory: any but a vmlinux, which is mapped.
const LARGEST: u64 = 256 << 20;

/// Reads a file of a kernel.
///
/// # Errors
/// [`Error`]: a file that cannot be read, that is none of a kernel's, or that is broken.
pub fn read(path: &Path) -> Result<Facts, Error> {
    let io = |source| Error::Io { path: path.into(), source };
    let name = path.display().to_string();
    let mut file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    // Files of /proc and /sys say that they are empty, or cannot be mapped.
    if metadata.is_file() && metadata.len() > LARGEST {
        let image = swp_pte_image::Image::open(path)
            .map_err(|error| Error::Broken { name: name.clone(), why: error.to_string() })?;
        let facts = facts_of(image.bytes(), &name);
        image.check().map_err(|error| Error::Broken { name, why: error.to_string() })?;
        return facts;
    }
    let mut bytes = Vec::new();
    (&mut file).take(LARGEST + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::Broken { name, why: format!("more than {LARGEST} bytes, and no file that can be mapped") });
    }
    facts_of(&bytes, &name)
}

/// What bytes tell; `name` is what they are called in what is said of them.
///
/// # Errors
/// [`Error::Unknown`], [`Error::Broken`].
pub fn facts_of(bytes: &[u8], name: &str) -> Result<Facts, Error> {
    let broken = |why| Error::Broken { name: name.into(), why };
    if btf::is_btf(bytes) {
        let has = btf::has_anon_exclusive(bytes).map_err(broken)?;
        let has = has.ok_or_else(|| broken("BTF: no enum pageflags in it: of a module, not of the kernel".into()))?;
        let learned = Learned::new(has, format!("{name}: enum pageflags"));
        return Ok(Facts { anon_exclusive: Some(learned), ..Facts::default() });
    }
    if config::is_gzip(bytes) {
        return plain(&packed::gunzip(bytes).map_err(broken)?, name);
    }
    let header = banner::of_bz_image(bytes).map(|release| Learned::new(release, format!("{name}: its header")));
    let header = Facts { release: header, ..Facts::default() };
    match packed::payload(bytes) {
        Some(payload) => match payload.unpack().map_err(broken)? {
            Some(kernel) => Ok(header.join(plain(&kernel, name)?)?),
            None if header.is_empty() => Err(broken(payload.advice())),
            None => Ok(Facts { notes: vec![format!("{name}: {}", payload.advice())], ..header }),
        },
        None if header.is_empty() => plain(bytes, name),
        None => Ok(header),
    }
}

/// What bytes tell that nobody packed.
fn plain(bytes: &[u8], name: &str) -> Result<Facts, Error> {
    let broken = |why| Error::Broken { name: name.into(), why };
    if elf::is_elf(bytes) {
        return elf::facts(bytes, name).map_err(broken);
    }
    match packed::image(bytes, name).map_err(broken)? {
        Some(facts) => Ok(facts),
        None => text(bytes, name),
    }
}

/// What a text tells.
fn text(bytes: &[u8], name: &str) -> Result<Facts, Error> {
    let broken = |why| Error::Broken { name: name.into(), why };
    if let Some(release) = banner::at_start(bytes) {
        let release = Some(Learned::new(release, format!("{name}: its line")));
        return Ok(Facts { release, ..Facts::default() });
    }
    let unknown = || Error::Unknown { name: name.into() };
    let text = str::from_utf8(bytes).map_err(|_| unknown())?;
    if symbols::is_table(text) {
        return symbols::facts(text, name).map_err(broken);
    }
    Ok(Config::parse(text).map_err(broken)?.ok_or_else(unknown)?.facts(name))
}

/// What the machine tells that this runs on: its files, as far as they are there and may be read, and what the system says.
///
/// # Errors
/// [`Error::Contradiction`]; a file that is there and broken.
#[cfg(target_os = "linux")]
pub fn running() -> Result<Facts, Error> {
    let uname = rustix::system::uname();
    let text = |text: &std::ffi::CStr| text.to_str().unwrap_or_default().to_owned();
    let mut facts = Facts::default();
    let release = text(uname.release());
    facts.release = release.parse().ok().map(|release| Learned::new(release, "uname -r".into()));
    facts.machine = crate::Machine::of_uname(&text(uname.machine())).map(|one| Learned::new(one, "uname -m".into()));
    let page = u32::try_from(rustix::param::page_size()).unwrap_or_default();
    facts.page_shift = page.is_power_of_two().then(|| Learned::new(page.trailing_zeros(), "getconf PAGESIZE".into()));
    let boot = format!("/boot/config-{release}");
    let modules = format!("/lib/modules/{release}/config");
    let files = ["/proc/version", "/sys/kernel/btf/vmlinux", "/proc/kallsyms"];
    // The first configuration that is there is that of this kernel; the others can be copies.
    let config = ["/proc/config.gz", &boot, &modules].into_iter().find(|path| File::open(path).is_ok());
    if config.is_none() {
        facts.notes.push(format!("neither /proc/config.gz nor {boot} can be read: how it was built is not known"));
    }
    for path in files.into_iter().chain(config) {
        match read(Path::new(path)) {
            Ok(more) => facts = facts.join(more)?,
            Err(Error::Io { source, .. }) => facts.notes.push(format!("{path}: {source}")),
            Err(other) => return Err(other),
        }
    }
    Ok(facts)
}

/// There is no kernel of Linux to ask.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn running() -> Result<Facts, Error> {
    let why = "this is no Linux: give the files of a kernel".into();
    Err(Error::Broken { name: "this machine".into(), why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_kernel_is_unpacked_or_says_with_what_it_is_packed() {
        use crate::packed::tests::{an_image, bz_image, gzip, zboot};
        let release = |bytes: &[u8]| facts_of(bytes, "file").unwrap().release.unwrap().value.to_string();
        for image in [gzip(&an_image()), zboot(&gzip(&an_image())), bz_image(&gzip(&an_image())), an_image()] {
            assert_eq!(release(&image), "6.12.9-arm64");
        }
        let error = facts_of(&zboot(b"\x28\xb5\x2f\xfd"), "file").unwrap_err().to_string();
        assert!(error.starts_with("file: a compressed kernel (EFI zboot, packed with zstd)"), "{error}");
        let error = facts_of(&zboot(&gzip(b"hello")[..20]), "file").unwrap_err().to_string();
        assert!(error.starts_with("file: gzip: "), "{error}");
    }

    #[test]
    fn a_file_is_known_by_its_content() {
        let told = |bytes: &[u8]| facts_of(bytes, "file");
        let btf = crate::btf::tests::sample(true, true);
        assert_eq!(told(&btf).unwrap().anon_exclusive.map(|has| has.value), Some(true));
        assert!(told(b"Linux version 6.12.9 (a@b) #1\n").unwrap().release.is_some());
        assert!(told(b"# CONFIG_X is not set\n").unwrap().config.is_some());
        assert!(told(b"ffffffff83a0b000 b a\n").unwrap().notes[0].contains("no symbol"));
        for bytes in [&b""[..], b"hello", b"\x00\x01", b"\x7fELF", b"\x1f\x8b", b"\x9f\xeb", b"Linux version x"] {
            let error = told(bytes).unwrap_err().to_string();
            assert!(error.starts_with("file: "), "{error}");
        }
    }
}
