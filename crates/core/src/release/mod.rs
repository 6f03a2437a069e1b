//! A kernel's release as people have it: what `uname -r` prints, a `Linux version …` line, `git describe`.
//!
//! A [`KernelVersion`] is where in upstream's history a kernel begins; a release also says how far its stable series had
//! come, which build of a vendor it is, and whose. `vendor` has the table of suffixes, `parse` reads.

mod parse;
mod text;
mod vendor;

pub use vendor::Vendor;

use core::fmt::{Display, Formatter};
use core::str::FromStr;

use crate::{KernelVersion, VersionError};
use text::Text;

/// The numbers of a vendor's build, as far as they were given; 427, 13, 1 in `5.14.0-427.13.1.el9_4.x86_64`. What is not
/// there is 0, so that builds are ordered as a vendor counts them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Build(pub [u32; 4]);

impl Build {
    /// The build with this first number, before any update of it.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self([number, 0, 0, 0])
    }
}

/// `427.13.1`: without the zeros that end it.
impl Display for Build {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self([first, rest @ ..]) = self;
        write!(f, "{first}")?;
        let given = rest.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1);
        rest.iter().take(given).try_for_each(|number| write!(f, ".{number}"))
    }
}

/// A kernel's release, taken apart. It holds its own text, at most 64 bytes as the kernel has it (`__NEW_UTS_LEN`,
/// `include/uapi/linux/utsname.h`), so that it borrows nothing and allocates nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Release {
    text: Text,
    series: KernelVersion,
    stable: Option<u16>,
    candidate: Option<u16>,
    commits: Option<u32>,
    build: Option<Build>,
    vendor: Option<Vendor>,
}

impl Release {
    /// The upstream release `MAJOR.MINOR`, with nothing said of a stable update.
    #[must_use]
    pub fn upstream(series: KernelVersion) -> Self {
        let text = Text::of(format_args!("{series}")).unwrap_or_default();
        Self { text, series, stable: None, candidate: None, commits: None, build: None, vendor: None }
    }

    /// The text, without what stood before and behind it: `5.14.0-427.13.1.el9_4.x86_64`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The upstream release that it began as, `MAJOR.MINOR`.
    #[must_use]
    pub const fn series(&self) -> KernelVersion {
        self.series
    }

    /// The third number, that of the stable update; `None` if it was not given.
    #[must_use]
    pub const fn stable(&self) -> Option<u16> {
        self.stable
    }

    /// The number of a release candidate: 4 in `v6.2-rc4-480-g0123456`.
    #[must_use]
    pub const fn candidate(&self) -> Option<u16> {
        self.candidate
    }

    /// How many commits lie behind the tag, as `git describe` has it: 480 in `v6.2-rc4-480-g0123456`.
    #[must_use]
    pub const fn commits(&self) -> Option<u32> {
        self.commits
    }

    /// The vendor's build; `None` if nothing that looks like one was given.
    #[must_use]
    pub const fn build(&self) -> Option<Build> {
        self.build
    }

    /// Whose kernel it is; `None` for upstream's own. Whoever is not in the table is [`Vendor::Unknown`].
    #[must_use]
    pub const fn vendor(&self) -> Option<Vendor> {
        self.vendor
    }
}

impl From<KernelVersion> for Release {
    fn from(series: KernelVersion) -> Self {
        Self::upstream(series)
    }
}

/// The text as it was given.
impl Display for Release {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.pad(self.as_str())
    }
}

impl core::fmt::Debug for Release {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self { text, series, stable, candidate, commits, build, vendor } = self;
        f.debug_struct("Release")
            .field("text", &text.as_str())
            .field("series", series)
            .field("stable", stable)
            .field("candidate", candidate)
            .field("commits", commits)
            .field("build", build)
            .field("vendor", vendor)
            .finish()
    }
}

/// Reads `uname -r`, `uname -a`, a line with `Linux version …`, `git describe` (`v6.2-rc4-480-g0123456`), and `MAJOR.MINOR`
/// alone. Anything else is an error, a number with a leading zero among it.
impl FromStr for Release {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        parse::release(text)
    }
}

#[cfg(test)]
mod tests;
