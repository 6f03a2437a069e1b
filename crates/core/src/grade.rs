//! How well a fact of a kernel is known.

/// The evidence behind a fact, best first: what was compiled or seen outweighs what was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Grade {
    /// The kernel's own headers were compiled and asked for every bit.
    Measured,
    /// Words were taken out of a running kernel, and agree.
    Captured,
    /// The header was read by a person.
    Read,
    /// A changelog or the shortlog of a pull request names the commit.
    Changelog,
}

impl Grade {
    /// All of them, best first.
    pub const ALL: &'static [Self] = &[Self::Measured, Self::Captured, Self::Read, Self::Changelog];

    /// One word, for tables and programs: `measured`, `captured`, `read`, `changelog`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Captured => "captured",
            Self::Read => "read",
            Self::Changelog => "changelog",
        }
    }

    /// What was done, for a sentence: `its compiled headers were measured`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Measured => "its compiled headers were measured",
            Self::Captured => "words of a running kernel were captured",
            Self::Read => "its header was read, not measured",
            Self::Changelog => "a changelog says so, no header was seen",
        }
    }
}

impl core::fmt::Display for Grade {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}
