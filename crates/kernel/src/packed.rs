//! Kernels as a boot loader takes them: `bzImage` of x86, EFI's `zboot` and `Image` of arm64 and riscv, and the first two's payload.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::{Facts, Learned, Machine, banner, config};

/// The longest that is unpacked.
const LONGEST: u64 = 256 << 20;

/// How payloads begin, and who packs so (`scripts/Makefile.lib`, `lib/decompress.c`).
const PACKERS: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", GZIP),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x02\x21\x4c\x18", "lz4"),
    (b"\x5d\0\0", "lzma"),
    (b"BZh", "bzip2"),
    (b"\x89LZO\0", "lzo"),
];
const GZIP: &str = "gzip";

/// A payload, and what packed it.
pub(crate) struct Payload<'a> {
    /// What is around it.
    pub(crate) of: &'static str,
    /// `gzip`, `xz`, …; `None` if it begins like none of them.
    pub(crate) packer: Option<&'static str>,
    bytes: &'a [u8],
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// What a boot loader's file carries; `None` if it is none.
pub(crate) fn payload(bytes: &[u8]) -> Option<Payload<'_>> {
    let part = |of, begin: usize, length: usize| {
        let bytes = bytes.get(begin..begin.checked_add(length)?)?;
        let packer = PACKERS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, packer)| *packer);
        Some(Payload { of, packer, bytes })
    };
    // `Documentation/arch/x86/boot.rst`: setup_sects, payload_offset, payload_length; from protocol 2.08 on.
    if bytes.get(0x202..0x206) == Some(b"HdrS") {
        let sectors = usize::from(*bytes.get(0x1f1)?).max(1);
        let begin = (sectors + 1).checked_mul(512)?.checked_add(number(bytes, 0x248)?)?;
        return part("bzImage", begin, number(bytes, 0x24c)?);
    }
    // `drivers/firmware/efi/libstub/zboot-header.S`.
    if bytes.starts_with(b"MZ") && bytes.get(4..8) == Some(b"zimg") {
        return part("EFI zboot", number(bytes, 8)?, number(bytes, 12)?);
    }
    None
}

impl Payload<'_> {
    /// The payload unpacked; `None` if that is not done here.
    ///
    /// # Errors
    /// That it is broken, or too long.
    pub(crate) fn unpack(&self) -> Result<Option<Vec<u8>>, String> {
        if self.packer == Some(GZIP) { gunzip(self.bytes).map(Some) } else { Ok(None) }
    }

    /// What to do with one that is not unpacked.
    pub(crate) fn advice(&self) -> String {
        let packer = self.packer.map_or_else(String::new, |packer| format!(", packed with {packer}"));
        let how = match self.of {
            "bzImage" => "scripts/extract-vmlinux of the kernel's tree unpacks it".to_owned(),
            _ => format!(
                "its payload begins where byte 8 says; unpack that with {}",
                self.packer.unwrap_or("its packer")
            ),
        };
        format!("a compressed kernel ({}{packer}), and only gzip is unpacked here: {how}", self.of)
    }
}

/// What gzip packed, as `Image.gz` is.
///
/// # Errors
/// That it is broken, or too long.
pub(crate) fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).take(LONGEST + 1).read_to_end(&mut unpacked).map_err(|error| format!("gzip: {error}"))?;
    if unpacked.len() as u64 > LONGEST {
        return Err(format!("gzip: more than {LONGEST} bytes, longer than any kernel"));
    }
    Ok(unpacked)
}

/// An `Image`: the kernel as it lies in memory, without a table of symbols (`Documentation/arch/arm64/booting.rst`,
/// `Documentation/arch/riscv/boot-image-header.rst`).
///
/// # Errors
/// A configuration inside that is broken.
pub(crate) fn image(bytes: &[u8], from: &str) -> Result<Option<Facts>, String> {
    let machine = match bytes.get(0x38..0x3c) {
        Some(b"ARM\x64") => "aarch64",
        Some(b"RSC\x05") => "riscv64",
        _ => return Ok(None),
    };
    let place = |what: &str| format!("{from}: {what}");
    let facts = Facts {
        release: banner::search(bytes).map(|release| Learned::new(release, place("linux_banner"))),
        machine: Machine::of_uname(machine).map(|machine| Learned::new(machine, place("its header"))),
        notes: vec![place("an Image has no symbols: the size of swap_info is not in it")],
        ..Facts::default()
    };
    match config::carried(bytes)? {
        Some(config) => {
            let config = config.facts(&place("the configuration inside (CONFIG_IKCONFIG)"));
            facts.join(config).map(Some).map_err(|error| error.to_string())
        }
        None => Ok(Some(facts)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use super::*;

    pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// An arm64 `Image` that says its release.
    pub(crate) fn an_image() -> Vec<u8> {
        let mut image = vec![0; 0x40];
        image[0x38..0x3c].copy_from_slice(b"ARM\x64");
        image.extend_from_slice(b"..Linux version 6.12.9-arm64 (a@b) #1\n\0");
        image
    }

    /// A `bzImage` with a payload, which is what it points at.
    pub(crate) fn bz_image(payload: &[u8]) -> Vec<u8> {
        let mut image = vec![0; 0x600];
        image[0x1f1] = 1;
        image[0x202..0x206].copy_from_slice(b"HdrS");
        image[0x248..0x24c].copy_from_slice(&0x200_u32.to_le_bytes());
        image[0x24c..0x250].copy_from_slice(&u32::try_from(payload.len()).unwrap().to_le_bytes());
        image.extend_from_slice(payload);
        image
    }

    /// The same of EFI.
    pub(crate) fn zboot(payload: &[u8]) -> Vec<u8> {
        let mut image = b"MZ\0\0zimg".to_vec();
        image.extend_from_slice(&0x40_u32.to_le_bytes());
        image.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_le_bytes());
        image.resize(0x40, 0);
        image.extend_from_slice(payload);
        image
    }

    #[test]
    fn a_payload_is_found_with_its_packer() {
        for of in [bz_image, zboot] {
            let packer = |payload: &[u8]| payload_of(&of(payload)).map(|(packer, _)| packer);
            assert_eq!(packer(b"\x28\xb5\x2f\xfd."), Some(Some("zstd")));
            assert_eq!(packer(b"\xfd7zXZ\0."), Some(Some("xz")));
            assert_eq!(packer(b"hello"), Some(None));
            assert_eq!(payload_of(&of(&gzip(b"hello"))), Some((Some("gzip"), Some(b"hello".to_vec()))));
            let mut short = of(b"\x1f\x8b");
            short.pop();
            assert!(payload(&short).is_none());
        }
        assert!(payload(b"MZ").is_none() && payload(b"").is_none());
    }

    fn payload_of(bytes: &[u8]) -> Option<(Option<&'static str>, Option<Vec<u8>>)> {
        payload(bytes).map(|payload| (payload.packer, payload.unpack().unwrap_or_default()))
    }

    #[test]
    fn an_image_says_release_and_machine() {
        let facts = image(&an_image(), "Image").unwrap().unwrap();
        assert_eq!(facts.release.unwrap().value.as_str(), "6.12.9-arm64");
        assert_eq!(facts.machine.unwrap().value.name(), "aarch64");
        assert!(image(b"", "Image").unwrap().is_none());
    }
}
