//! A layout as a page of Markdown: the picture, who looks at the other bits, limits, marker and source.

use std::fmt::{Display, Formatter, Result};

use swp_pte::{BitList, ByteOrder, Bytes, Flag, KernelVersion, Layout};

use crate::Picture;

/// The page of a layout.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(pub &'a Layout);

/// The bits that are neither entry nor marker, as a table of Markdown: who looks at them, or that nobody does.
#[derive(Clone, Copy, Debug)]
pub struct OtherBits<'a>(pub &'a Layout);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let layout = self.0;
        let source = &layout.source;
        writeln!(f, "\n```text\n{}```\n\n{}\n| | |\n|---|---|", Picture(layout), OtherBits(layout))?;
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
