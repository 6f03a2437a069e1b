//! The sentence by which a kernel introduces itself, `linux_banner` (`init/version.c`): `Linux version 6.12.9 (…`.

use swp_pte::Release;

/// How it begins.
const BEGIN: &[u8] = b"Linux version ";

/// The longest release and a little; more is not looked at.
const LONGEST: usize = 80;

/// The release in a text that begins with the sentence; a trailing newline and what follows the release are passed over.
pub(crate) fn at_start(bytes: &[u8]) -> Option<Release> {
    let rest = bytes.strip_prefix(BEGIN)?;
    let end = rest.iter().take(LONGEST).position(|b| !b.is_ascii_graphic())?;
    str::from_utf8(rest.get(..end)?).ok()?.parse().ok()
}

/// The release in bytes that have the sentence somewhere. A format (`Linux version %s`) is no release.
pub(crate) fn search(bytes: &[u8]) -> Option<Release> {
    positions(bytes, BEGIN).find_map(|at| at_start(bytes.get(at..)?))
}

/// Where a short text begins in bytes.
pub(crate) fn positions<'a>(bytes: &'a [u8], text: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let first = text.first().copied().unwrap_or_default();
    let candidates = bytes.iter().enumerate().filter(move |(_, b)| **b == first);
    candidates.map(|(at, _)| at).filter(move |at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(text)))
}

/// The release of a compressed kernel of x86: its header points at it (`Documentation/arch/x86/boot.rst`, `kernel_version`).
pub(crate) fn of_bz_image(bytes: &[u8]) -> Option<Release> {
    if bytes.get(0x202..0x206)? != b"HdrS" {
        return None;
    }
    let at = u16::from_le_bytes(bytes.get(0x20e..0x210)?.try_into().ok()?);
    let text = bytes.get(usize::from(at).checked_add(0x200)?..)?;
    let end = text.iter().take(LONGEST).position(|b| !b.is_ascii_graphic())?;
    str::from_utf8(text.get(..end)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banner_is_found_and_a_format_is_none() {
        let bytes = b"..Linux version %s (%s)\0..Linux version 6.12.117+deb13-amd64 (debian-kernel@lists) #1 SMP\n\0";
        assert_eq!(search(bytes).map(|release| release.to_string()).as_deref(), Some("6.12.117+deb13-amd64"));
        for bytes in [&b""[..], b"Linux version ", b"Linux version 6", b"Linux version 6.12", b"Linux version \xff.1 "]
        {
            assert_eq!(search(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_compressed_kernel_says_its_release_in_its_header() {
        let mut image = vec![0; 0x400];
        image[0x202..0x206].copy_from_slice(b"HdrS");
        image[0x20e..0x210].copy_from_slice(&0x100_u16.to_le_bytes());
        image[0x300..0x31d].copy_from_slice(b"6.12.9-arch1-1 (linux@archlin");
        assert_eq!(of_bz_image(&image).map(|release| release.to_string()).as_deref(), Some("6.12.9-arch1-1"));
        image[0x20e..0x210].copy_from_slice(&0xffff_u16.to_le_bytes());
        assert_eq!(of_bz_image(&image), None);
        assert_eq!(of_bz_image(&image[..0x204]), None);
    }
}
