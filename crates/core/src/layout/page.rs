//! A layout as a page of Markdown: the picture, who looks at the other bits, limits, marker and source.

use core::fmt::{Display, Formatter, Result};

use super::{BitList, ByteOrder, Bytes, Field, Flag, Layout};
use crate::{EncodeError, KernelVersion, SwpEntry};

/// The page of a layout.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(&'a Layout);

/// The bits that are neither entry nor marker, as a table of Markdown: who looks at them, or that nobody does.
#[derive(Clone, Copy, Debug)]
pub struct OtherBits<'a>(&'a Layout);

impl Layout {
    /// The layout as a page of Markdown.
    #[must_use]
    pub const fn page(&self) -> Page<'_> {
        Page(self)
    }

    /// The table of the bits that are neither entry nor marker.
    #[must_use]
    pub const fn other_bits(&self) -> OtherBits<'_> {
        OtherBits(self)
    }

    /// The entry that encodes to the word that means none, if there is one: it is at an edge of the offset.
    #[must_use]
    pub fn empty_entry(&self) -> Option<SwpEntry> {
        [0, self.max_offset()]
            .into_iter()
            .filter_map(|offset| SwpEntry::from_parts(0, offset).ok())
            .find(|entry| matches!(self.encode(*entry), Err(EncodeError::EncodesToNone { .. })))
    }
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let layout = self.0;
        let source = &layout.source;
        writeln!(f, "\n```text\n{}```\n\n{}\n| | |\n|---|---|", layout.picture(), layout.other_bits())?;
        writeln!(f, "| variant | `{}` |", source.variant)?;
        writeln!(f, "| kernels | {}; {} |", source.kernels, Measured(source.measured))?;
        let order = match layout.memory_order {
            ByteOrder::Big => "big-endian",
            ByteOrder::Little => "little-endian",
        };
        writeln!(f, "| word | {} bits, {order} in memory |", layout.width)?;
        writeln!(f, "| swap type | {} |", layout.swp_type)?;
        writeln!(f, "| swap offset | {} |", layout.swp_offset)?;
        writeln!(
            f,
            "| largest offset | {:#x} pages; with pages of {} a swap file of {} |",
            layout.max_offset(),
            Bytes(1 << layout.page_shift),
            Bytes(layout.max_swap_file())
        )?;
        match (layout.exclusive, layout.marker_cost()) {
            (Some(exclusive), Some(cost)) => {
                writeln!(f, "| exclusive marker | bit {}, {}; cost: {cost} |", exclusive.bit, exclusive.placement)?;
            }
            _ => writeln!(f, "| exclusive marker | none: these kernels are from before it |")?,
        }
        for flag in [Flag::SoftDirty, Flag::UffdWp] {
            match layout.flag(flag) {
                Some(bit) => writeln!(f, "| {} | bit {bit} |", flag.name())?,
                None => writeln!(f, "| {} | not in this layout |", flag.name())?,
            }
        }
        match layout.empty_entry() {
            Some(entry) => {
                writeln!(f, "| entry that reads as none | type 0, offset {:#x} |", entry.offset().get())?;
            }
            None => writeln!(f, "| entry that reads as none | no entry does |")?,
        }
        writeln!(f, "| source | `{}`: {} |", source.header, Names(source.symbols))?;
        writeln!(f, "| since | {} |", source.since)
    }
}

impl Display for OtherBits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let layout = self.0;
        writeln!(f, "| bits | value | name | who looks at it |\n|---|---|---|---|")?;
        for reserved in layout.reserved.iter().rev() {
            let value = u8::from(layout.always_one & reserved.bits != 0);
            let bits = BitList(reserved.bits);
            writeln!(f, "| {bits} | {value} | {} | {} |", Names(reserved.name), reserved.reason)?;
        }
        if layout.unused_mask() != 0 {
            writeln!(f, "| {} | 0 | | nobody: free for a marker |", BitList(layout.unused_mask()))?;
        }
        Ok(())
    }
}

/// `measured in 6.1, 6.12`.
struct Measured<'a>(&'a [KernelVersion]);

impl Display for Measured<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut separator = "measured in ";
        for kernel in self.0 {
            write!(f, "{separator}{kernel}")?;
            separator = ", ";
        }
        if self.0.is_empty() { f.write_str("never measured, read in the source") } else { Ok(()) }
    }
}

/// Names that are joined by commas, each in backticks.
struct Names<'a>(&'a str);

impl Display for Names<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut separator = "";
        for name in self.0.split(", ") {
            write!(f, "{separator}`{name}`")?;
            separator = ", ";
        }
        Ok(())
    }
}

/// `bits 59-63`, `bits 9-58, inverted`.
impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut separator = if self.width() == 1 { "bit " } else { "bits " };
        for run in self.runs() {
            write!(f, "{separator}{}", run.bit)?;
            if run.len > 1 {
                write!(f, "-{}", run.bit + run.len - 1)?;
            }
            separator = " and ";
        }
        if self.is_inverted() {
            f.write_str(", inverted")?;
        }
        if self.written_bits() < self.width() {
            write!(f, "; of the {} that are read, {} are written", self.width(), self.written_bits())?;
        }
        Ok(())
    }
}
