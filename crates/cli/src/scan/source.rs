//! Where an image or a dump comes from, and the files that are neither though they hold one.

use std::fmt::Display;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use swp_pte_dump::{Dump, Format, Options};
use swp_pte_image::Image;

use crate::{Error, output};

/// Opens an image; `-` is standard input, which is copied first where it is a pipe.
///
/// # Errors
/// [`Error::Input`] for a file that cannot be read or mapped.
pub(crate) fn open(path: &Path) -> Result<Image, Error> {
    if path != Path::new("-") {
        return Image::open(path).map_err(|error| Error::Input(format!("{}: {error}", path.display())));
    }
    let input = |error: &dyn Display| Error::Input(format!("standard input: {error}"));
    let stdin = io::stdin();
    let is_file = std::fs::metadata("/dev/stdin").is_ok_and(|known| known.is_file());
    if is_file {
        return Image::open(Path::new("/dev/stdin")).map_err(|error| input(&error));
    }
    output::complain("note", &"standard input is no file: it is copied to a temporary one first");
    // It has no name, so that nothing is left of it, however the program ends.
    let mut file = tempfile::tempfile().map_err(Error::io("cannot make a temporary file"))?;
    io::copy(&mut stdin.lock(), &mut file).map_err(Error::io("cannot copy standard input"))?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    Image::open(&path).map_err(|error| input(&error))
}

/// What a file is.
#[derive(Debug)]
pub(crate) enum Source {
    /// Words, and nothing else.
    Image(Image),
    /// A dump, and its file, if memory lies in it as it is.
    Dump(Box<Dump>, Option<Image>),
}

/// Opens an image or a dump. What begins in the middle is an image; a base makes a dump of bare memory.
///
/// # Errors
/// [`Error::Input`] for a file that cannot be read or mapped, or whose headers contradict themselves.
pub(crate) fn memory(path: &Path, begins_inside: bool, base: Option<u64>) -> Result<Source, Error> {
    let options = Options { base, format: base.map(|_| Format::Raw), ..Options::default() };
    let image = match open(path) {
        Ok(image) => image,
        // /proc/kcore can be read, and not be mapped.
        Err(error) => match swp_pte_dump::open(path, &options) {
            Ok(dump) if dump.format() == Format::Elf => return Ok(Source::Dump(Box::new(dump), None)),
            _ => return Err(error),
        },
    };
    if begins_inside {
        return Ok(Source::Image(image));
    }
    let file = image.file().try_clone().map_err(Error::io("cannot open the file again"))?;
    let name = || if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    match Dump::of_file(file, &options) {
        Ok(dump) if dump.format() == Format::Raw && base.is_none() => Ok(Source::Image(image)),
        Ok(dump) => {
            let plain = !dump.is_flattened() && !dump.pieces().is_empty();
            Ok(Source::Dump(Box::new(dump), plain.then_some(image)))
        }
        Err(error) => Err(Error::Input(format!("{}: {error}; --start 0 reads its bytes all the same", name()))),
    }
}

/// A kind of file that holds memory, but is not the memory alone.
struct Kind {
    magic: &'static [u8],
    what: &'static str,
    how: &'static str,
}

/// Where the memory is, behind the headers.
const BEHIND: &str = "give the part of it that is memory with --start (and --unaligned) and --length";
/// What takes memory out.
const UNPACK: &str = "its pages are packed; crash, drgn or libkdumpfile write them out";

const DUMPS: &[Kind] = &[
    Kind {
        magic: b"\x7fELF",
        what: "an ELF file, as vmcore is",
        how: "`readelf -lW` lists where memory is; give that with --start (and --unaligned) and --length",
    },
    Kind { magic: b"KDUMP   ", what: "a dump of makedumpfile (kdump-compressed)", how: UNPACK },
    Kind { magic: b"DISKDUMP", what: "a dump of diskdump", how: UNPACK },
    Kind {
        magic: b"makedumpfile\0",
        what: "a flattened dump of makedumpfile",
        how: "`makedumpfile -R NEW < FILE` makes an ordinary one",
    },
    Kind { magic: b"EMiL", what: "a dump of LiME", how: BEHIND },
    Kind { magic: b"AVML", what: "a dump of AVML", how: UNPACK },
    Kind { magic: b"QEVM", what: "a saved machine of qemu", how: "qemu's monitor writes memory with `pmemsave`" },
    Kind { magic: b"\x1f\x8b", what: "compressed with gzip", how: "unpack it first" },
    Kind { magic: b"\xfd7zXZ\0", what: "compressed with xz", how: "unpack it first" },
    Kind { magic: b"\x28\xb5\x2f\xfd", what: "compressed with zstd", how: "unpack it first" },
];

/// Refuses a file whose beginning says that its bytes are not those of memory.
///
/// # Errors
/// What it is, and what to do.
pub(crate) fn refuse_dumps(bytes: &[u8]) -> Result<(), String> {
    match DUMPS.iter().find(|dump| bytes.starts_with(dump.magic)) {
        Some(Kind { what, how, .. }) => {
            Err(format!("this is {what}, not bare memory: {how}; --start 0 reads it all the same"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_are_named_and_memory_is_not() {
        for (bytes, what) in [
            (&b"\x7fELF\x02\x01"[..], "readelf"),
            (b"KDUMP   \x06", "crash"),
            (b"EMiL\x01", "LiME"),
            (b"makedumpfile\0\0", "-R"),
        ] {
            assert!(refuse_dumps(bytes).unwrap_err().contains(what));
        }
        for bytes in [&b""[..], b"\0\0\0\0\0\0\0\0", b"\x7fEL"] {
            assert_eq!(refuse_dumps(bytes), Ok(()));
        }
    }
}
