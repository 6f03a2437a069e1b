//! Kernel versions and ranges of them. A layout begins with a release; the few that arrived inside a stable series are
//! rows of the atlas, which asks a [`Release`](crate::Release) for its third number.

use core::fmt::{Display, Formatter};
use core::str::FromStr;

use crate::VersionError;

/// A kernel release, `MAJOR.MINOR`. From 5.10 on no stable update (the third number) changed a layout; before, some did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KernelVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl KernelVersion {
    /// `KernelVersion::new(6, 12)` is 6.12.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    const fn key(self) -> u32 {
        (self.major as u32) << 16 | self.minor as u32
    }
}

impl Display for KernelVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Reads what `uname -r` prints: `6.12`, `6.12.117+deb13-amd64`, `5.10-rc3`. What follows the second number is ignored.
impl FromStr for KernelVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let (major, rest) = text.split_once('.').ok_or(VersionError::NotAVersion)?;
        let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        let (minor, tail) = rest.split_at_checked(end).ok_or(VersionError::NotAVersion)?;
        if !tail.is_empty() && !tail.starts_with(['.', '-', '+', '_', '~']) {
            return Err(VersionError::NotAVersion);
        }
        let number = |digits: &str| {
            // `parse` alone would take a sign, and zeros in front.
            let zero = digits.len() > 1 && digits.starts_with('0');
            if !zero && digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
        };
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(VersionError::NotAVersion),
        }
    }
}

/// The kernels that a layout is known to hold for, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct KernelRange {
    /// The first release. 5.10 is where the record begins; what came before was not looked at.
    pub first: KernelVersion,
    /// The last release, or `None` while the layout is the newest one.
    pub last: Option<KernelVersion>,
}

impl KernelRange {
    /// From `first` on.
    #[must_use]
    pub const fn since(first: KernelVersion) -> Self {
        Self { first, last: None }
    }

    /// From `first` to `last`.
    #[must_use]
    pub const fn between(first: KernelVersion, last: KernelVersion) -> Self {
        Self { first, last: Some(last) }
    }

    /// Whether the release lies in the range.
    #[must_use]
    pub const fn contains(self, kernel: KernelVersion) -> bool {
        self.first.key() <= kernel.key()
            && match self.last {
                Some(last) => kernel.key() <= last.key(),
                None => true,
            }
    }
}

/// `5.10 to 5.18`, `5.19 and later`; short, with `{:#}`: `5.10-5.18`, `5.19+`.
impl Display for KernelRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self.last {
            Some(last) if f.alternate() => write!(f, "{}-{last}", self.first),
            None if f.alternate() => write!(f, "{}+", self.first),
            Some(last) if last == self.first => write!(f, "{last}"),
            Some(last) => write!(f, "{} to {last}", self.first),
            None => write!(f, "{} and later", self.first),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn reads_what_uname_prints() {
        for text in ["6.12", "6.12.117", "6.12.117+deb13-amd64", "6.12-rc1", "6.12+"] {
            assert_eq!(text.parse(), Ok(KernelVersion::new(6, 12)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in [
            "", "6", "6.", ".12", "6.x", "+6.12", "6.+12", "v6.12", "6.12abc", "99999.1", "6.99999", "6,12", "é.1",
            "6.012", "06.12",
        ] {
            assert_eq!(text.parse::<KernelVersion>(), Err(VersionError::NotAVersion), "{text}");
        }
    }

    #[test]
    fn ranges_include_both_ends() {
        let range = KernelRange::between(KernelVersion::new(5, 19), KernelVersion::new(6, 9));
        for (major, minor, inside) in [(5, 18, false), (5, 19, true), (6, 0, true), (6, 9, true), (6, 10, false)] {
            assert_eq!(range.contains(KernelVersion::new(major, minor)), inside, "{major}.{minor}");
        }
        assert!(KernelRange::since(KernelVersion::new(6, 10)).contains(KernelVersion::new(7, 2)));
    }

    #[test]
    fn a_range_is_told_long_and_short() {
        let [first, last] = [KernelVersion::new(5, 10), KernelVersion::new(5, 18)];
        for (range, long, short) in [
            (KernelRange::between(first, last), "5.10 to 5.18", "5.10-5.18"),
            (KernelRange::between(first, first), "5.10", "5.10-5.10"),
            (KernelRange::since(last), "5.18 and later", "5.18+"),
        ] {
            assert_eq!((range.to_string(), format!("{range:#}")), (long.into(), short.into()));
        }
    }
}
