//! The colours of the pictures: one for each thing that a bit can be, the same in text and SVG.

use anstyle::{AnsiColor, Style};
use swp_pte::{Claim, Flag};

/// What a bit is, as far as colours go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Part of the swap type.
    Type,
    /// Part of the swap offset.
    Offset,
    /// The exclusive marker.
    Exclusive,
    /// The soft-dirty or the uffd-wp bit.
    Marker,
    /// Looked at by hardware or kernel.
    Reserved,
    /// Used by nobody.
    Unused,
}

impl From<Claim<'_>> for Role {
    fn from(claim: Claim<'_>) -> Self {
        match claim {
            Claim::Type => Self::Type,
            Claim::Offset => Self::Offset,
            Claim::Flag(Flag::Exclusive) => Self::Exclusive,
            Claim::Flag(Flag::SoftDirty | Flag::UffdWp) => Self::Marker,
            Claim::Reserved(_) => Self::Reserved,
            Claim::Unused => Self::Unused,
        }
    }
}

impl Role {
    /// The style in a terminal.
    #[must_use]
    pub const fn style(self) -> Style {
        match self {
            Self::Type => AnsiColor::Cyan.on_default(),
            Self::Offset => AnsiColor::Green.on_default(),
            Self::Exclusive => AnsiColor::Magenta.on_default().bold(),
            Self::Marker => AnsiColor::Yellow.on_default(),
            Self::Reserved => AnsiColor::Red.on_default(),
            Self::Unused => Style::new().dimmed(),
        }
    }

    /// The fill of a box; dark text is readable on each.
    #[must_use]
    pub const fn fill(self) -> &'static str {
        match self {
            Self::Type => "#9bd3e6",
            Self::Offset => "#b5dfa5",
            Self::Exclusive => "#e3a8dc",
            Self::Marker => "#f6d98a",
            Self::Reserved => "#f0b3a6",
            Self::Unused => "#eeeeee",
        }
    }
}
